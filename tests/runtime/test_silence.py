"""Somebody is told when nothing comes from an account any more."""

from __future__ import annotations

from playbook_engine.runtime.store import Store
from shop import Shop, message
from story import at, compiled

WATCHED = 'accounts:\n  "x:shop": {department: care, silent_after: 6h}\n'


def told(shop: Shop) -> list[str]:
    return [f"{d.person} {d.parameters['subject']}" for d in shop.recorder.carried if d.purpose == "silent"]


def test_an_account_that_has_been_silent_for_too_long_is_reported_once() -> None:
    shop = Shop(compiled(more=WATCHED)).takes(message("e1", "mon 09:30"))
    shop.wakes("mon 15:29")
    assert told(shop) == []

    shop.wakes("fri 12:00")

    assert told(shop) == ["ann nothing has come from x:shop for 6h; is it still connected?"]
    assert [event.at for event in shop.events("source.silent")] == [at("mon 15:30")]


def test_every_event_puts_the_watch_off() -> None:
    shop = Shop(compiled(more=WATCHED)).takes(message("e1", "mon 09:30"), message("e2", "mon 13:00"))
    shop.wakes("mon 18:59")

    assert told(shop) == []


def test_after_a_report_the_next_event_begins_the_watch_anew() -> None:
    shop = Shop(compiled(more=WATCHED)).takes(message("e1", "mon 09:30")).wakes("tue 09:00")
    shop.takes(message("e2", "tue 10:00")).wakes("tue 17:00")

    assert len(told(shop)) == 2


def test_an_account_without_a_limit_may_be_silent_for_ever() -> None:
    shop = Shop(compiled()).takes(message("e1", "mon 09:30")).wakes("fri 12:00")

    assert shop.events("source.silent") == []


def test_the_watch_is_never_a_mode_in_force() -> None:
    shop = Shop(compiled(more=WATCHED)).takes(message("e1", "mon 09:30"))
    store: Store = shop.store

    assert store.mode("silent:x:shop") is not None
    assert store.modes_in_force(at("mon 09:31")) == ()
