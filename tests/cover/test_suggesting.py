"""Tests that are suggested for what is not covered."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook_engine.cover.elements import elements
from playbook_engine.cover.suggesting import Suggesting, Suggestion
from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.judging import judge
from playbook_engine.scenario.suite import Suite
from telling_tests import MINIMAL, source, suite

SINCE = 1_767_225_600_000
HEAD = f"playbook: {MINIMAL}\ntests:\n"


def suggested(folder: Path, *keys: str) -> tuple[Suggestion, ...]:
    """The suggestions for elements of the smallest playbook."""
    loaded = source().load(MINIMAL)
    assert loaded.policy is not None
    wanted = [each for each in elements(loaded.policy, loaded.document.spans) if each.key in keys]
    assert len(wanted) == len(keys)
    return tuple(Suggesting(loaded.policy, SINCE, lambda text: read(folder, text)).suggest(wanted))


def read(folder: Path, text: str) -> Suite:
    return suite(folder, text, HEAD)


def passes(folder: Path, policy: Policy, text: str) -> bool:
    return all(judge(policy, test).passed for test in read(folder, text).tests)


@pytest.mark.parametrize(
    "key",
    [
        "rows|classify||hurt",
        "conditions|route||parcels|1|false",
        "steps|high|reply|missed",
        "levels|ladder|owner|reached",
        "levels|ladder|lead|stopped",
        "calendars|shop|the clocks change|mastodon",
        "texts|thanks|en",
    ],
)
def test_a_suggestion_covers_what_was_not_and_passes_as_it_is_written(tmp_path: Path, key: str) -> None:
    (found,) = suggested(tmp_path, key)

    policy = source().load(MINIMAL).policy
    assert policy is not None
    assert key in found.covers
    assert passes(tmp_path, policy, found.text)


def test_everything_that_leaves_is_expected(tmp_path: Path) -> None:
    (found,) = suggested(tmp_path, "rows|route||parcels")

    assert "open_world" not in found.text
    assert "draft: sorry" in found.text
    assert "route: parcels" in found.text


def test_what_one_suggestion_covers_along_the_way_is_not_suggested_again(tmp_path: Path) -> None:
    assert len(suggested(tmp_path, "steps|rest|reply|met", "steps|rest|reply|missed")) == 1


def test_nothing_is_suggested_where_no_message_leads_there(tmp_path: Path) -> None:
    assert suggested(tmp_path, "rows|limits||one-person") == ()
