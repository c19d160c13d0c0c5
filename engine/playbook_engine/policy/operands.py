"""Operands made ready, by the kind of the fact they are compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playbook_engine.policy.durations import parse_duration
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.fold import fold
from playbook_engine.policy.money import parse_money
from playbook_engine.policy.operator import Operand, OperandError, Written
from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import is_flag, is_integer, shown

NUMBERS = ("number", "duration", "money")
SINGLE = ("name", "ordered", "flag", *NUMBERS, "text")
"""Every kind but the set."""

_MOST_NAMED = 12
_LONGEST_LITERAL = 1_000
"""Characters, folded."""


def scalar(written: Written) -> str:
    """The operand where one value is wanted. Raises OperandError for a list."""
    if isinstance(written, str):
        return written
    raise OperandError(f"one value is wanted here, not a list of {len(written)}")


def values(written: Written) -> tuple[str, ...]:
    """One or several; never none. Raises OperandError for an empty list."""
    if not written and not isinstance(written, str):
        raise OperandError("an empty list is never met; write at least one value")
    return (written,) if isinstance(written, str) else tuple(written)


def value(written: str, fact: FactType) -> bool | int | str:
    """One operand as the fact holds its values. Raises OperandError, DurationError or MoneyError."""
    if fact.kind == "flag":
        if not is_flag(written):
            raise OperandError(f"`{fact.name}` is a flag; write true or false, not `{shown(written)}`")
        return written == "true"
    if fact.kind in NUMBERS:
        return number(written, fact)
    if fact.kind == "text":
        return literal(written)
    return name(written, fact)


def number(written: str, fact: FactType) -> int:
    if fact.kind == "duration":
        return parse_duration(written)
    if fact.kind == "money":
        found = parse_money(written)
        if fact.currency and found.currency != fact.currency:
            raise OperandError(f"`{fact.name}` is in {fact.currency}; write an amount in {fact.currency}")
        return found.amount
    if not is_integer(written):
        raise OperandError(f"`{fact.name}` is a number; write a whole number, not `{shown(written)}`")
    return int(written)


def name(written: str, fact: FactType) -> str:
    """A legal name of the fact; any name where it lists none."""
    if fact.values and written not in fact.values:
        near = nearest(written, fact.values)
        advice = f"did you mean `{near}`?" if near else f"it is one of {_listed(fact.values)}"
        raise OperandError(f"`{fact.name}` is never `{shown(written)}`; {advice}")
    return written


def literal(written: str) -> str:
    """A folded text. Raises OperandError where nothing of it is left: every text would match."""
    folded = fold(written)
    if not folded:
        raise OperandError(f"`{shown(written)}` holds nothing that can be seen; write at least one letter")
    if len(folded) > _LONGEST_LITERAL:
        raise OperandError(f"`{shown(written)}` is longer than {_LONGEST_LITERAL} characters; write less of it")
    return folded


def literals(written: Written, fact: FactType) -> Operand:
    """The folded texts of an operand that is one text or a list of them, each once."""
    return tuple(dict.fromkeys(literal(text) for text in values(written)))


def compared(passes: Callable[[int, int], bool]) -> Callable[[Written, FactType], Operand]:
    """Makes ready the operand of a comparison: a number, or the names of an ordered fact that pass by rank."""

    def prepare(written: Written, fact: FactType) -> Operand:
        given = scalar(written)
        if fact.kind != "ordered":
            return number(given, fact)
        rank = fact.values.index(name(given, fact))
        return tuple(held for at, held in enumerate(fact.values) if passes(at, rank))

    return prepare


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
