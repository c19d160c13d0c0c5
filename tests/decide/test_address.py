"""Whose incident is it. SEMANTICS 2."""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.decide.address import address, bind, follow, incident_id, thread_key
from playbook_engine.decide.advance import opened
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Thread

WEEK = 7 * 86_400_000


def received(id: str, person: str = "cleo", **fields: object) -> Event:
    given = {"channel": "x", "account": "shop", "conversation": "root", "message": id, "at": 0, "seen_at": 0}
    return Event(source="test", id=id, type="message.received", person=person, **{**given, **fields})  # type: ignore[arg-type]


def sent(id: str, answers: str = "", **fields: object) -> Event:
    return replace(received(id, person="", **fields), type="message.sent", in_reply_to=answers)


def told(*events: Event) -> tuple[Thread, list[str]]:
    """The thread after the events, and the incident each was given to."""
    thread, given = None, []
    for event in events:
        thread, incident = address(thread, event, WEEK)
        given.append(incident)
    assert thread is not None
    return thread, given


def test_a_public_thread_is_the_account_and_the_root_post() -> None:
    assert thread_key(received("m1")) == "x|shop|post|root"


def test_a_private_thread_is_the_account_and_the_peer() -> None:
    assert thread_key(received("m1", public=False, conversation="cleo")) == "x|shop|peer|cleo"


def test_a_post_without_a_conversation_begins_a_thread_of_its_own() -> None:
    assert thread_key(received("m1", conversation="")) != thread_key(received("m2", conversation=""))


def test_every_customer_of_a_thread_has_an_incident_of_their_own() -> None:
    _, given = told(received("m1"), received("m2", person="mika"), received("m3"))

    assert given[0] == given[2] != given[1]


def test_the_id_of_an_incident_is_derived_from_the_event_that_opens_it() -> None:
    _, given = told(received("m1"))

    assert given == [incident_id(received("m1"))] == ["2c85a60428df5875"]


def test_our_message_belongs_to_the_incident_of_the_message_it_answers() -> None:
    _, given = told(received("m1"), received("m2", person="mika"), sent("o1", answers="m1"))

    assert given[2] == given[0]


def test_our_message_that_answers_nothing_known_belongs_to_the_latest_of_the_thread() -> None:
    _, given = told(received("m1"), received("m2", person="mika"), sent("o1", answers="gone"))

    assert given[2] == given[1]


def test_a_customer_takes_up_the_incident_that_our_own_message_opened() -> None:
    _, given = told(sent("o1"), received("m1"), received("m2", person="mika"))

    assert given[0] == given[1] != given[2]


def test_an_event_of_people_finds_its_incident_by_the_message_it_names() -> None:
    thread, given = told(received("m1"), received("m2", person="mika"))
    resolved = replace(sent("r1", answers="m1"), type="incident.resolved")

    assert address(thread, resolved, WEEK)[1] == given[0]


def test_an_event_of_people_in_an_unknown_thread_belongs_to_nobody() -> None:
    assert address(None, replace(sent("r1"), type="incident.resolved"), WEEK)[1] == ""


def test_a_message_within_the_time_to_reopen_comes_back_to_its_incident_and_a_later_one_does_not() -> None:
    thread, given = told(received("m1"))
    incident = replace(opened(received("m1"), given[0], 0), stage="resolved", resolved_at=1_000)
    thread = follow(thread, incident)

    assert address(thread, received("m2", at=1_000 + WEEK), WEEK)[1] == given[0]
    assert address(thread, received("m2", at=1_001 + WEEK), WEEK)[1] == incident_id(received("m2"))


def test_a_closed_incident_is_never_reopened() -> None:
    thread, given = told(received("m1"))
    thread = follow(thread, replace(opened(received("m1"), given[0], 0), stage="closed", resolved_at=0))

    assert address(thread, received("m2"), WEEK)[1] == incident_id(received("m2"))


def test_a_hand_over_leads_the_private_thread_to_the_incident() -> None:
    incident = replace(opened(received("m1"), "i1", 0), customer="cleo")
    thread, younger = bind(None, "x|shop|peer|cleo", incident)
    private = received("d1", public=False, conversation="cleo")

    assert younger == ""
    assert address(thread, private, WEEK)[1] == "i1"


def test_an_open_incident_in_the_private_thread_is_named_to_be_absorbed() -> None:
    private, given = told(received("d1", public=False, conversation="cleo"))
    incident = replace(opened(received("m1"), "i1", 0), customer="cleo")

    assert bind(private, private.key, incident)[1] == given[0]


def test_later_events_of_an_absorbed_incident_go_to_the_one_that_took_it_up() -> None:
    thread, given = told(received("m1"))
    merged = replace(opened(received("m1"), given[0], 0), stage="merged", merged_into="elder")

    assert address(follow(thread, merged), received("m2"), WEEK)[1] == "elder"
    assert address(follow(thread, merged), sent("o1", answers="m1"), WEEK)[1] == "elder"


def test_a_thread_keeps_the_latest_thousand_messages() -> None:
    thread, _ = told(*(received(f"m{n}") for n in range(1_005)))

    assert len(thread.messages) == 1_000
    assert "m4" not in thread.messages
    assert "m1004" in thread.messages
