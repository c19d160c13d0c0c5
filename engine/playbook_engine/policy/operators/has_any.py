"""A bare list on a set: the set has at least one of the names."""

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
    return any(held in value for held in operand)


OPERATOR = Operator(
    name="has_any",
    reads=("set",),
    sentence="has any of {operand}",
    sentence_ja="に{operand}のどれかがある",
    prepare=prepare,
    test=test,
    implied=True,
)
