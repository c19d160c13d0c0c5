"""`ends_with`: the text ends with one of the literals; of a text that was cut, nothing is known about its end."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import literals
from playbook_engine.policy.operator import Operand, Operator


def test(value: FactValue | None, operand: Operand) -> bool:
    if not isinstance(value, str) or not isinstance(operand, tuple):
        return False
    return any(isinstance(literal, str) and value.endswith(literal) for literal in operand)


OPERATOR = Operator(
    name="ends_with",
    reads=("text",),
    sentence="ends with any of {operand}",
    sentence_ja="が{operand}のどれかで終わる",
    prepare=literals,
    test=test,
)
