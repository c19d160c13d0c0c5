"""Small changes of a playbook, and the tests that notice them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from playbook_engine.cover.altering import altered, later
from playbook_engine.cover.killing import EQUIVALENT, KILLED, SURVIVED, Fate, Killer, Known, score
from playbook_engine.cover.mutant import Mutant
from playbook_engine.cover.mutants import mutants
from playbook_engine.policy.conditions import All, Any, Not, Test, make_test
from playbook_engine.policy.policy import Deadline, FactType
from telling_tests import MINIMAL, source, suite

AMOUNT = FactType("amount", "number")
FLAG = FactType("flag", "flag")
WIDE = "open_world: true, until: 1d, expect: [{send: ack, route: rest}]"


@cache
def every() -> tuple[Mutant, ...]:
    loaded = source().load(MINIMAL)
    assert loaded.policy is not None
    return mutants(loaded.policy, loaded.document.spans)


def fate(folder: Path, test: str, said: str) -> Fate:
    """What becomes of the mutant of that sentence under a file's only test."""
    found = suite(folder, f"tests:\n  - {{name: it, {test}}}\n")
    (only,) = found.tests
    killer = Killer(source().load(MINIMAL), [(only, Known("a.test.yaml", "it", frozenset(), 0))])
    (mutant,) = (each for each in killer.mutants if each.said == said)
    return killer.fate(mutant)


def test_a_condition_is_altered_in_one_thing_at_a_time() -> None:
    many, flag = make_test("amount", AMOUNT, "3", "gte"), make_test("flag", FLAG, "true")

    assert dict(altered(All((many, flag)))) == {
        "any instead of all of its tests": Any((many, flag)),
        "`amount is at least 3` left out": All((flag,)),
        "`amount is at least 3` negated": All((Not(many), flag)),
        "`amount is at least 3` with `gt`": All((make_test("amount", AMOUNT, "3", "gt"), flag)),
        "`amount is at least 3`, one less": All((_operand(many, 2), flag)),
        "`flag is true` left out": All((many,)),
        "`flag is true` negated": All((many, Not(flag))),
    }


def _operand(test: Test, operand: int) -> Test:
    return replace(test, operand=operand)


def test_a_deadline_by_the_hours_is_later_in_either() -> None:
    deadline = Deadline("by_hours", when_open=Deadline("open_time", 60_000), when_closed=Deadline("open_days", 1))

    assert [said for said, _ in later(deadline)] == ["a minute later in open hours", "a day later in closed hours"]


def test_every_mutant_differs_from_the_playbook_and_has_a_sentence_of_its_own() -> None:
    policy = source().load(MINIMAL).policy
    assert policy is not None

    assert len({each.said for each in every()}) == len(every()) > 90
    assert all(each.change(policy) != policy for each in every())


def test_mutants_are_the_same_every_time() -> None:
    loaded = source().load(MINIMAL)
    assert loaded.policy is not None

    assert [each.said for each in mutants(loaded.policy, loaded.document.spans)] == [each.said for each in every()]


def test_a_mutant_is_killed_by_the_test_that_fails_on_it(tmp_path: Path) -> None:
    asked = f"timeline: [{{at: 0m, message: Do you sell oolong?}}], {WIDE}"

    found = fate(tmp_path, asked, "route `rest`: to packing instead of care")

    assert (found.outcome, found.by) == (SURVIVED, "")  # the row decides all the same; the test asks for no department
    found = fate(tmp_path, asked.replace("route: rest", "department: care"), found.said)
    assert (found.outcome, found.by) == (KILLED, "a.test.yaml::it")


def test_a_mutant_that_decides_every_message_alike_is_not_counted(tmp_path: Path) -> None:
    asked = f"timeline: [{{at: 0m, message: Do you sell oolong?}}], {WIDE}"

    found = fate(tmp_path, asked, "respond `fault` after `praise`")

    assert found.outcome == EQUIVALENT
    assert score([found, Fate("", None, KILLED), Fate("", None, SURVIVED)]) == 50


@pytest.mark.parametrize(
    "said",
    [
        "targets `rest`: reply a minute later",
        "calendar `shop`: open hours inverted",
        "escalation `ladder`: lead removed",
        "respond `rest`: no reply",
    ],
)
def test_a_story_told_to_its_end_notices_what_was_changed(tmp_path: Path, said: str) -> None:
    until = "timeline: [{at: 0m, message: Do you sell oolong?}], until: 3h10m, expect: "
    story = "[{at: 0m, send: ack}, {at: 2h15m, notify: tom}, {at: 3h, notify: ruth}, {at: 3h, breached: reply}]"

    assert fate(tmp_path, until + story, said).outcome == KILLED


def test_a_claim_is_made_of_the_mutant_too(tmp_path: Path) -> None:
    claim = "forall: {assume: {severity: high}, assert: {human_only: true}}"

    assert fate(tmp_path, claim, "human_only does not hold").outcome == KILLED
    assert fate(tmp_path, claim, "targets `rest`: reply a minute later").outcome == SURVIVED
