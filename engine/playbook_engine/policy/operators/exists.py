"""`exists`: whether the fact has a value at all. A set is never missing, so it cannot be asked of one.

The one operator that a missing fact can pass: `exists: false`.
"""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operands import SINGLE, scalar
from playbook_engine.policy.operator import Operand, OperandError, Operator, Written
from playbook_engine.text.scalars import is_flag, shown


def prepare(written: Written, fact: FactType) -> Operand:
    asked = scalar(written)
    if not is_flag(asked):
        raise OperandError(f"`exists` is true or false, not `{shown(asked)}`")
    return asked == "true"


def test(value: FactValue | None, operand: Operand) -> bool:
    return (value is not None) is operand


OPERATOR = Operator(
    name="exists",
    reads=SINGLE,
    sentence="has a value: {operand}",
    sentence_ja="に値がある：{operand}",
    prepare=prepare,
    test=test,
)
