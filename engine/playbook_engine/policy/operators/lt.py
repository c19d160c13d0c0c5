"""`lt`: the number is under another, or the name ranks below it."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import NUMBERS, compared
from playbook_engine.policy.operator import Operand, Operator


def test(value: FactValue | None, operand: Operand) -> bool:
    if isinstance(operand, tuple):
        return isinstance(value, str) and value in operand
    return type(value) is int and type(operand) is int and value < operand


OPERATOR = Operator(
    name="lt",
    reads=(*NUMBERS, "ordered"),
    sentence="is under {operand}",
    sentence_ja="が{operand}未満",
    prepare=compared(lambda rank, other: rank < other),
    test=test,
)
