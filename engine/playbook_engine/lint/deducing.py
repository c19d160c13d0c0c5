"""What follows from a condition by its form alone: cheap, one-sided, and never wrong where it says yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playbook_engine.policy.conditions import All, Always, Any, Condition, Not, Test

PRIVATE_CHANNELS = frozenset({"chat", "email", "form", "line", "phone", "sms"})
"""Channels on which nobody else reads along."""

CELL_FACTS = frozenset({"account", "channel", "origin", "public"})
"""Facts that a cell settles, wholly or in part."""

_LISTED = ("equals", "one_of", "has", "has_any")
_SINGLE = ("equals", "one_of")


@dataclass(frozen=True, order=True)
class Cell:
    """Where a message stands: a channel, and whether everybody can read it there."""

    channel: str
    public: bool


def demanded(condition: Condition) -> frozenset[Test]:
    """The tests that must pass for the condition to hold; there may be more."""
    return frozenset(_demanded(condition))


def _demanded(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, All):
        for part in condition.parts:
            yield from _demanded(part)


def written(test: Test) -> frozenset[str]:
    """The operand's values as they stand in the playbook."""
    return frozenset((test.written,) if isinstance(test.written, str) else test.written)


def verdict(condition: Condition, cell: Cell, known: frozenset[Test]) -> bool | None:
    """Whether the condition holds in a cell where the tests of `known` pass; None where that stays open."""
    if isinstance(condition, Always):
        return True
    if isinstance(condition, Test):
        return _of_test(condition, cell, known)
    if isinstance(condition, Not):
        found = verdict(condition.part, cell, known)
        return None if found is None else not found
    verdicts = [verdict(part, cell, known) for part in condition.parts]
    decisive = isinstance(condition, Any)
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _of_test(test: Test, cell: Cell, known: frozenset[Test]) -> bool | None:
    found = _of_cell(test, cell)
    if found is None and any(implies(each, test) for each in known):
        return True
    return False if found is None and any(_excludes(each, test) for each in known) else found


def _of_cell(test: Test, cell: Cell) -> bool | None:
    if test.operator not in _LISTED:
        return None
    values = written(test)
    if test.fact == "channel":
        return cell.channel in values
    if test.fact == "public":
        return ("true" if cell.public else "false") in values
    if test.fact == "account":
        return None if cell.channel in {name.partition(":")[0] for name in values} else False
    return False if test.fact == "origin" and values == {"direct"} and cell.public else None


def implies(known: Test, test: Test) -> bool:
    """Whether the one test passes wherever the other does; False where that is not seen from their form."""
    if known == test:
        return True
    listed = known.fact == test.fact and {known.operator, test.operator} <= {*_LISTED}
    return listed and written(known) <= written(test)


def _excludes(known: Test, test: Test) -> bool:
    single = known.fact == test.fact and {known.operator, test.operator} <= {*_SINGLE}
    return single and not written(known) & written(test)


def possible(condition: Condition, cells: frozenset[Cell], known: frozenset[Test] = frozenset()) -> frozenset[Cell]:
    """The cells in which the condition may hold."""
    return frozenset(cell for cell in cells if verdict(condition, cell, known) is not False)


def certain(condition: Condition, cells: frozenset[Cell], known: frozenset[Test]) -> frozenset[Cell]:
    """The cells in which the condition holds whenever the tests of `known` do."""
    return frozenset(cell for cell in cells if verdict(condition, cell, known))
