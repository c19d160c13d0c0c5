"""What the tests of the shipped playbooks cover, and which small changes they notice."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from playbook_engine.cover.elements import elements
from playbook_engine.cover.killing import Killer, Known, score
from playbook_engine.cover.summary import Coverage, percent
from playbook_engine.cover.watching import seen
from playbook_engine.scenario.judging import judge
from playbook_engine.scenario.reading import read_suite
from playbook_engine.scenario.suite import ForAll, Test
from shipped import PLAYBOOKS
from telling_tests import source

WHOLE = ("rows", "steps", "levels", "calendars")
EVERY = 7
"""One mutant in so many is tried here; `playbook test --mutation` tries all."""


@cache
def told(name: str) -> tuple[tuple[Test, Known], ...]:
    """The stories and tables of a shipped playbook with what each covers; claims run nothing."""
    found = []
    for file in sorted((PLAYBOOKS / name).glob("*.test.yaml")):
        suite = read_suite(file, source())
        for test in suite.tests:
            if not isinstance(test.body, ForAll):
                covered = seen(suite.policy, judge(suite.policy, test).ran)
                found.append((test, Known(file.as_posix(), test.name, covered, 0)))
    return tuple(found)


def coverage(name: str) -> Coverage:
    loaded = source().load(PLAYBOOKS / name)
    assert loaded.policy is not None
    covered = frozenset[str]().union(*(known.covered for _, known in told(name)))
    return Coverage(name, elements(loaded.policy, loaded.document.spans), covered)


FIGURES: Mapping[str, Mapping[str, float]] = {
    "minimal": {**dict.fromkeys(WHOLE, 100.0), "conditions": 97.0, "boundaries": 100.0, "texts": 100.0},
    "airline": {**dict.fromkeys(WHOLE, 100.0), "conditions": 93.5, "boundaries": 98.1, "texts": 100.0},
    "minato": {**dict.fromkeys(WHOLE, 100.0), "conditions": 94.2, "boundaries": 98.2, "texts": 89.4},
}
"""What is reached, in percent, and must stay."""


@pytest.mark.parametrize("name", FIGURES)
def test_the_tests_of_a_shipped_playbook_cover_it(name: str) -> None:
    found = coverage(name)
    reached = {measure: percent(found.of(measure), found.covered) for measure in FIGURES[name]}

    low = {measure: share for measure, share in reached.items() if share < FIGURES[name][measure]}
    assert not low, [each.said for measure in low for each in found.uncovered(measure)]


def test_the_tests_of_the_smallest_playbook_notice_what_is_changed() -> None:
    killer = Killer(source().load(PLAYBOOKS / "minimal"), told("minimal"))

    fates = [killer.fate(mutant) for mutant in killer.mutants[::EVERY]]

    assert score(fates) >= 90, [each.said for each in fates if each.outcome == "survived"]
