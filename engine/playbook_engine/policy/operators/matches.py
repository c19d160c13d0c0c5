"""`matches`: the pattern is found somewhere in the text, whatever the case. RE2, over folded text."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operands import scalar
from playbook_engine.policy.operator import Operand, OperandError, Operator, Written
from playbook_engine.policy.patterns import Pattern
from playbook_engine.text.scalars import shown

_ANYTHING = ("", " ", "a", "0", "あ", "¦")


def prepare(written: Written, fact: FactType) -> Operand:
    source = scalar(written)
    pattern = Pattern(source)
    if all(pattern.found_in(text) for text in _ANYTHING):
        raise OperandError(f"`{shown(source)}` is found in every text; demand at least one letter")
    return pattern


def test(value: FactValue | None, operand: Operand) -> bool:
    return isinstance(value, str) and isinstance(operand, Pattern) and operand.found_in(value)


OPERATOR = Operator(
    name="matches",
    reads=("text",),
    sentence="matches the pattern {operand}",
    sentence_ja="がパターン {operand} に一致する",
    prepare=prepare,
    test=test,
)
