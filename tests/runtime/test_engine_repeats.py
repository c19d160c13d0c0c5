"""The same events give the same bytes: in one batch or one by one, on any store, and after being killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_engine.model.event import Event
from playbook_engine.runtime.dispatcher import Carrier
from playbook_engine.runtime.store import Store, open_store
from repeating import POLICY, Service, traffic
from shop import Shop, event, kept, message
from story import MINUTE, at

COUNT = 60

words = st.sampled_from(["hello", "broken", "broken?", "lovely", "injured", "call 090-1234-5678"])


@st.composite
def days(draw: st.DrawFn) -> list[Event]:
    """A few customers writing, and people of ours answering, at instants that sometimes fall together."""
    events, now = [], at("mon 09:00")
    for n in range(draw(st.integers(1, 12))):
        now += draw(st.sampled_from([0, 1, MINUTE, 20 * MINUTE, 45 * MINUTE, 400 * MINUTE]))
        person = draw(st.sampled_from(["cleo", "dora", "eric"]))
        if draw(st.integers(0, 3)):
            events.append(message(f"e{n}", now, draw(words), person=person))
        else:
            thread = {"channel": "x", "account": "shop", "conversation": f"post-{person}", "message": f"a{n}"}
            events.append(event(f"e{n}", "message.sent", now, by="ann", text="We are on it.", **thread))
    return events


def told(
    events: list[Event], store: Store | None = None, carrier: Carrier | None = None, batch: int = 1
) -> tuple[list[object], ...]:
    shop = Shop(POLICY, store, carrier, batch=batch).takes(*events)
    return kept(shop.wakes(events[-1].at + 300 * MINUTE).store)


@given(days())
@settings(max_examples=25)
def test_a_batch_decides_as_one_event_at_a_time_does(events: list[Event]) -> None:
    assert told(events, batch=100) == told(events)


@given(days())
@settings(max_examples=15)
def test_a_carrier_that_sends_and_a_dry_run_differ_in_nothing_else(events: list[Event]) -> None:
    assert told(events, carrier=Service(), batch=7) == told(events, carrier=Service(dry=True))


@given(days())
@settings(max_examples=10)
def test_a_wake_up_between_the_events_changes_nothing(events: list[Event]) -> None:
    shop = Shop(POLICY)
    for each in events:
        shop.wakes(each.seen_at - 1).wakes(each.seen_at - 1).takes(each)
    assert kept(shop.wakes(events[-1].at + 300 * MINUTE).store) == told(events)


def test_a_file_on_disk_holds_what_a_store_in_memory_holds(tmp_path: Path) -> None:
    events = list(traffic(COUNT))
    store = open_store(f"sqlite:{tmp_path / 's.db'}")
    assert told(events, store, batch=9) == told(events)
    store.close()


def test_events_fed_again_from_the_beginning_change_nothing() -> None:
    events = list(traffic(COUNT))
    shop = Shop(POLICY).takes(*events)
    before = kept(shop.store)
    Shop(POLICY, store=shop.store).takes(*events)
    assert kept(shop.store) == before


# Killed

Worker = subprocess.Popen[bytes]


class Killed:
    """A worker that feeds all events into one store, started as often as it takes."""

    def __init__(self, place: Path, batch: int) -> None:
        self.url = f"sqlite:{place / 's.db'}"
        self.sent = place / "sent.txt"
        self.sent.touch()
        self.batch = batch

    def start(self, crash: str = "") -> Worker:
        tests = Path(__file__).parents[1]
        order = [sys.executable, str(tests / "repeating.py"), self.url, str(self.sent), str(self.batch), str(COUNT)]
        return subprocess.Popen([*order, crash])

    def finish(self) -> None:
        assert self.start().wait() == 0

    def keys(self) -> list[str]:
        return self.sent.read_text().split()

    def kept(self) -> tuple[list[object], ...]:
        store = open_store(self.url)
        found = kept(store)
        store.close()
        return found


@pytest.fixture(scope="module")
def uninterrupted() -> tuple[list[object], ...]:
    events = list(traffic(COUNT))
    return kept(Shop(POLICY, carrier=Service()).takes(*events).wakes(events[-1].at + 300 * MINUTE).store)


def test_the_traffic_holds_what_can_happen_to_deliveries(uninterrupted: tuple[list[object], ...]) -> None:
    shop = Shop(POLICY, carrier=Service()).takes(*traffic(COUNT))
    types = {each.type for each in shop.store.events()}
    assert types >= {"action.held", "action.expired", "mode.started", "mode.ended", "incident.linked"}
    statuses = {row.status for row in shop.store.deliveries()}
    assert statuses >= {"delivered", "digested", "expired", "cancelled"}
    assert {row.attempts for row in shop.store.deliveries()} == {0, 1, 2}


def check(run: Killed, uninterrupted: tuple[list[object], ...]) -> None:
    """Nothing lost, nothing twice, and byte for byte what a run that nobody kills decides."""
    assert run.kept() == uninterrupted
    store = open_store(run.url)
    delivered = [row.key for row in store.deliveries("delivered")]
    outcomes = Counter(each.data["key"] for each in store.events() if each.type == "action.delivered")
    store.close()
    assert Counter(run.keys()) == Counter(delivered)
    assert set(outcomes.values()) == {1}


@pytest.mark.parametrize("batch", [1, 100])
def test_a_run_killed_again_and_again_ends_as_if_nobody_had(
    batch: int, tmp_path: Path, uninterrupted: tuple[list[object], ...]
) -> None:
    run = Killed(tmp_path, batch)
    for target in (4, 45):
        worker = run.start()
        while worker.poll() is None and len(run.keys()) < target:
            time.sleep(0.0007)
        worker.kill()
        worker.wait()
    run.finish()
    check(run, uninterrupted)


@pytest.mark.parametrize("crash", ["before:5", "after:5", "after:31"])
def test_a_run_killed_around_a_delivery_neither_loses_nor_doubles_it(
    crash: str, tmp_path: Path, uninterrupted: tuple[list[object], ...]
) -> None:
    run = Killed(tmp_path, batch=10)
    assert run.start(crash).wait() == -9
    run.finish()
    check(run, uninterrupted)
