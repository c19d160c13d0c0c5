"""`starts_with`: the text begins with one of the literals."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import literals
from playbook_engine.policy.operator import Operand, Operator


def test(value: FactValue | None, operand: Operand) -> bool:
    if not isinstance(value, str) or not isinstance(operand, tuple):
        return False
    return any(isinstance(literal, str) and value.startswith(literal) for literal in operand)


OPERATOR = Operator(
    name="starts_with",
    reads=("text",),
    sentence="starts with any of {operand}",
    sentence_ja="が{operand}のどれかで始まる",
    prepare=literals,
    test=test,
)
