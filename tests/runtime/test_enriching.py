"""Facts from outside: in bounded time, of known kinds, and missing with a reason."""

from __future__ import annotations

import time
from threading import Event as Signal

import pytest

from playbook_engine import Event
from playbook_engine.runtime.bounded import MOST_LEFT, Bounded, TooLong
from playbook_engine.runtime.enriching import Enrichers

EVENT = Event(source="s", id="1", type="message.received", at=0, seen_at=0, data={"deep": {"a": 1}})


def test_the_facts_of_all_plugins_come_together() -> None:
    found = Enrichers({"crm": lambda event: {"vip": True, "orders": 3}, "geo": lambda event: {"city": "横浜"}})
    assert found.enrich(EVENT) == ({"vip": True, "orders": 3, "city": "横浜"}, {})


def test_nothing_is_asked_where_there_are_no_plugins() -> None:
    assert Enrichers({}).enrich(EVENT) == ({}, {})


def test_a_plugin_may_know_nothing() -> None:
    assert Enrichers({"crm": lambda event: None}).enrich(EVENT) == ({}, {})


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (True, True),
        (-5, -5),
        ("gold", "gold"),
        (["b", "a", "b"], ("a", "b")),
        (("x",), ("x",)),
        ({"y"}, ("y",)),
        ([], ()),
        ("one\x1b[2Jline\ud800", "one\ufffd[2Jline?"),
    ],
)
def test_a_fact_is_held_as_a_flag_a_number_a_text_or_a_sorted_set(value: object, held: object) -> None:
    assert Enrichers({"crm": lambda event: {"it": value}}).enrich(EVENT) == ({"it": held}, {})


@pytest.mark.parametrize("value", [None, 1.5, 1 << 60, b"a", {"a": 1}, ["a", 1], ["a", None], "x" * 1_001, object()])
def test_anything_else_is_missing(value: object) -> None:
    values, missing = Enrichers({"crm": lambda event: {"ok": 1, "it": value}}).enrich(EVENT)
    assert values == {"ok": 1}
    assert list(missing) == ["it"]
    assert missing["it"].startswith("crm gave ")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("vip", "crm gave a value of type str; facts by name are wanted"),
        ({1: True}, "crm gave a fact without a name"),
        ({f"f{n}": n for n in range(101)}, "crm gave 101 facts; 100 are the most"),
    ],
)
def test_what_is_no_facts_by_name_is_missing(told: object, said: str) -> None:
    assert Enrichers({"crm": lambda event: told}).enrich(EVENT) == ({}, {"crm": said})


def test_a_failure_is_named_without_what_it_says() -> None:
    def fail(event: Event) -> object:
        raise RuntimeError("hanako@mail.example")

    found = Enrichers({"bad": fail, "good": lambda event: {"vip": True}})
    assert found.enrich(EVENT) == ({"vip": True}, {"bad": "bad failed with RuntimeError"})


def test_of_two_plugins_the_first_by_name_is_believed() -> None:
    found = Enrichers({"b": lambda event: {"vip": False}, "a": lambda event: {"vip": True}})
    assert found.enrich(EVENT) == ({"vip": True}, {"vip": "b gave it again; the first plugin by name is believed"})


def test_however_many_hang_the_event_waits_once() -> None:
    finished = Signal()

    def hang(event: Event) -> object:
        finished.wait(30)
        return {"late": True}

    begun = time.monotonic()
    found = Enrichers({"a": hang, "b": hang, "c": hang, "d": lambda event: {"quick": True}}, limit=500)
    values, missing = found.enrich(EVENT)
    waited = time.monotonic() - begun
    finished.set()
    assert values == {"quick": True}
    assert missing == {name: f"{name} did not answer in 500ms" for name in "abc"}
    assert waited < 1.4, "three that hang one after the other would take 1.5 s"


def test_one_that_always_hangs_is_not_asked_for_ever() -> None:
    finished = Signal()
    asked: list[str] = []

    def hang(event: Event) -> object:
        asked.append(event.id)
        finished.wait(30)
        return None

    found = Enrichers({"a": hang}, limit=1)
    missing = [found.enrich(EVENT)[1]["a"] for _ in range(MOST_LEFT + 2)]
    finished.set()
    assert len(asked) == MOST_LEFT
    assert missing[-2:] == ["a is still busy with earlier events"] * 2


def test_what_a_plugin_writes_into_the_event_is_seen_nowhere() -> None:
    def write(event: Event) -> object:
        event.data["deep"]["a"] = 2
        event.enrichment["forged"] = True
        return None

    Enrichers({"a": write}).enrich(EVENT)
    assert EVENT.data == {"deep": {"a": 1}}
    assert EVENT.enrichment == {}


def test_a_call_gives_what_it_gives_and_raises_what_it_raises() -> None:
    def fail() -> int:
        raise ValueError("no")

    assert Bounded().within(1_000, lambda: 5) == 5
    with pytest.raises(ValueError, match="no"):
        Bounded().within(1_000, fail)


def test_a_call_that_takes_too_long_is_left_behind() -> None:
    finished = Signal()
    with pytest.raises(TooLong):
        Bounded().within(1, lambda: finished.wait(30))
    finished.set()
