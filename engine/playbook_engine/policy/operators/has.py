"""A bare value on a set: the set has the name."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operands import name, scalar
from playbook_engine.policy.operator import Operand, Operator, Written


def prepare(written: Written, fact: FactType) -> Operand:
    return name(scalar(written), fact)


def test(value: FactValue | None, operand: Operand) -> bool:
    return isinstance(value, tuple) and operand in value


OPERATOR = Operator(
    name="has",
    reads=("set",),
    sentence="has {operand}",
    sentence_ja="に{operand}がある",
    prepare=prepare,
    test=test,
    implied=True,
)
