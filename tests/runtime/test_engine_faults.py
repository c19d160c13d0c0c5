"""What the engine does when something goes wrong: nothing is lost, and nobody else has to wait."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from playbook_engine.decide.advance import advance
from playbook_engine.errors import StoreError
from playbook_engine.model.decision import Decision
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.intake import MOST_EMITTED
from playbook_engine.runtime.stores.memory import MemoryStore
from playbook_engine.runtime.stores.sqlite import SqliteStore
from shop import Shop, message
from story import at

INTAKE = "playbook_engine.runtime.intake.advance"


def test_an_incident_whose_timers_never_end_keeps_nobody_else_from_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop().takes(
        message("e1", "mon 10:00", "broken", person="cleo"), message("e2", "mon 10:00", "broken", person="dora")
    )
    stuck, living = sorted(incident.id for incident in shop.store.incidents())

    def other(policy: Policy, incident: Incident | None, event: Event | None, *rest: object) -> object:
        if event is None and incident is not None and incident.id == stuck:
            return ()
        return advance(policy, incident, event, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(INTAKE, other)
    shop.wakes("mon 12:00")
    assert shop.aside() == [("stuck-timer", stuck)]
    assert {decision.incident.id for decision in shop.decisions if decision.type == "timer.due"} == {living}


def test_one_event_brings_about_at_most_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:

    def other(policy: Policy, incident: Incident | None, event: Event | None, *rest: object) -> object:
        decisions: tuple[Decision, ...] = advance(policy, incident, event, *rest)  # type: ignore[arg-type]
        if event is None or event.type not in ("message.received", "source.silent"):
            return decisions
        count = 120 if event.type == "message.received" else 0
        emits = tuple(
            Event(source="engine", id=f"{event.id}:{n}", type="source.silent", at=0, seen_at=0) for n in range(count)
        )
        return (*decisions[:-1], replace(decisions[-1], emits=emits))

    monkeypatch.setattr(INTAKE, other)
    shop = Shop().takes(message("e1", "mon 10:00"))
    assert len(shop.events("source.silent")) == MOST_EMITTED == 100
    assert [reason for reason, _ in shop.aside()] == ["too-many-events"] * 20
    assert {kept.seen_at for kept in shop.events("source.silent")} == {at("mon 10:00")}


def test_an_event_that_cannot_be_decided_keeps_no_other_out(monkeypatch: pytest.MonkeyPatch) -> None:

    def other(policy: Policy, incident: Incident | None, event: Event | None, *rest: object) -> object:
        if event is not None and event.id == "e1":
            raise KeyError("cleo@example.com")
        return advance(policy, incident, event, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(INTAKE, other)
    shop = Shop().takes(message("e1", "mon 10:00", person="cleo"), message("e2", "mon 10:00", person="dora"))
    (letter,) = shop.store.dead_letters()
    assert (letter.reason, letter.sentence) == ("not-decided", "KeyError")
    assert [incident.customer for incident in shop.store.incidents()] == ["dora"]


def test_a_key_that_is_used_twice_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:

    def other(policy: Policy, incident: Incident | None, event: Event | None, *rest: object) -> object:
        decisions: tuple[Decision, ...] = advance(policy, incident, event, *rest)  # type: ignore[arg-type]
        last = decisions[-1]
        return (*decisions[:-1], replace(last, deliveries=last.deliveries * 2))

    monkeypatch.setattr(INTAKE, other)
    shop = Shop().takes(message("e1", "mon 10:00"))
    assert [reason for reason, _ in shop.aside()] == ["key-reused"]
    assert len(shop.carried("send")) == 1


def test_what_a_failing_store_did_not_keep_is_not_kept_by_halves(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "s.db"))
    shop = Shop(store=store, batch=100).takes(message("e1", "mon 10:00"))
    before = list(store.records())
    shop.engine.take(message("e2", "mon 10:01"))
    store._db.execute("PRAGMA max_page_count = 1")
    many = [message(f"f{n}", "mon 10:02", person=f"p{n}") for n in range(500)]
    with pytest.raises(StoreError, match="full"):
        shop.takes(*many)
    assert (list(store.records()), store.in_transaction) == (before, False)
    store.close()


class CutOff(BaseException):
    """What ends a process in the middle of a call."""


class Unsure:
    """A carrier whose first call is cut off, to a service that nobody can ask."""

    dry = False

    def __init__(self, promise: str) -> None:
        self.promised = promise
        self.calls: list[str] = []

    def promise(self, delivery: Delivery) -> str:
        return self.promised

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        self.calls.append(delivery.key)
        if len(self.calls) == 1:
            raise CutOff
        return Receipt("delivered", message=f"sent-{len(self.calls)}")

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        return Receipt("unknown")


@pytest.mark.parametrize("promise", ["none", "key"])
def test_a_call_that_was_cut_off_is_taken_up_by_the_next_process(promise: str) -> None:
    store, carrier = MemoryStore(), Unsure(promise)
    with pytest.raises(CutOff):
        Shop(store=store, carrier=carrier).takes(message("e1", "mon 10:00"))
    (row,) = store.deliveries("sending")
    shop = Shop(store=store, carrier=carrier)
    with shop.engine:
        pass
    told = [each.type for each in store.events() if each.data.get("key") == row.key]
    if promise == "key":
        assert (told, carrier.calls) == (["action.delivered"], [row.key, row.key])
    else:
        assert (told, carrier.calls.count(row.key)) == (["action.unknown"], 1)
        assert [delivery.person for delivery in shop.decisions[0].deliveries] == ["bob"]
