"""`gt`: the number is over another, or the name ranks above it."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import NUMBERS, compared
from playbook_engine.policy.operator import Operand, Operator


def test(value: FactValue | None, operand: Operand) -> bool:
    if isinstance(operand, tuple):
        return isinstance(value, str) and value in operand
    return type(value) is int and type(operand) is int and value > operand


OPERATOR = Operator(
    name="gt",
    reads=(*NUMBERS, "ordered"),
    sentence="is over {operand}",
    sentence_ja="が{operand}を超える",
    prepare=compared(lambda rank, other: rank > other),
    test=test,
)
