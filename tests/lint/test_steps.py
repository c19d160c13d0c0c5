"""Steps: their order in time, who owes them, and whether the customer hears of them; and when a review is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lint.linting import findings, laid_over, subject_of
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.lint import Selection, lint

ROW = "respond:\n  - {{id: fault, when: {{kind: fault}}, reply: {}, apologise: {}, resolve: {}}}\n"


def found(fragment: str, code: str) -> list[Finding]:
    return [each for each in findings(fragment) if each.code == code]


@pytest.mark.parametrize(
    ("reply", "apologise", "resolve", "late"),
    [
        ("1h", "1h", "1h", ""),
        ("61m", "1h", "1d", "apologise"),
        ("1h", "25h", "1d", "resolve"),
        ("2d", "3d", "1d", "resolve"),
        ("{open_time: 2h}", "{open_time: 1h}", "{open_time: 8h}", "apologise"),
        ("{open_time: 2h}", "1h", "8h", "apologise"),
        ("{open_time: 1h}", "1h", "8h", ""),
        ("2h", "{open_time: 1h}", "8h", ""),
        ("{open_days: 2}", "{open_days: 1}", "{open_days: 3}", "apologise"),
        ("{open_days: 2}", "1h", "{open_days: 3}", ""),
        ("{when_open: 1h, when_closed: 12h}", "4h", "2d", "apologise"),
        ("{when_open: 1h, when_closed: 12h}", "{when_open: 2h, when_closed: 12h}", "2d", ""),
        ("{when_open: 3h, when_closed: 12h}", "{when_open: 2h, when_closed: 12h}", "2d", "apologise"),
    ],
)
def test_a_step_that_is_due_before_an_earlier_one_is_told(reply: str, apologise: str, resolve: str, late: str) -> None:
    times = f"reply: {reply}, apologise: {apologise}, resolve: {resolve}"
    row = f"targets:\n  - {{id: a, when: {{kind: fault}}, {times}, counts: human, escalate: standard}}\n"
    assert [str(each.path[-1]) for each in found(row, "PB205")] == ([late] if late else [])


def test_where_a_deadline_depends_on_the_hours_the_evidence_names_the_pair() -> None:
    times = "reply: {when_open: 1h, when_closed: {open_time: 5h}}, apologise: 4h, resolve: 2d"
    (one,) = found(f"targets:\n  - {{id: a, when: {{kind: fault}}, {times}, escalate: standard}}\n", "PB205")
    assert one.evidence == ("reply within 5h of open time, apologise within 4h",)


@pytest.mark.parametrize(
    ("resolve", "silent"),
    [
        ("{do: [{ticket: returns}]}", True),
        ("{do: [{tag: done}, {notify: {to: head, text: Done}}]}", True),
        ("{do: [{ticket: {queue: returns, send: ack}}]}", False),
        ("{do: [{ticket: returns}, {send: ack}]}", False),
        ("{do: [{hand_over: {channel: direct, send: ack}}]}", False),
        ("{offer: [{ticket: returns}]}", False),
        ("by_hand", False),
        ("none", False),
    ],
)
def test_a_resolution_says_something_or_leaves_it_to_a_person(resolve: str, silent: bool) -> None:
    assert bool(found(ROW.format("{send: ack}", "{draft: sorry}", resolve), "PB207")) is silent


@pytest.mark.parametrize("step", ["reply", "apologise"])
def test_a_step_inside_the_house_only_is_silent(step: str) -> None:
    inside = "{do: [{ticket: returns}, {tag: seen}]}"
    steps = [inside if step == name else "by_hand" for name in ("reply", "apologise")]
    (one,) = found(ROW.format(*steps, "by_hand"), "PB209")
    assert (one.path[-1], "`ticket` and `tag`" in one.message) == (step, True)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("{kind: fault}", True),
        ("{kind: fault, channel: email}", True),
        ("{kind: [fault, question]}", False),
        ("{kind: praise}", False),
        ("{not: {kind: fault}}", False),
        ("{topics: legal}", False),
    ],
)
def test_an_apology_is_missed_only_where_a_row_is_for_complaints_alone(when: str, told: bool) -> None:
    row = f"respond:\n  - {{id: a, when: {when}, reply: {{send: ack}}, apologise: none, resolve: by_hand}}\n"
    assert [each.confidence for each in found(row, "PB211")] == (["heuristic"] if told else [])


def test_a_department_s_own_response_is_looked_at_too() -> None:
    own = "respond: [{id: quiet, when: {topics: legal}, reply: none, apologise: none, resolve: none}]"
    care = f"departments:\n  care:\n    name: Care\n    calendar: desk\n    on_duty: mori\n    lead: head\n    {own}\n"
    (one,) = found(care, "PB211")
    assert (one.node, one.owner) == ("departments.care.respond.quiet", "care")


def test_a_lead_alone_is_somebody() -> None:
    press = "departments:\n  press: {{name: Press{}}}\nroute:\n  - {{id: l, when: {{topics: legal}}, to: press}}\n"
    assert found(press.format(", lead: head"), "PB206") == []
    assert found(press.format(", on_duty: mori"), "PB206") == []
    assert len(found(press.format(""), "PB206")) == 1


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2027-05-01T14:59:59", []),
        ("2027-05-01T15:00:00", ["the review was due on 2027-05-01, 1 day ago"]),
        ("2027-05-03T15:00:00", ["the review was due on 2027-05-01, 3 days ago"]),
        ("2025-04-29T15:00:00", []),
        ("2025-04-29T14:59:59", ["the next review is 732 days away"]),
    ],
)
def test_a_review_is_due_by_the_playbook_s_own_calendar(now: str, told: list[str]) -> None:
    instant = int(datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp() * 1000)
    subject = subject_of(laid_over("review_by: 2027-05-01\n"), instant)
    said = lint(subject, built_in(), Selection("audit", frozenset({"PB113"}))).findings
    assert [each.message for each in said] == told
