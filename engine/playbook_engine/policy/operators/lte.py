"""`lte`: the number is at most another, or the name ranks with or below it."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import NUMBERS, compared
from playbook_engine.policy.operator import Operand, Operator


def test(value: FactValue | None, operand: Operand) -> bool:
    if isinstance(operand, tuple):
        return isinstance(value, str) and value in operand
    return type(value) is int and type(operand) is int and value <= operand


OPERATOR = Operator(
    name="lte",
    reads=(*NUMBERS, "ordered"),
    sentence="is at most {operand}",
    sentence_ja="が{operand}以下",
    prepare=compared(lambda rank, other: rank <= other),
    test=test,
)
