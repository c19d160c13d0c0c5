"""Rounds, duties and what meets them. SEMANTICS 5."""

from __future__ import annotations

from story import Story, at, clock, compiled

EVERYTHING_BY_HAND = {
    "reply: {send: ack}, apologise: none, resolve: by_hand}": "reply: by_hand, apologise: none, resolve: by_hand}"
}


def test_the_first_message_opens_the_duties_that_response_and_target_ask_for() -> None:
    story = Story().hears("it is broken", "mon 10:00")

    assert {duty.step: clock(duty.deadline) for duty in story.now.duties} == {
        "reply": "mon 11:00",
        "apologise": "mon 14:00",
        "resolve": "wed 10:00",
    }


def test_a_step_that_is_none_opens_no_duty() -> None:
    story = Story().hears("lovely", "mon 10:00")

    assert [duty.step for duty in story.now.duties] == ["reply"]


def test_messages_while_a_reply_is_owed_change_no_deadline() -> None:
    story = Story(compiled(replaced=EVERYTHING_BY_HAND)).hears("hm", "mon 10:00").hears("hello", "mon 10:50")

    assert clock(story.duty("reply").deadline) == "mon 11:00"
    assert story.now.round == 1


def test_a_message_after_the_reply_begins_a_round_with_the_next_reply_deadline() -> None:
    story = Story(compiled(replaced=EVERYTHING_BY_HAND))
    story.hears("hm", "mon 10:00").says("on it", "mon 10:20").hears("and now", "mon 12:00")

    assert story.now.round == 2
    assert clock(story.duty("reply").deadline) == "mon 14:00"
    assert clock(story.duty("resolve").deadline) == "wed 10:00"


def test_resolve_exists_once_until_the_incident_is_reopened() -> None:
    story = Story().hears("hm", "mon 10:00").says("here you are", "mon 10:20")
    story.takes("incident.resolved", "mon 11:00", by="ann").hears("it is back", "tue 10:00")

    assert story.now.stage == "reopened"
    assert story.now.reopened == 1
    assert [(duty.step, duty.round) for duty in story.now.duties if duty.step == "resolve"] == [
        ("resolve", 1),
        ("resolve", 2),
    ]


def test_an_automatic_reply_meets_the_duty_where_nothing_has_to_be_apologised_for() -> None:
    story = Story().hears("hm", "mon 10:00")

    assert story.duty("reply").state == "met"
    assert story.duty("reply").counts == "any"


def test_an_automatic_reply_does_not_meet_it_where_the_response_apologises() -> None:
    story = Story().hears("it is broken", "mon 10:00")

    assert story.said() == [("ack", "mon 10:00")]
    assert story.duty("reply").state == "open"
    assert story.duty("reply").counts == "human"


def test_a_persons_message_meets_the_reply() -> None:
    story = Story().hears("it is broken", "mon 10:00").says("let me look", "mon 10:30")

    assert story.duty("reply").state == "met"
    assert story.duty("reply").evidence_by == "ann"
    assert story.duty("apologise").state == "open"


def test_a_persons_message_with_a_word_of_apology_meets_both() -> None:
    story = Story().hears("it is broken", "mon 10:00").says("So sorry about that!", "mon 10:30")

    assert story.duty("reply").state == "met"
    assert story.duty("apologise").state == "met"


def test_a_persons_message_marked_as_the_apology_is_one_whatever_its_words() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.says("That should not have happened.", "mon 10:30", data={"step": "apologise"})

    assert story.duty("apologise").state == "met"


def test_evidence_at_the_deadline_is_in_time_and_a_millisecond_later_it_is_not() -> None:
    on_time = Story().hears("it is broken", "mon 10:00").says("here", "mon 11:00")
    late = Story().hears("it is broken", "mon 10:00").says("here", "mon 11:00+1ms")

    assert on_time.duty("reply").state == "met"
    assert late.duty("reply").state == "late"


def test_the_breach_stands_one_millisecond_after_the_deadline_and_the_duty_stays_open() -> None:
    story = Story().hears("it is broken", "mon 10:00").waits("mon 11:30")

    assert story.noted("duty-breached") == [("duty-breached", "reply", "mon 11:00+1ms")]
    assert story.duty("reply").unmet


def test_evidence_that_was_in_time_withdraws_the_breach_however_late_it_arrives() -> None:
    story = Story().hears("it is broken", "mon 10:00").waits("mon 11:30")
    story.says("here I am", "mon 10:59", seen="mon 12:00")

    assert story.duty("reply").state == "met"
    assert story.noted("breach-withdrawn") == [("breach-withdrawn", "reply", "mon 12:00")]


def test_a_late_reply_meets_the_duty_late() -> None:
    story = Story().hears("it is broken", "mon 10:00").says("here I am", "mon 11:01")

    assert story.duty("reply").state == "late"
    assert [note.after for note in story.notes if note.kind == "duty-late"] == [61 * 60_000]


def test_a_resolution_waits_for_the_steps_before_it() -> None:
    story = Story().hears("it is broken", "mon 10:00").takes("incident.resolved", "mon 10:10", by="ann")

    assert story.now.stage != "resolved"
    assert story.duty("resolve").state == "open"

    story.says("Sorry, it is on its way.", "mon 10:40")

    assert story.now.stage == "resolved"
    assert story.duty("resolve").state == "met"
    assert story.duty("resolve").evidence_at == at("mon 10:40")


def test_resolved_elsewhere_waives_what_is_owed_and_takes_back_drafts() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    assert story.now.drafts

    story.takes("incident.resolved", "mon 10:10", by="ann", data={"elsewhere": True})

    assert story.now.stage == "resolved"
    assert {duty.step: duty.state for duty in story.now.duties} == {
        "reply": "waived",
        "apologise": "waived",
        "resolve": "met",
    }
    assert story.now.drafts == ()


def test_a_duty_is_waived_by_a_person_and_stops_its_ladder() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.takes("duty.waived", "mon 10:05", by="bob", data={"step": "reply", "because": "called them"})
    story.waits("mon 12:00")

    assert story.duty("reply").state == "waived"
    assert story.noted("duty-breached") == []


def test_the_first_replies_of_machine_and_person_are_told_apart() -> None:
    story = Story().hears("it is broken", "mon 10:00").says("here", "mon 10:30")

    assert [(note.by, note.after) for note in story.notes if note.kind == "first-reply"] == [
        ("automatic", 0),
        ("ann", 30 * 60_000),
    ]


def test_an_incident_without_open_duty_closes_after_its_time() -> None:
    story = Story().hears("lovely", "mon 10:00").waits("+2w mon 10:00")

    assert story.now.stage == "closed"
    assert story.now.timers == ()


def test_an_incident_that_owes_something_is_never_closed() -> None:
    story = Story().hears("hm", "mon 10:00").waits("+4w mon 10:00")

    assert story.now.stage == "open"
    assert story.duty("resolve").state == "breached"
