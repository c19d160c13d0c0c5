"""A bare value: the fact is exactly that. Texts are compared folded; a flag is not a number."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operands import SINGLE, scalar
from playbook_engine.policy.operands import value as ready
from playbook_engine.policy.operator import Operand, Operator, Written


def prepare(written: Written, fact: FactType) -> Operand:
    return ready(scalar(written), fact)


def test(value: FactValue | None, operand: Operand) -> bool:
    # In Python True == 1: without the types a flag would pass for a number.
    return type(value) is type(operand) and value == operand


OPERATOR = Operator(
    name="equals",
    reads=SINGLE,
    sentence="is {operand}",
    sentence_ja="が{operand}",
    prepare=prepare,
    test=test,
    implied=True,
)
