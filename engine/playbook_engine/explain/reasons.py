"""A condition with what became of it, test by test, and which single test would have turned it.

Negations are carried down to the tests, so a part is either all of its parts, or any of them, or one test that is
wanted or not; whether it `holds` always means: for the row to match.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playbook_engine.model.event import FactValue
from playbook_engine.policy.conditions import Any, Condition, Facts, Not, Test, holds, parts_of

ALL, ANY, TEST = "all", "any", "test"

_MAGNITUDE = ("gt", "gte", "lt", "lte")


@dataclass(frozen=True)
class Checked:
    """One test with the value it met (None: missing) and whether it `passed`.

    `wanted` is false below an odd number of `not`: there the condition wants the test to fail.
    """

    test: Test
    value: FactValue | None
    passed: bool
    wanted: bool = True

    @property
    def holds(self) -> bool:
        """Whether it came out as the condition wants it."""
        return self.passed == self.wanted


@dataclass(frozen=True)
class Reason:
    """`kind` is all or any of `parts`, or one test with its `check`. Without parts, all holds and any does not."""

    kind: str
    holds: bool
    parts: tuple[Reason, ...] = ()
    check: Checked | None = None

    @property
    def checks(self) -> tuple[Checked, ...]:
        """Every test, in the order written."""
        return tuple(_checks(self))

    def would_hold(self, turned: Test) -> bool:
        """Whether it would hold if this one test came out the other way wherever it stands."""
        if self.check is not None:
            return self.holds != (self.check.test == turned)
        held = (part.would_hold(turned) for part in self.parts)
        return all(held) if self.kind == ALL else any(held)

    @property
    def turning(self) -> tuple[Checked, ...]:
        """The failed tests each of which alone would have made it hold; none where it holds, or where two are wrong."""
        if self.holds:
            return ()
        failed = {check.test: check for check in reversed(self.checks) if not check.holds}
        return tuple(check for test, check in reversed(failed.items()) if self.would_hold(test))

    @property
    def came_close(self) -> bool:
        """Whether one test kept it from holding while more of it does, or while that test compares amounts.

        What is a single test is always one test away, and a text always lacks some word: neither tells much.
        """
        some = any(check.holds for check in self.checks)
        return any(check.test.kind != "text" and (some or _compares_amounts(check)) for check in self.turning)


def reason(condition: Condition, facts: Facts, wanted: bool = True) -> Reason:
    """What became of a condition with these facts; not `wanted` below an odd number of `not`."""
    if isinstance(condition, Not):
        return reason(condition.part, facts, not wanted)
    if isinstance(condition, Test):
        check = Checked(condition, facts.get(condition.fact), holds(condition, facts), wanted)
        return Reason(TEST, check.holds, check=check)
    kind = ANY if isinstance(condition, Any) == wanted else ALL
    return joined(kind, tuple(reason(part, facts, wanted) for part in parts_of(condition)))


def joined(kind: str, parts: tuple[Reason, ...]) -> Reason:
    """Several in one: all of all is all, and one alone is itself."""
    if len(parts) == 1:
        return parts[0]
    flat = tuple(part for each in parts for part in (each.parts if each.kind == kind else (each,)))
    return Reason(kind, all(part.holds for part in flat) if kind == ALL else any(part.holds for part in flat), flat)


def _checks(found: Reason) -> Iterator[Checked]:
    if found.check is not None:
        yield found.check
    for part in found.parts:
        yield from _checks(part)


def _compares_amounts(check: Checked) -> bool:
    return check.test.operator in _MAGNITUDE and check.value is not None
