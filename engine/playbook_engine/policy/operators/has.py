"""A bare value on a set: the set has the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook_engine.model.event import FactValue
from playbook_engine.policy.operands import name, scalar
from playbook_engine.policy.operator import Operand, Operator, Written

if TYPE_CHECKING:
    from playbook_engine.policy.policy import FactType


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
