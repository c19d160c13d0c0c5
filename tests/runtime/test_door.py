"""The door: stamps, repetitions, times and channels. SEMANTICS 1 and 3.1."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from playbook_engine.model.event import Author, Event, FactValue
from playbook_engine.runtime.clock import Clock, EventsClock, SystemClock
from playbook_engine.runtime.door import Admission, Door, Duplicate, Terms
from playbook_engine.runtime.incoming.outcomes import Incoming, SetAside, said_digest
from playbook_engine.runtime.store import Store, StoredMode, open_store

MONDAY_TEN = 1_772_445_600_000
"""2026-03-02T10:00:00Z."""

HOUR = 3_600_000
DAY = 24 * HOUR

TERMS = Terms.from_names("digest-1", ("x", "email", "chat"), {"x:MinatoCare": None})


def mention(id: str = "1", text: str = "The kettle is broken", at: int | None = MONDAY_TEN) -> Incoming:
    return Incoming(
        source="x",
        id=id,
        type="message.received",
        at=at,
        channel="x",
        account="minatocare",
        author=Author(handle="Tanaka"),
        text=text,
        message=id,
        place="line 1",
        body=b"{}",
    )


def door(store: Store | None = None, clock: Clock | None = None, terms: Terms = TERMS) -> Door:
    return Door(terms, store or open_store("memory:"), clock or EventsClock(MONDAY_TEN))


def admitted(admission: Admission) -> Event:
    assert isinstance(admission, Event)
    return admission


def keep(store: Store, event: Event) -> Event:
    store.add_event(event, said_digest(event))
    return event


def test_an_event_is_stamped_with_seen_at_number_policy_and_modes() -> None:
    store = open_store("memory:")
    store.put_mode(StoredMode(id="storm", since=MONDAY_TEN - HOUR))
    event = admitted(door(store).admit(mention()))
    assert (event.at, event.seen_at, event.seq, event.policy) == (MONDAY_TEN, MONDAY_TEN, store.next_seq(), "digest-1")
    assert event.modes == ("storm",)


def test_a_person_has_one_reference_whatever_the_case_of_the_handle() -> None:
    one = admitted(door().admit(mention()))
    other = admitted(door().admit(replace(mention("2"), author=Author(handle="@TANAKA"))))
    elsewhere = admitted(door().admit(replace(mention("3"), channel="chat")))
    assert one.person == other.person
    assert len(one.person) == 16
    assert "anaka" not in one.person
    assert elsewhere.person != one.person


def test_somebody_without_a_handle_is_known_by_the_conversation() -> None:
    def reference(id: str, conversation: str) -> str:
        said = replace(mention(id), author=Author(), conversation=conversation)
        return admitted(door().admit(said)).person

    assert reference("1", "c1") == reference("2", "c1") != reference("3", "c2")


def test_the_same_again_is_a_duplicate() -> None:
    store = open_store("memory:")
    keep(store, admitted(door(store).admit(mention())))
    assert door(store).admit(mention()) == Duplicate(source="x", id="1", by="id")


def test_a_repetition_with_other_counts_and_another_time_is_still_the_same() -> None:
    store = open_store("memory:")
    keep(store, admitted(door(store).admit(mention())))
    again = replace(mention(at=MONDAY_TEN + HOUR), author=Author(handle="Tanaka", followers=900, name="T."))
    assert isinstance(door(store).admit(again), Duplicate)


def test_the_same_id_with_other_words_is_set_aside() -> None:
    store = open_store("memory:")
    keep(store, admitted(door(store).admit(mention())))
    aside = door(store).admit(mention(text="Something else"))
    assert isinstance(aside, SetAside)
    assert (aside.reason, aside.place, aside.source, aside.id, aside.body) == ("id-reused", "line 1", "x", "1", b"{}")


def test_the_platforms_message_id_is_a_second_key() -> None:
    store = open_store("memory:")
    keep(store, admitted(door(store).admit(mention())))
    polled = replace(mention(), source="x-poll", id="page-7-1", text="The kettle is broken ")
    assert door(store).admit(polled) == Duplicate(source="x-poll", id="page-7-1", by="message")


def test_an_edit_of_a_known_message_is_no_repetition_of_it() -> None:
    store = open_store("memory:")
    keep(store, admitted(door(store).admit(mention())))
    edit = replace(mention("1:edited", text="The kettle works"), type="message.edited", message="1")
    assert admitted(door(store).admit(edit)).type == "message.edited"


def test_an_engine_event_under_the_same_key_is_not_taken_again() -> None:
    store = open_store("memory:")
    store.add_event(replace(admitted(door(store).admit(mention())), type="mode.started"), "")
    assert isinstance(door(store).admit(mention()), Duplicate)


def test_by_the_events_clock_an_event_is_seen_when_it_happened() -> None:
    clock = EventsClock(MONDAY_TEN)
    event = admitted(door(clock=clock).admit(mention(at=MONDAY_TEN + 3 * DAY)))
    assert (event.at, event.seen_at, clock.now()) == (MONDAY_TEN + 3 * DAY,) * 3


def test_the_events_clock_never_runs_back() -> None:
    clock = EventsClock(MONDAY_TEN)
    event = admitted(door(clock=clock).admit(mention(at=MONDAY_TEN - HOUR)))
    assert (event.at, event.seen_at) == (MONDAY_TEN - HOUR, MONDAY_TEN)


def test_what_is_refused_does_not_move_the_events_clock() -> None:
    clock = EventsClock(MONDAY_TEN)
    door(clock=clock).admit(replace(mention(at=MONDAY_TEN + 900 * DAY), channel="mixi"))
    assert clock.now() == MONDAY_TEN


def test_more_than_seven_days_back_is_cut_to_seven() -> None:
    event = admitted(door().admit(mention(at=MONDAY_TEN - 30 * DAY)))
    assert event.at == MONDAY_TEN - 7 * DAY


def test_on_the_wall_clock_the_future_is_cut_to_now() -> None:
    clock = SystemClock()
    event = admitted(door(clock=clock).admit(mention(at=clock.now() + 400 * DAY)))
    assert event.at == event.seen_at <= clock.now() < clock.now() + DAY


def test_without_a_time_it_happened_when_it_was_seen() -> None:
    event = admitted(door().admit(mention(at=None)))
    assert event.at == event.seen_at == MONDAY_TEN


def test_what_is_due_before_is_worked_off_before_the_stamps_are_read() -> None:
    store = open_store("memory:")

    def wake(until: int) -> None:
        store.put_mode(StoredMode(id="storm", since=until))

    event = admitted(Door(TERMS, store, EventsClock(), wake=wake).admit(mention()))
    assert event.modes == ("storm",)


def test_an_unknown_channel_is_set_aside_with_the_nearest() -> None:
    aside = door().admit(replace(mention(), channel="emial"))
    assert isinstance(aside, SetAside)
    assert aside.reason == "unknown-channel"
    assert aside.sentence == "line 1: the playbook has no channel `emial`; did you mean `email`?"


def test_the_platform_of_an_account_is_a_channel() -> None:
    terms = Terms.from_names("d", ("chat",), {"bluesky:minato.example": None})
    event = admitted(door(terms=terms).admit(replace(mention(), channel="bluesky")))
    assert event.channel == "bluesky"


def test_an_event_of_a_person_needs_no_channel() -> None:
    resolved = Incoming(source="people", id="1", type="incident.resolved", incident="i1", by="sato")
    event = admitted(door().admit(resolved))
    assert (event.incident, event.by, event.person) == ("i1", "sato", "")


def test_an_account_has_one_name() -> None:
    names = ["minatocare", "@MinatoCare", "x:MinatoCare", "MINATOCARE"]
    accounts = {admitted(door().admit(replace(mention(), account=name))).account for name in names}
    assert accounts == {"MinatoCare"}
    assert admitted(door().admit(replace(mention(), account="other"))).account == "other"


def test_what_our_own_account_wrote_is_ours_whatever_the_source_calls_it() -> None:
    event = admitted(door().admit(replace(mention(), author=Author(handle="minatocare"))))
    assert (event.type, event.by, event.person) == ("message.sent", "minatocare", "")


def test_a_text_in_a_telling_script_gets_its_language() -> None:
    asked = mention(text="返品したいのですが")
    assert admitted(door().admit(asked)).lang == "ja"
    assert admitted(door().admit(replace(asked, lang="en"))).lang == "en"
    assert admitted(door().admit(mention(text="Hello"))).lang == ""


def test_another_way_to_tell_the_language_can_be_given() -> None:
    by_length = Door(TERMS, open_store("memory:"), EventsClock(MONDAY_TEN), detect=lambda text: "en")
    assert admitted(by_length.admit(mention(text="Hello"))).lang == "en"


def test_an_answer_to_an_answer_stays_in_its_conversation() -> None:
    store = open_store("memory:")
    keep(store, admitted(door(store).admit(mention("1"))))
    reply = keep(store, admitted(door(store).admit(replace(mention("2", "More"), in_reply_to="1"))))
    deeper = admitted(door(store).admit(replace(mention("3", "And more"), in_reply_to="2")))
    assert (reply.conversation, deeper.conversation) == ("1", "1")


def test_an_answer_to_a_post_nobody_has_seen_begins_there() -> None:
    assert admitted(door().admit(replace(mention(), in_reply_to="77"))).conversation == "77"


def test_enrichment_is_stored_in_the_event_with_what_is_missing() -> None:
    def enrich(event: Event) -> tuple[Mapping[str, FactValue], Mapping[str, str]]:
        return {"vip": event.author.handle == "Tanaka"}, {"tier": "crm did not answer in 500 ms"}

    event = admitted(Door(TERMS, open_store("memory:"), EventsClock(MONDAY_TEN), enrich=enrich).admit(mention()))
    assert event.enrichment == {"vip": True}
    assert event.missing == {"tier": "crm did not answer in 500 ms"}


def test_equal_input_in_equal_order_gives_equal_events() -> None:
    def told() -> list[Event]:
        store, clock = open_store("memory:"), EventsClock()
        return [
            keep(store, admitted(door(store, clock).admit(mention(str(n), f"text {n}", MONDAY_TEN + n))))
            for n in range(20)
        ]

    assert told() == told()
    assert [event.seq for event in told()] == sorted({event.seq for event in told()})
