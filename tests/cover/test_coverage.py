"""What tests cover of a playbook, element by element, and what they do not."""

from __future__ import annotations

from pathlib import Path

from playbook_engine.cover.elements import MEASURES, elements
from playbook_engine.cover.page import page
from playbook_engine.cover.summary import Coverage, as_json
from playbook_engine.cover.watching import seen
from playbook_engine.scenario.judging import judge
from telling_tests import MINIMAL, source, suite

ASKED = "timeline: [{at: 0m, message: Do you sell oolong?}]"


def covered(folder: Path, test: str) -> frozenset[str]:
    """The keys that the only test of a file covers."""
    found = suite(folder, f"tests:\n  - {{name: it, {test}}}\n")
    (only,) = found.tests
    verdict = judge(found.policy, only)
    assert verdict.passed, verdict.said
    return seen(found.policy, verdict.ran)


def whole(keys: frozenset[str]) -> Coverage:
    loaded = source().load(MINIMAL)
    assert loaded.policy is not None
    return Coverage("minimal", elements(loaded.policy, loaded.document.spans), keys)


def test_every_measure_has_elements_of_its_own_and_no_key_twice() -> None:
    every = whole(frozenset()).elements

    assert len({each.key for each in every}) == len(every)
    assert {each.measure for each in every} == set(MEASURES)


def test_nothing_is_covered_that_is_no_element(tmp_path: Path) -> None:
    keys = covered(tmp_path, f"{ASKED}, until: 1d, open_world: true, expect: [{{at: 3h, breached: reply}}]")

    beside = {each for each in keys if not each.startswith("calendars")} - {each.key for each in whole(keys).elements}
    assert not beside


def test_the_rows_that_decide_are_covered_and_no_others(tmp_path: Path) -> None:
    keys = covered(tmp_path, f"{ASKED}, until: 1m, expect: [{{send: ack}}]")

    assert {each for each in keys if each.startswith("rows|r") or each.startswith("rows|c")} == {
        "rows|classify||question",
        "rows|respond||rest",
        "rows|route||rest",
    }


def test_a_test_of_a_condition_counts_only_where_it_alone_decides(tmp_path: Path) -> None:
    hurt = covered(tmp_path, "timeline: [{at: 0m, message: I got ill.}], open_world: true, expect: [{route: rest}]")
    asked = covered(tmp_path, f"{ASKED}, open_world: true, expect: [{{route: rest}}]")

    parcels = "conditions|route||parcels|{}|{}".format
    assert parcels(1, "false") in hurt  # a fault that is not of normal severity: severity alone decides
    assert parcels(0, "true") not in hurt
    assert parcels(0, "false") in asked  # a question of normal severity: the kind alone decides
    assert parcels(1, "true") not in asked


def test_a_row_after_the_one_that_decides_is_not_asked(tmp_path: Path) -> None:
    keys = covered(tmp_path, "timeline: [{at: 0m, message: I love it broken}], open_world: true, expect: [{send: ack}]")

    assert not any(each.startswith("conditions|respond||praise") for each in keys)


def test_a_step_is_met_at_its_last_second_and_missed_a_second_later(tmp_path: Path) -> None:
    at = covered(tmp_path, f"{ASKED}, until: 4h, open_world: true, expect: [{{breached: reply}}]")
    found = suite(tmp_path, f"tests:\n  - {{name: it, {ASKED}, around_deadline: {{step: reply}}}}\n")
    before, last, after = (seen(found.policy, judge(found.policy, each).ran) for each in found.tests)

    assert {"steps|rest|reply|missed"} == {each for each in at if each.startswith("steps|")}
    assert "steps|rest|reply|met" in before
    assert "boundaries|target|rest|reply|last" in last
    assert "boundaries|target|rest|reply|last" not in before
    assert {"boundaries|target|rest|reply|after", "steps|rest|reply|missed"} <= after


def test_a_level_is_stopped_when_the_step_is_done_before_it_and_after_the_one_before(tmp_path: Path) -> None:
    keys = covered(
        tmp_path,
        "timeline: [{at: 0m, message: Do you sell oolong?}, {at: 2h59m, by: tom, says: We do.}], open_world: true, "
        "expect: [{met: reply}]",
    )

    assert {each for each in keys if each.startswith("levels|")} == {
        "levels|ladder|soon|reached",
        "levels|ladder|lead|stopped",
    }


def test_a_message_covers_what_kind_of_moment_it_came_at_on_its_channel(tmp_path: Path) -> None:
    def cells(start: str) -> set[str]:
        keys = covered(tmp_path, f"start: {start}, {ASKED}, open_world: true, expect: [{{route: rest}}]")
        return {each for each in keys if each.startswith("calendars|")}

    assert cells("2026-06-15T17:29") == {"calendars|shop|open|x"}
    assert cells("2026-06-15T17:30") == {"calendars|shop|closed|x"}
    assert cells("2026-12-28T10:00") == {"calendars|shop|an exception|x"}
    assert cells("2026-10-25T10:00") == {"calendars|shop|closed|x", "calendars|shop|the clocks change|x"}


def test_a_draft_that_is_put_before_a_person_covers_its_text(tmp_path: Path) -> None:
    keys = covered(
        tmp_path, "timeline: [{at: 0m, message: The tin is torn.}], open_world: true, expect: [{draft: sorry}]"
    )

    assert {each for each in keys if each.startswith("texts|")} == {"texts|ack|en", "texts|sorry|en"}


def test_what_is_not_covered_is_named_with_its_place_in_json_and_on_the_page() -> None:
    found = whole(frozenset())
    told = as_json(found)
    first = told["measures"]["rows"]["uncovered"][0]

    assert (told["percent"], first["said"]) == (0.0, "ignore `machines`")
    assert (
        (MINIMAL / "playbook.yaml").read_text("utf-8").splitlines()[first["line"] - 1].strip().startswith("- {id: ma")
    )
    assert "ignore `machines`" in page([found])
    assert "script" not in page([found])
