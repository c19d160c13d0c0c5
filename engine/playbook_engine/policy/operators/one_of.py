"""A bare list: the fact is one of the values."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operands import SINGLE, values
from playbook_engine.policy.operands import value as ready
from playbook_engine.policy.operator import Operand, Operator, Written


def prepare(written: Written, fact: FactType) -> Operand:
    return tuple(dict.fromkeys(ready(text, fact) for text in values(written)))


def test(value: FactValue | None, operand: Operand) -> bool:
    if not isinstance(operand, tuple):
        return False
    # In Python True == 1: without the types a flag would pass for a number.
    return any(type(value) is type(held) and value == held for held in operand)


OPERATOR = Operator(
    name="one_of",
    reads=SINGLE,
    sentence="is one of {operand}",
    sentence_ja="が{operand}のどれか",
    prepare=prepare,
    test=test,
    implied=True,
)
