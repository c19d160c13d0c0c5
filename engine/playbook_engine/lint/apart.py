"""What can be told of conditions without the prover: that one can be met, that two exclude one another.

Most rows ask for one value each of a few facts. For those the answer is plain, and a thousand need not be asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from playbook_engine.policy.conditions import All, Always, Condition, Test, facts_read
from playbook_engine.policy.policy import Policy

Pins: TypeAlias = Mapping[str, frozenset[str]]
"""Facts of one value each, with the names of which the fact must be one."""

_SINGLE = ("name", "ordered")
TIED = frozenset({"channel", "account", "incident.department", "incident.stage", "origin"})
"""Facts that say something about one another, or that not every message can have."""


def tests_of(condition: Condition) -> tuple[Test, ...] | None:
    """The tests all of which must pass; None where the condition is anything but a list of tests."""
    if isinstance(condition, Always):
        return ()
    parts = condition.parts if isinstance(condition, All) else (condition,)
    found = tuple(part for part in parts if isinstance(part, Test))
    return found if len(found) == len(parts) else None


def pins(condition: Condition) -> Pins:
    """What must be so wherever the condition holds."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    named = (part for part in parts if isinstance(part, Test) and part.kind in _SINGLE)
    found: dict[str, frozenset[str]] = {}
    for test in named:
        if test.operator in ("equals", "one_of"):
            values = frozenset((test.written,) if isinstance(test.written, str) else test.written)
            found[test.fact] = found.get(test.fact, values) & values
    return found


def asks_for_hours(condition: Condition) -> bool:
    """Whether it reads a calendar: what is proved of hours is proved of one year."""
    return any(fact.startswith(("open.", "department.")) for fact in facts_read(condition))


def settable(policy: Policy) -> Mapping[str, frozenset[str]]:
    """What rows of `classify` set, by fact."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in policy.classify:
        for fact, value in row.sets.items():
            found[fact].update(value if isinstance(value, tuple) else (str(value),))
    return {fact: frozenset(values) for fact, values in found.items()}


def surely_met(condition: Condition, known: Mapping[str, frozenset[str]]) -> bool:
    """Whether some message plainly meets it: every test asks another fact for a value that is `known` to be set."""
    tests = tests_of(condition)
    if tests is None or len({test.fact for test in tests}) < len(tests):
        return False
    return len(TIED & {test.fact for test in tests}) < 2 and all(_can_be(test, known) for test in tests)


def _can_be(test: Test, known: Mapping[str, frozenset[str]]) -> bool:
    written = (test.written,) if isinstance(test.written, str) else test.written
    if test.fact in TIED:
        return test.fact == "channel" and test.operator in ("equals", "one_of")
    values = known.get(test.fact, frozenset())
    return test.operator in ("equals", "one_of", "has", "has_any") and any(value in values for value in written)


def may_meet(conditions: Sequence[Condition]) -> Iterator[bool]:
    """For each condition of a list whether an earlier one might hold together with it."""
    pinned: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    free: dict[str, list[int]] = {}
    known = [pins(condition) for condition in conditions]
    facts = {fact for each in known for fact in each}
    for fact in facts:
        free[fact] = []
    for index, mine in enumerate(known):
        choices = [_sharing(pinned[fact], free[fact], values) for fact, values in mine.items()]
        near = min(choices, key=len, default=list(range(index)))
        yield any(all(mine[fact] & known[other][fact] for fact in mine.keys() & known[other].keys()) for other in near)
        for fact in facts:
            for value in mine.get(fact, ()):
                pinned[fact][value].append(index)
            if fact not in mine:
                free[fact].append(index)


def _sharing(pinned: Mapping[str, list[int]], free: Sequence[int], values: frozenset[str]) -> list[int]:
    return [*free, *(index for value in values for index in pinned.get(value, ()))]
