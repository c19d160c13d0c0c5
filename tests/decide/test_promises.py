"""Deadlines, pauses and closed doors. SEMANTICS 6."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from story import Story, clock, compiled

TARGET = "reply: 1h, next_reply: 2h, apologise: 4h, resolve: {open_time: 16h}"
NIGHT = """
  night: {name: Night, calendar: night, on_duty: eve, lead: eve}
templates:"""
HANDED = {
    "    lead: bob\n": "    lead: bob\n    when_closed: {hand_over: {department: night}}\n",
    "\ntemplates:": NIGHT,
}


def deadlines(target: str, when: str) -> dict[str, str]:
    story = Story(compiled(replaced={TARGET: target})).hears("it is broken", when)
    return {duty.step: clock(duty.deadline) for duty in story.now.duties}


@pytest.mark.parametrize(
    ("promise", "when", "due"),
    [
        ("1h", "mon 10:00", "mon 11:00"),
        ("{open_time: 1h}", "mon 16:30", "tue 09:30"),
        ("{open_time: 1h}", "mon 16:00", "mon 17:00"),
        ("{open_time: 1h}", "sat 12:00", "+1w mon 10:00"),
        ("{open_days: 1}", "mon 10:00", "tue 17:00"),
        ("{open_days: 1}", "fri 10:00", "+1w mon 17:00"),
        ("{open_days: 2}", "sat 10:00", "+1w tue 17:00"),
        ("{when_open: 1h, when_closed: 12h}", "mon 10:00", "mon 11:00"),
        ("{when_open: 1h, when_closed: 12h}", "mon 17:00", "tue 05:00"),
        ("{when_open: 1h, when_closed: 12h}", "tue 08:59", "tue 10:00"),
        ("{when_open: {open_time: 1h}, when_closed: 12h}", "sun 23:30", "+1w mon 10:00"),
    ],
)
def test_a_deadline_counts_as_it_says(promise: str, when: str, due: str) -> None:
    assert deadlines(f"reply: {promise}, apologise: 4d, resolve: 9d", when)["reply"] == due


def test_a_waiting_incident_keeps_what_is_left_of_its_open_time() -> None:
    story = Story().hears("hm", "mon 10:00").says("which one?", "mon 12:00")
    story.takes("incident.waiting", "mon 12:00", by="ann").hears("the blue one", "thu 09:00")

    assert clock(story.duty("resolve").deadline) == "fri 15:00"
    assert [(level.name, clock(level.at)) for level in story.duty("resolve").levels] == [
        ("warn", "fri 11:00"),
        ("lead", "fri 15:00"),
        ("chief", "fri 16:00"),
    ]


def test_a_paused_duty_neither_breaches_nor_warns() -> None:
    story = Story().hears("hm", "mon 10:00").says("which one?", "mon 12:00")
    story.takes("incident.waiting", "mon 12:00", by="ann").waits("+1w mon 12:00")

    assert story.noted("duty-breached", "level") == []


def test_a_promise_stays_as_it_was_made_when_the_policy_changes() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.policy = compiled(replaced={"reply: 1h, next_reply": "reply: 5m, next_reply"})
    story.hears("hello", "mon 10:02")

    assert clock(story.duty("reply").deadline) == "mon 11:00"


def test_what_a_level_does_follows_the_policy_in_force() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00")
    story.policy = compiled(replaced={"at: 75%, notify: department.on_duty": "at: 75%, notify: eve"})
    story.waits("mon 10:45")

    assert story.told()[-1] == ("warn", "eve", "mon 10:45")


def test_another_target_takes_the_earlier_deadline_and_never_a_later_one() -> None:
    story = Story().hears("it is broken", "mon 10:00").hears("somebody is injured", "mon 10:05")

    assert clock(story.duty("reply").deadline) == "mon 10:15"
    assert clock(story.duty("resolve").deadline) == "mon 18:00"
    assert {note.step for note in story.notes if note.kind == "duty-tightened"} == {"reply", "apologise", "resolve"}


def test_after_a_person_has_taken_it_a_message_changes_no_target() -> None:
    story = Story().hears("it is broken", "mon 10:00").takes("incident.acknowledged", "mon 10:01", by="ann")
    story.hears("somebody is injured", "mon 10:05")

    assert story.now.target == "rest"


def test_an_automatic_reply_waits_for_opening_and_is_worded_then() -> None:
    story = Story().hears("hm", "sun 20:00").waits("+1w mon 09:00")

    assert story.said() == [("ack", "+1w mon 09:00")]


def test_a_closed_department_may_say_so_at_once() -> None:
    closed = {"    lead: bob\n": "    lead: bob\n    when_closed: {send: closed-now}\n"}
    story = Story(compiled(replaced=closed)).hears("hm", "sun 20:00")

    assert story.said() == [("closed-now", "sun 20:00")]


def test_notifications_and_what_a_person_approves_pass_a_closed_door() -> None:
    story = Story().hears("it is broken", "sun 20:00")
    story.approves("sun 20:10", by="eve", text="We are sorry. A new one leaves today. ^EV")

    assert story.said() == [("sorry", "sun 20:00")]
    assert story.draft is not None


def test_a_closed_department_hands_over_and_takes_back_what_is_unanswered() -> None:
    policy = compiled(replaced={**HANDED, "reply: 1h, next_reply": "reply: 20h, next_reply"})
    story = Story(policy).hears("it is broken", "mon 20:00")
    assert story.now.department == "night"
    assert story.duty("reply").department == "night"
    due = story.duty("reply").deadline

    story.waits("tue 09:00")

    assert story.now.department == "care"
    assert story.duty("reply").department == "care"
    assert story.duty("reply").deadline == due


def test_an_answered_incident_stays_with_whoever_answered() -> None:
    story = Story(compiled(replaced=HANDED)).hears("it is broken", "mon 20:00").says("on it", "mon 20:30", by="eve")
    story.waits("tue 09:00")

    assert story.now.department == "night"


def test_a_customer_who_writes_again_in_hours_is_answered_by_the_home() -> None:
    story = Story(compiled(replaced=HANDED)).hears("it is broken", "mon 20:00").says("on it", "mon 20:30", by="eve")
    story.hears("and?", "tue 10:00")

    assert story.now.department == "care"
    assert story.duty("reply").department == "care"


def test_a_customer_who_answers_our_own_message_is_promised_a_reply() -> None:
    story = Story().says("Hello, how was it?", "mon 09:30").hears("it is broken", "mon 10:00")

    assert clock(story.duty("reply").deadline) == "mon 11:00"


def test_a_target_that_is_gone_from_the_policy_is_undecided() -> None:
    story = Story().hears("hm", "mon 10:00").takes("incident.acknowledged", "mon 10:01", by="ann")
    story.incident = replace(story.now, target="gone")
    story.hears("hello", "mon 11:00")

    assert [note.because for note in story.notes if note.kind == "undecided"] == [
        "its response or its target is not in the policy any more"
    ]


def test_a_renamed_target_is_found_under_its_new_name() -> None:
    story = Story().hears("hm", "mon 10:00").takes("incident.acknowledged", "mon 10:01", by="ann")
    story.incident = replace(story.now, target="old")
    story.policy = compiled(more="renamed: {old: rest}\n")
    story.hears("hello", "mon 11:00")

    assert clock(story.duty("reply").deadline) == "mon 13:00"
