"""`contains`: the text holds one of the literals somewhere, also inside a word."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import literals
from playbook_engine.policy.operator import Operand, Operator


def test(value: FactValue | None, operand: Operand) -> bool:
    if not isinstance(value, str) or not isinstance(operand, tuple):
        return False
    return any(isinstance(literal, str) and literal in value for literal in operand)


OPERATOR = Operator(
    name="contains",
    reads=("text",),
    sentence="contains any of {operand}",
    sentence_ja="が{operand}のどれかを含む",
    prepare=literals,
    test=test,
)
