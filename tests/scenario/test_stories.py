"""Stories on a virtual clock: what customers and people do, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playbook_engine.scenario.judging import judge
from telling_tests import suite, verdict, verdicts

FAULT = "{at: 0m, message: The tin came broken.}"
ASKED = "{at: 0m, send: ack}, {at: 0m, draft: sorry, asks: femi}"


def passes(folder: Path, body: str) -> None:
    found = verdict(folder, f"  - {{name: a, {body}}}\n")
    assert found.passed, "\n".join(found.said)


def test_a_draft_is_found_by_its_step_and_leaves_as_the_person_wrote_it(tmp_path: Path) -> None:
    timeline = f"[{FAULT}, {{at: 20m, by: femi, approves: apologise, text: 'We are sorry, Leaf. ^F'}}]"
    sent = "{at: 20m, send: sorry, approved_by: femi, to: leaf, text: 'We are sorry, Leaf. ^F'}"
    met = "{at: 20m, met: reply, person: femi}, {at: 20m, met: apologise, person: femi}"

    passes(tmp_path, f"timeline: {timeline}, expect: [{ASKED}, {sent}, {met}]")


def test_a_person_who_says_sorry_meets_both_steps_and_the_draft_is_taken_back(tmp_path: Path) -> None:
    timeline = f"[{FAULT}, {{at: 20m, by: femi, says: 'We are sorry.'}}, {{at: 30m, by: femi, does: resolved}}]"
    met = "{at: 20m, met: reply}, {at: 20m, met: apologise}, {at: 30m, met: resolve}, {at: 30m, stage: resolved}"

    passes(tmp_path, f"timeline: {timeline}, until: 12h, expect: [{ASKED}, {met}]")


def test_a_refused_draft_says_nothing(tmp_path: Path) -> None:
    timeline = f"[{FAULT}, {{at: 20m, by: femi, refuses: sorry, because: known already}}]"

    passes(tmp_path, f"timeline: {timeline}, until: 2h, expect: [{ASKED}], never: [{{send: sorry}}]")


def test_a_remedy_that_is_granted_brings_what_the_test_says_it_brings(tmp_path: Path) -> None:
    timeline = f"[{FAULT}, {{at: 1h, by: femi, grants: coupon, amount: 5 GBP}}]"
    mocks = "mocks: {coupon: {result: {code: TEA-5}}}"
    granted = "{at: 1h, action: coupon, approved_by: femi, with: {amount: 5 GBP}}"
    told = "{at: 1h, notify: femi, purpose: remedy, text: {contains: TEA-5}}"

    passes(tmp_path, f"timeline: {timeline}, {mocks}, expect: [{ASKED}, {granted}, {told}]")


def test_an_action_that_is_tried_again_is_one_action_when_it_has_gone(tmp_path: Path) -> None:
    again = "mocks: {send: {outcomes: [again, delivered]}}"
    sent = "{between: [10s, 15s], send: ack}, {at: 0m, draft: sorry}"

    passes(tmp_path, f"timeline: [{FAULT}], {again}, until: 1m, expect: [{sent}]")


def test_an_action_that_fails_is_told_to_whoever_gets_what_nobody_decides(tmp_path: Path) -> None:
    timeline = f"[{{at: 0m, fails: send}}, {FAULT}, {{at: 10m, works: send}}]"
    failed = "{at: 0m, send: ack, outcome: failed}, {at: 0m, draft: sorry}, {at: 0m, notify: mei, purpose: undecided}"

    passes(tmp_path, f"timeline: {timeline}, expect: [{failed}]")


def test_what_is_tried_in_vain_has_failed_once(tmp_path: Path) -> None:
    timeline = f"[{{at: 0m, fails: send, outcome: again}}, {FAULT}]"
    failed = "{by: 30m, send: ack, outcome: failed}, {at: 0m, draft: sorry}, {by: 30m, notify: mei, purpose: undecided}"

    passes(tmp_path, f"timeline: {timeline}, until: 1h, expect: [{failed}]")


def test_what_customers_edit_and_delete_is_read(tmp_path: Path) -> None:
    timeline = "[{at: 0m, message: Hello}, {at: 1m, edits: The tin came broken.}, {at: 2m, deletes: message}]"

    passes(
        tmp_path,
        f"timeline: {timeline}, until: 3m, open_world: true, "
        "expect: [{at: 0m, facts: {kind: other}}, {at: 1m, facts: {kind: fault}, route: parcels}]",
    )


def test_two_customers_have_an_incident_each(tmp_path: Path) -> None:
    timeline = (
        f"[{FAULT}, {{at: 1m, message: Hello, author: mika}}, "
        "{at: 5m, by: tom, does: acknowledged}, {at: 6m, by: femi, does: acknowledged, about: leaf}]"
    )
    sent = "{at: 0m, send: ack, to: leaf}, {at: 1m, send: ack, to: mika}, {at: 0m, draft: sorry}"
    taken = "{at: 5m, stage: acknowledged, department: care}, {at: 6m, stage: acknowledged, department: packing}"

    passes(tmp_path, f"timeline: {timeline}, expect: [{sent}, {taken}]")


def test_a_customer_goes_on_where_they_wrote_last(tmp_path: Path) -> None:
    timeline = (
        "[{at: 0m, message: Hello, channel: email, author: {handle: mika, name: Mika}}, {at: 1m, message: Hello?}, "
        "{at: 2m, message: Hello, author: leaf}, {at: 3m, message: Still there?, author: mika}]"
    )
    once = "{at: 0m, send: ack, to: mika, channel: email}, {at: 2m, send: ack, to: leaf, channel: x}"

    passes(tmp_path, f"timeline: {timeline}, expect: [{once}]")


def test_an_escalation_is_expected_level_by_level(tmp_path: Path) -> None:
    told = (
        "{at: 2h15m, notify: femi, level: soon}, {at: 3h, notify: ruth, level: lead}, {at: 3h, breached: reply}, "
        "{at: 3h30m, notify: mei, level: owner, purpose: escalation}"
    )

    passes(tmp_path, f"timeline: [{FAULT}], until: 5h, expect: [{ASKED}, {told}]")


def test_moments_are_said_by_the_clock_too(tmp_path: Path) -> None:
    told = '{at: "12:15", notify: femi}, {at: "mon 13:00", notify: ruth}, {at: "2026-06-15T13:30", notify: mei}'

    passes(tmp_path, f'timeline: [{FAULT}], until: "15:00", expect: [{ASKED}, {told}]')


def test_no_expectation_is_met_twice_and_their_order_does_not_matter(tmp_path: Path) -> None:
    levels = "{by: 4h, notify: mei}, {between: [3h, 4h], level: lead, notify: ruth}, {by: 4h, notify: femi}"

    passes(tmp_path, f"timeline: [{FAULT}], until: 4h, expect: [{levels}, {ASKED}]")


def test_nothing_is_expected_of_a_machine(tmp_path: Path) -> None:
    passes(tmp_path, "timeline: [{at: 0m, message: Out of office, automatic: true}], until: 3d, expect: nothing")


@pytest.mark.parametrize("step", ["reply", "apologise", "resolve"])
def test_a_deadline_is_tried_a_second_before_at_and_a_second_after(tmp_path: Path, step: str) -> None:
    found = verdicts(
        tmp_path, f"tests:\n  - {{name: a, timeline: [{FAULT}], around_deadline: {{step: {step}, target: rest}}}}\n"
    )

    assert list(found) == ["a [1 s before the deadline]", "a [at the deadline]", "a [1 s after the deadline]"]
    assert all(each.passed for each in found.values()), [each.said for each in found.values()]


def test_a_deadline_of_another_target_fails(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path, f"tests:\n  - {{name: a, timeline: [{FAULT}], around_deadline: {{step: reply, target: high}}}}\n"
    )

    assert [each.said for each in found.values()] == [("the reply is owed by target `rest`, not `high`",)] * 3


def test_a_table_is_one_test_a_row(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        """\
tests:
  - name: who answers
    table:
      columns: [message, start, channel, author.followers, route, facts.kind, due.reply, ignored]
      rows:
        - [The tin is torn, "2026-06-15T16:00", x, 3, parcels, fault, "tue 10:30", none]
        - [I am allergic, "2026-06-14T16:00", email, 3, rest, fault, 1h, none]
        - [Hello, "2026-06-15T10:00", mastodon, 3, parcels, other, 3h, none]
""",
    )

    assert [each.passed for each in found.values()] == [True, True, False]
    assert list(found)[2] == "who answers [row 3]"


def test_a_claim_is_proved_or_broken_by_a_message(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        """\
tests:
  - {name: the ill, forall: {assume: {severity: high}, assert: {reply.due_in: {lte: 1h}, human_only: true}}}
  - {name: others, forall: {assert: {human_only: true}}}
  - {name: nobody, forall: {assume: {all: [{public: true}, {public: false}]}, assert: {human_only: true}}}
""",
    )

    assert [each.passed for each in found.values()] == [True, False, False]
    assert "  for instance" in found["others"].said[1]
    assert "nothing is claimed" in found["nobody"].said[0]


EVENTS = json.dumps(
    {
        "id": "a",
        "channel": "x",
        "account": "lanterntea",
        "author": {"handle": "leaf"},
        "text": "It is broken",
        "created_at": "2026-06-15T10:00:00+01:00",
    }
)


def test_recorded_events_are_held_against_a_reviewed_snapshot(tmp_path: Path) -> None:
    (tmp_path / "day.jsonl").write_text(EVENTS, "utf-8")
    found = suite(tmp_path, "tests:\n  - {name: a, events: day.jsonl, snapshot: day.snapshot.yaml}\n")

    (test,) = found.tests
    assert "is not there" in judge(found.policy, test).said[0]
    assert judge(found.policy, test, update=True).passed
    written = (tmp_path / "day.snapshot.yaml").read_text("utf-8")
    assert "- [2026-06-15T10:00:00, 1, {send: ack, to: leaf, step: reply" in written
    assert judge(found.policy, test).passed

    (tmp_path / "day.snapshot.yaml").write_text(written.replace("send: ack", "send: closed"), "utf-8")
    changed = judge(found.policy, test)
    assert not changed.passed
    assert any(line.startswith("-- [2026-06-15T10:00:00, 1, {send: closed") for line in changed.said)


def test_a_recording_without_events_fails(tmp_path: Path) -> None:
    (tmp_path / "day.jsonl").write_text("", "utf-8")

    found = verdict(tmp_path, "  - {name: a, events: day.jsonl, snapshot: day.snapshot.yaml}\n")

    assert "holds no event" in found.said[0]


def test_what_a_recording_cannot_be_read_from_fails(tmp_path: Path) -> None:
    (tmp_path / "day.jsonl").write_text(EVENTS + "\n{\n", "utf-8")

    assert not verdict(tmp_path, "  - {name: a, events: day.jsonl, snapshot: day.snapshot.yaml}\n").passed
