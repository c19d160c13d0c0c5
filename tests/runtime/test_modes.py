"""Modes: started and ended by counting at exact instants, switched by those who may."""

from __future__ import annotations

import pytest

from playbook_engine.model.event import Event
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.incoming.outcomes import Incoming
from shop import Shop, event, message
from story import MINUTE, at, compiled

STORM = """
modes:
  storm:
    starts: {messages: 3, in: 10m, when: {topics: damage}}
    ends: {messages: 2, in: 30m, when: {topics: damage}}
    may_switch: [ann, bob]
rules:
  statement:
    event: mode.started
    when: {mode: storm}
    do: [{notify: {to: bob, text: a storm}}]
"""


def storm(*instants: str) -> Shop:
    """Damage reported at these instants, by a customer each."""
    shop = Shop(compiled(more=STORM))
    return shop.takes(*(message(f"e{n}", when, "broken", person=f"p{n}") for n, when in enumerate(instants)))


def switch(id: str, when: str, by: str = "ann", **data: object) -> Event:
    return event(id, "mode.switched", when, by=by, data={"mode": "storm", "on": True, **data})


def test_a_mode_starts_with_the_message_that_reaches_its_number() -> None:
    shop = storm("mon 10:00", "mon 10:05", "mon 10:09")
    (started,) = shop.events("mode.started")
    assert (started.at, started.data, started.modes) == (at("mon 10:09"), {"mode": "storm"}, ("storm",))
    assert shop.store.modes_in_force(at("mon 10:09")) == ("storm",)


def test_a_message_has_left_the_window_when_the_whole_of_it_has_passed() -> None:
    assert storm("mon 10:00", "mon 10:05", "mon 10:10").events("mode.started") == []


def test_a_mode_opens_an_incident_of_its_own_for_what_is_to_be_said() -> None:
    shop = storm("mon 10:00", "mon 10:01", "mon 10:02")
    (started,) = shop.events("mode.started")
    own = shop.store.incident(started.incident)
    assert own is not None
    assert (own.customer, own.modes) == ("", ("storm",))
    told = [delivery for delivery in shop.recorder.carried if delivery.incident == own.id]
    assert [(delivery.person, delivery.parameters["text"]) for delivery in told] == [("bob", "a storm")]


ENDS = {
    "when the last but one has left the window": (("mon 10:00", "mon 10:01", "mon 10:02"), "mon 10:31"),
    "later, as more come": (("mon 10:00", "mon 10:01", "mon 10:02", "mon 10:20", "mon 10:25"), "mon 10:50"),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_mode_ends_at_the_instant_from_which_there_are_fewer(name: str) -> None:
    instants, end = ENDS[name]
    shop = storm(*instants).wakes(at(end) - 1)
    assert (shop.events("mode.ended"), shop.store.modes_in_force(at(end) - 1)) == ([], ("storm",))
    # The door stamps nothing that has ended, even before the timer was worked off.
    assert shop.store.modes_in_force(at(end)) == ()
    shop.wakes("mon 12:00")
    (ended,) = shop.events("mode.ended")
    (started,) = shop.events("mode.started")
    assert (ended.at, ended.incident, ended.modes) == (at(end), started.incident, ())


def test_a_mode_that_ended_starts_again_with_a_new_storm() -> None:
    shop = storm("mon 10:00", "mon 10:01", "mon 10:02", "mon 11:00", "mon 11:01", "mon 11:02")
    assert [each.at for each in shop.events("mode.started")] == [at("mon 10:02"), at("mon 11:02")]
    assert len({each.incident for each in shop.events("mode.started")}) == 2


def test_a_mode_lasts_one_window_where_its_end_was_reached_from_the_beginning() -> None:
    text = STORM.replace("ends: {messages: 2, in: 30m", "ends: {messages: 9, in: 30m")
    shop = Shop(compiled(more=text))
    shop.takes(*(message(f"e{n}", "mon 10:00", "broken", person=f"p{n}") for n in range(3))).wakes("mon 12:00")
    assert [each.at for each in shop.events("mode.ended")] == [at("mon 10:30")]


def test_messages_of_another_kind_do_not_count() -> None:
    shop = storm("mon 10:00", "mon 10:01").takes(message("q", "mon 10:02", "where are you?", person="q"))
    assert shop.events("mode.started") == []


def test_who_may_switch_switches_and_the_mode_stays_until_a_person_ends_it() -> None:
    shop = storm().takes(switch("s1", "mon 10:00")).wakes("wed 10:00")
    (started,) = shop.events("mode.started")
    assert (started.by, shop.events("mode.ended")) == ("ann", [])
    shop.takes(switch("s2", "wed 10:00", by="bob", on=False))
    (ended,) = shop.events("mode.ended")
    assert (ended.by, ended.incident, shop.store.modes_in_force(at("wed 10:00"))) == ("bob", started.incident, ())


def test_what_a_person_switched_on_is_not_ended_by_counting() -> None:
    shop = storm().takes(switch("s1", "mon 10:00"))
    shop.takes(message("e8", "mon 10:04", "broken", person="p8")).wakes("mon 12:00")
    assert shop.events("mode.ended") == []


def test_switching_off_what_counting_started_begins_the_count_anew() -> None:
    shop = storm("mon 10:00", "mon 10:01", "mon 10:02").takes(switch("s1", "mon 10:03", on=False))
    shop.takes(message("e8", "mon 10:04", "broken", person="p8"), message("e9", "mon 10:05", "broken", person="p9"))
    assert (len(shop.events("mode.started")), len(shop.events("mode.ended"))) == (1, 1)


def test_switching_on_what_counting_started_keeps_it_on() -> None:
    shop = storm("mon 10:00", "mon 10:01", "mon 10:02").takes(switch("s1", "mon 10:03")).wakes("mon 12:00")
    assert (len(shop.events("mode.started")), shop.events("mode.ended")) == (1, [])


REFUSED = {
    "somebody who may not": ({"by": "eve"}, "`eve` may not switch `storm`; `may_switch` lists who may"),
    "no such mode": (
        {"mode": "strom"},
        "`strom` is no mode of this playbook, or `on` says neither true nor false",
    ),
    "neither on nor off": (
        {"on": "yes"},
        "`storm` is no mode of this playbook, or `on` says neither true nor false",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_switch_that_cannot_be_made_is_set_aside_with_its_reason(name: str) -> None:
    fields, sentence = REFUSED[name]
    shop = storm().takes(switch("s1", "mon 10:00", **fields))
    assert [(letter.reason, letter.sentence) for letter in shop.store.dead_letters()] == [("not-switched", sentence)]


def test_the_door_stamps_the_modes_in_force_at_each_events_instant() -> None:
    policy = compiled(more=STORM)
    shop, clock = Shop(policy), EventsClock()
    door = Door(Terms.of(policy), shop.store, clock)
    stamped = []
    for n, minute in enumerate((0, 1, 2, 20, 60)):
        instant = at("mon 10:00") + minute * MINUTE
        admitted = door.admit(Incoming(source="s", id=f"e{n}", type="message.received", at=instant, text="broken"))
        assert isinstance(admitted, Event)
        stamped.append(admitted.modes)
        shop.takes(admitted)
    assert stamped == [(), (), (), ("storm",), ()]
