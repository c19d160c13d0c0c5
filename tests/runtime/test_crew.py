"""Several calls at one time: a stuck one keeps back nobody else, and every conversation keeps its order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event as Signal
from threading import Lock, Timer

import pytest
from msgspec.structs import replace

from playbook_engine.errors import StoreError
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.crew import Crew
from playbook_engine.runtime.incoming.outcomes import Skipped
from playbook_engine.runtime.requests import attended
from playbook_engine.runtime.stores.memory import MemoryStore
from shop import Shop, event, message
from story import MINUTE, at


class SetClock(SystemClock):
    """A clock that goes by itself, from where a test put it."""

    def __init__(self, now: str | int) -> None:
        super().__init__()
        self.at = now if isinstance(now, int) else at(now)

    def now(self) -> int:
        self._latest = max(self._latest, self.at)
        return self._latest


class Services:
    """`stuck` are conversations whose calls hang until `release`. Notes what was carried, and how many at once."""

    dry = False

    def __init__(
        self, *stuck: str, answer: Callable[[Delivery], Receipt] = lambda delivery: Receipt("delivered")
    ) -> None:
        self.stuck = {f"post-{person}" for person in stuck}
        self.release = Signal()
        self.answer = answer
        self.carried: list[tuple[str, str]] = []
        self.under_way: set[str] = set()
        self.most = 0
        self._lock = Lock()

    def promise(self, delivery: Delivery) -> str:
        return "key"

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        return Receipt("unknown")

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        with self._lock:
            assert delivery.incident not in self.under_way, "two calls of one incident at one time"
            self.under_way.add(delivery.incident)
            self.most = max(self.most, len(self.under_way))
        if delivery.parameters.get("conversation") in self.stuck:
            assert self.release.wait(30)
        else:
            time.sleep(0.002)
        with self._lock:
            self.under_way.remove(delivery.incident)
            self.carried.append((delivery.incident, delivery.key))
        return self.answer(delivery)


@contextmanager
def open_shop(
    services: Services, now: str = "mon 10:00", lanes: Callable[[Delivery], str] = lambda delivery: "one"
) -> Iterator[Shop]:
    shop = Shop(carrier=services, clock=SetClock(now), crew=Crew(lanes, lambda lane: 4))
    try:
        yield shop
    finally:
        services.release.set()
        shop.engine.rest()


def one_at_a_time() -> Crew:
    return Crew(lambda delivery: "one", lambda lane: 1)


def sent_to(shop: Shop, services: Services) -> set[str]:
    """The customers whom something was sent to."""
    customers = {incident.id: incident.customer for incident in shop.store.incidents()}
    return {customers[incident] for incident, key in services.carried if ":notify:" not in key}


def test_a_stuck_call_keeps_back_no_other_incident() -> None:
    services = Services("cleo")
    with open_shop(services) as shop:
        people = ["cleo", *(f"p{n}" for n in range(20))]
        shop.takes(*(message(f"e{n}", "mon 10:00", person=person) for n, person in enumerate(people)))
        for _ in range(200):
            if len(sent_to(shop, services)) == 20:
                break
            time.sleep(0.01)
            shop.wakes("mon 10:00")
        assert sent_to(shop, services) == {f"p{n}" for n in range(20)}
        assert [row.delivery.incident for row in shop.store.deliveries("sending")] == [
            incident.id for incident in shop.store.incidents() if incident.customer == "cleo"
        ]
    assert {row.status for row in shop.store.deliveries()} == {"delivered"}


def test_a_place_that_is_stuck_keeps_back_no_other_place() -> None:
    stuck = [f"p{n}" for n in range(8)]
    services = Services(*stuck)
    with open_shop(
        services, lanes=lambda one: "bad" if one.parameters.get("conversation") in services.stuck else "good"
    ) as shop:
        shop.takes(*(message(f"e{n}", "mon 10:00", person=person) for n, person in enumerate([*stuck, "cleo"])))
        for _ in range(200):
            if services.carried:
                break
            time.sleep(0.01)
        shop.wakes("mon 10:00")
        assert (sent_to(shop, services), len(services.under_way)) == ({"cleo"}, 4)
    assert {row.status for row in shop.store.deliveries()} == {"delivered"}


def test_many_are_carried_at_one_time_and_never_two_of_one_incident() -> None:
    services = Services()
    with open_shop(services) as shop:
        for n in range(60):
            shop.takes(message(f"e{n}", "mon 10:00", "broken?", person=f"p{n % 7}"))
    assert 1 < services.most <= 4
    assert len({key for _, key in services.carried}) == len(services.carried) == len(list(shop.store.deliveries()))


def test_what_is_tried_again_is_not_overtaken_within_its_conversation() -> None:
    faults = ["again", "again"]

    def answer(delivery: Delivery) -> Receipt:
        first = delivery.key.endswith(":reply:x:1")
        return Receipt(faults.pop() if first and faults else "delivered")

    services = Services(answer=answer)
    with open_shop(services) as shop:
        shop.takes(message("e1", "mon 10:00", "hello", person="cleo"))
        shop.engine.rest()
        shop.takes(
            event(
                "a1",
                "message.sent",
                "mon 10:00",
                by="ann",
                text="Hi.",
                channel="x",
                account="shop",
                conversation="post-cleo",
                message="a1",
            )
        )
        shop.takes(message("e2", "mon 10:00", "lovely", person="cleo"))
        clock = shop.engine.clock
        assert isinstance(clock, SetClock)
        for _ in range(12):
            clock.at += 10_000
            shop.wakes(clock.at)
            shop.engine.rest()
    sends = [key for _, key in services.carried if ":notify:" not in key]
    assert sends == sorted(sends)


def test_the_engine_waits_for_its_calls_before_it_ends() -> None:
    services = Services()
    shop = Shop(carrier=services, clock=SetClock("mon 10:00"), crew=Crew(lambda one: "x", lambda lane: 4))
    with shop.engine:
        shop.takes(*(message(f"e{n}", "mon 10:00", person=f"p{n}") for n in range(9)))
    assert {row.status for row in shop.store.deliveries()} == {"delivered"}
    assert len(shop.events("action.delivered")) == 9


def test_whoever_waits_for_the_next_instant_hears_of_calls_that_have_ended() -> None:
    services = Services("cleo")
    with open_shop(services) as shop:
        shop.takes(message("e1", "mon 10:00", person="cleo"))
        now = at("mon 10:00")
        assert shop.engine.next_due() == at("mon 10:45")
        shop.takes(message("e2", "mon 10:00", "broken", person="cleo"))
        assert shop.engine.next_due() == now + 200
        services.release.set()
        for _ in range(200):
            if shop.engine.next_due() == now:
                break
            time.sleep(0.01)
        assert shop.engine.next_due() == now
    assert {row.status for row in shop.store.deliveries()} == {"delivered"}


def test_who_is_stopped_by_hand_waits_for_the_calls_under_way_and_begins_no_other() -> None:
    services = Services("cleo")
    shop = Shop(carrier=services, clock=SetClock("mon 10:00"), crew=one_at_a_time())
    Timer(0.1, services.release.set).start()
    shop.engine.__enter__()
    shop.takes(message("e1", "mon 10:00", person="cleo"), message("e2", "mon 10:00", person="dora"))
    shop.engine.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert {row.status for row in shop.store.deliveries()} == {"delivered", "waiting"}
    assert len(services.carried) == 1


class FullNowAndThen(MemoryStore):
    """A store whose next `fails` commits find no room."""

    fails = 0

    def commit(self) -> None:
        if self.fails:
            self.fails -= 1
            self.rollback()
            raise StoreError("the disk is full")
        super().commit()


def test_an_outcome_that_could_not_be_kept_is_kept_later_and_nothing_is_sent_again() -> None:
    store, services = FullNowAndThen(), Services("dora")
    shop = Shop(store=store, carrier=services, clock=SetClock("mon 10:00"), crew=Crew(lambda one: "x", lambda lane: 4))
    shop.takes(message("e1", "mon 10:00", person="cleo"), message("e2", "mon 10:00", "broken", person="dora"))
    services.release.set()
    for _ in range(3):
        store.fails = 1
        with pytest.raises(StoreError, match="full"):
            shop.engine.rest()
    shop.engine.rest()
    assert {row.status for row in store.deliveries()} == {"delivered"}
    assert len({key for _, key in services.carried}) == len(services.carried)


def test_what_could_not_be_written_down_does_not_leave() -> None:
    store, services = FullNowAndThen(), Services()
    shop = Shop(store=store, carrier=services, clock=SetClock("mon 10:00"), crew=Crew(lambda one: "x", lambda lane: 4))
    shop.takes(message("e1", "mon 10:00", person="cleo"))
    shop.engine.rest()
    before = list(services.carried)
    store.fails = 1
    with pytest.raises(StoreError, match="full"):
        shop.takes(message("e2", "mon 10:00", person="dora"))
    shop.engine.rest()
    assert services.carried == before
    shop.takes(message("e2", "mon 10:00", person="dora"))
    shop.engine.rest()
    assert len(services.carried) > len(before)


# After an outage


def test_after_an_outage_the_most_overdue_leave_first_and_what_a_person_answered_meanwhile_does_not() -> None:
    before = Shop(clock=SetClock("mon 09:00"), carrier=Services(answer=lambda one: Receipt("again")))
    for n, minutes in enumerate((5, 3, 1, 2, 4, 0)):
        asked = at("mon 09:00") - minutes * MINUTE
        before.takes(replace(message(f"e{n}", "mon 09:00", person=f"p{minutes}"), at=asked))
    services = Services()
    after = Shop(store=before.store, carrier=services, clock=SetClock("mon 15:00"), crew=one_at_a_time())
    thread = {"channel": "x", "account": "shop", "conversation": "post-p3", "message": "a1"}
    after.takes(event("a1", "message.sent", "mon 15:00", by="ann", text="Here I am.", **thread))
    after.engine.caught_up()
    after.wakes("mon 15:00")
    after.engine.rest()
    customers = {incident.id: incident.customer for incident in after.store.incidents()}
    assert [customers[incident] for incident, key in services.carried if ":reply:" in key] == [
        "p5",
        "p4",
        "p2",
        "p1",
        "p0",
    ]
    (ended,) = [each for each in after.events("action.expired") if ":reply:" in str(each.data["key"])]
    answered = after.store.incident(ended.incident)
    assert answered is not None
    assert (answered.customer, answered.taken_by) == ("p3", "ann")
    assert ended.data["because"] == "answered"
    assert "undecided" not in [
        note.kind for one in after.decisions for note in one.notes if one.incident.id == ended.incident
    ]


def test_what_is_too_old_after_an_outage_is_recorded_and_not_sent() -> None:
    shop = Shop(clock=SetClock("mon 09:00"), carrier=Services(answer=lambda one: Receipt("again")))
    shop.takes(message("e1", "mon 09:00", person="cleo"))
    services = Services()
    late = Shop(
        store=shop.store, carrier=services, clock=SetClock("wed 09:01"), crew=Crew(lambda one: "x", lambda lane: 4)
    )
    late.engine.caught_up()
    late.wakes("wed 09:01")
    late.engine.rest()
    assert not [key for _, key in services.carried if ":reply:" in key]
    (expired,) = [each for each in late.events("action.expired") if ":reply:" in str(each.data["key"])]
    assert any(note.kind == "cancelled" and note.because == "too-late" for one in late.decisions for note in one.notes)
    assert expired.incident == late.incident.id


def test_late_timers_are_counted_logged_and_told_to_one_person_once(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop(clock=SetClock("mon 09:00"), carrier=Services())
    shop.takes(*(message(f"e{n}", "mon 09:00", "broken", person=f"p{n}") for n in range(5)))
    assert "late" not in caplog.text
    late = Shop(store=shop.store, carrier=Services(), clock=SetClock("mon 12:00"))
    late.wakes("mon 12:00").wakes("mon 12:00")
    told = [row for row in late.store.deliveries() if ":late:" in row.key]
    assert [(row.delivery.person, row.status) for row in told] == [("bob", "delivered")]
    assert "nothing was running" in told[0].delivery.parameters["subject"]
    assert caplog.text.count("nothing was running") == 1
    assert late.engine.watchdog.late == 5
    assert late.engine.watchdog.worst >= 2 * 60 * MINUTE


# Input that is waited for


def test_time_passes_while_nothing_comes_in() -> None:
    more, looks = Signal(), list[bool]()

    def items() -> Iterator[Skipped]:
        yield piece("1")
        assert more.wait(10)
        yield piece("2")

    def look(idle: bool) -> None:
        looks.append(idle)
        if looks.count(True) == 3:
            more.set()

    assert list(attended(items(), look)) == [piece("1"), piece("2")]
    assert looks[0] is False
    assert looks[-1] is True


def test_what_reading_raises_is_raised_after_what_came_before_it() -> None:
    def items() -> Iterator[Skipped]:
        yield piece("1")
        raise OSError("gone")

    found = attended(items(), lambda idle: None)
    assert next(found) == piece("1")
    with pytest.raises(OSError, match="gone"):
        list(found)


def piece(place: str) -> Skipped:
    return Skipped(place=place, mapping="x", kind="like")
