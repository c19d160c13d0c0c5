"""`has_all`: the set has every one of the names, whatever else it has."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operands import name, values
from playbook_engine.policy.operator import Operand, Operator, Written


def prepare(written: Written, fact: FactType) -> Operand:
    return tuple(dict.fromkeys(name(text, fact) for text in values(written)))


def test(value: FactValue | None, operand: Operand) -> bool:
    if not isinstance(value, tuple) or not isinstance(operand, tuple):
        return False
    return all(held in value for held in operand)


OPERATOR = Operator(
    name="has_all",
    reads=("set",),
    sentence="has all of {operand}",
    sentence_ja="に{operand}がすべてある",
    prepare=prepare,
    test=test,
)
