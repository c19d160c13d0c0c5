"""Events in, decisions kept, deliveries out: one engine on one store."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from freezegun import freeze_time
from msgspec import json
from msgspec.structs import replace

from playbook_engine.errors import StoreError
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.personal import public_incident
from playbook_engine.runtime.record import RecordedDecision
from playbook_engine.runtime.store import Pause, encode, open_store
from playbook_engine.runtime.stores.memory import MemoryStore
from playbook_engine.runtime.stores.sqlite import SqliteStore
from playbook_engine.study.summary import Summary
from shop import Shop, event, message
from story import DAY, HOUR, MINUTE, at, compiled

# Taking in


def test_one_message_leaves_an_incident_a_thread_a_record_and_what_was_sent() -> None:
    shop = Shop().takes(message("e1", "mon 10:00", "how are you?"))
    incident = shop.incident
    thread = shop.store.thread("x|shop|post|post-cleo")
    assert thread is not None
    assert thread.customers == {"cleo": incident.id}
    assert shop.carried("send") == [f"{incident.id}:1:reply:x:1"]
    assert shop.kinds() == ["message.received", "action.delivered"]
    assert [record.event for record in shop.store.records(incident.id)] == [
        "test#e1",
        f"engine#{incident.id}:1:reply:x:1#1",
    ]
    assert incident.sent[0].state == "delivered"


def test_the_outcome_of_a_delivery_is_an_event_with_a_number_of_its_own() -> None:
    policy = compiled()
    shop = Shop(policy).takes(message("e1", "mon 10:00"), message("e2", "mon 10:00", person="dora"))
    told = [(kept.seq, kept.type, kept.seen_at, kept.policy) for kept in shop.store.events()]
    assert told[1] == (2, "action.delivered", at("mon 10:00"), policy.digest)
    assert [(seq, type) for seq, type, _, _ in told] == [
        (1, "message.received"),
        (2, "action.delivered"),
        (3, "message.received"),
        (4, "action.delivered"),
    ]


def test_an_event_gets_the_number_at_which_it_is_taken_in() -> None:
    shop = Shop().takes(message("e1", "mon 10:00", "broken"))
    number = shop.store.next_seq()
    shop.takes(message("e2", "mon 10:45", seq=number))
    assert [kept.type for kept in shop.store.events(after=number - 1)][:2] == ["action.delivered", "message.received"]
    assert [kept.seq for kept in shop.store.events()] == list(range(1, shop.store.next_seq()))


def test_a_record_holds_what_decided_and_the_digest_of_the_incident_after() -> None:
    shop = Shop(mark="engine-mark").takes(message("e1", "mon 10:00", "broken"))
    bodies = [json.decode(record.body, type=RecordedDecision) for record in shop.store.records()]
    assert [body.because for body in bodies] == [decision.because for decision in shop.decisions]
    assert {body.engine for body in bodies} == {"engine-mark"}
    state = encode(public_incident(shop.incident))
    assert bodies[-1].state == sha256(state).hexdigest()
    assert encode(shop.decisions[-1].incident) == encode(shop.incident)


def test_the_same_event_again_changes_nothing() -> None:
    shop = Shop().takes(message("e1", "mon 10:00"))
    before = list(shop.store.events())
    shop.takes(message("e1", "mon 10:00"))
    assert (list(shop.store.events()), shop.aside()) == (before, [])


def test_an_id_used_for_other_content_is_set_aside() -> None:
    shop = Shop().takes(message("e1", "mon 10:00"), message("e1", "mon 10:01", "something else"))
    assert shop.aside() == [("id-reused", "test#e1")]
    assert len(shop.events("message.received")) == 1


def test_an_event_that_names_its_incident_goes_straight_to_it() -> None:
    shop = Shop().takes(message("e1", "mon 10:00"))
    id = shop.incident.id
    shop.takes(event("p1", "incident.acknowledged", "mon 10:05", incident=id, by="ann"))
    assert shop.incident.taken_by == "ann"


def test_an_event_for_an_incident_that_is_not_there_is_set_aside_and_said() -> None:
    heard = []
    shop = Shop(set_aside=lambda letter: heard.append(letter.reason))
    shop.takes(event("p1", "incident.acknowledged", "mon 10:05", incident="nowhere", by="ann"))
    shop.takes(event("p2", "message.deleted", "mon 10:06", message="unheard-of", channel="x", account="shop"))
    assert shop.aside() == [("no-such-incident", "test#p1"), ("no-such-incident", "test#p2")]
    assert heard == ["no-such-incident", "no-such-incident"]


def test_a_new_incident_names_the_one_before_it() -> None:
    shop = Shop().takes(message("e1", "mon 10:00", "lovely"))
    first = shop.incident.id
    shop.takes(event("p1", "incident.resolved", "mon 11:00", incident=first, by="ann"))
    shop.takes(message("e2", at("mon 11:00") + 8 * DAY))
    assert {incident.id: incident.previous for incident in shop.store.incidents()}[
        shop.decisions[-1].incident.id
    ] == first


def test_a_new_policy_decides_from_the_next_event_on() -> None:
    old, new = compiled(), compiled(replaced={"Thank you for the kind words.": "Thanks!"})
    shop = Shop(old).takes(message("e1", "mon 10:00"))
    shop.engine.use(new, "canonical text")
    shop.takes(message("e2", "mon 10:01"))
    assert [decision.policy for decision in shop.decisions if decision.type == "message.received"] == [
        old.digest,
        new.digest,
    ]
    assert shop.store.policy(new.digest) == "canonical text"


# Timers


def test_time_passes_from_instant_to_instant_and_by_incident() -> None:
    shop = Shop().takes(
        message("e1", "mon 10:00", "broken", person="cleo"), message("e2", "mon 10:00", "broken", person="dora")
    )
    before = len(shop.decisions)
    shop.wakes("mon 11:00")
    woken = [
        (decision.now - at("mon 10:00"), decision.incident.id)
        for decision in shop.decisions[before:]
        if decision.type == "timer.due"
    ]
    ids = sorted(incident.id for incident in shop.store.incidents())
    assert woken == [(45 * MINUTE, id) for id in ids] + [(HOUR, id) for id in ids]


def test_nothing_due_later_is_worked_off() -> None:
    shop = Shop().takes(message("e1", "mon 10:00", "broken"))
    shop.wakes(at("mon 10:45") - 1)
    assert "timer.due" not in shop.kinds()
    assert shop.engine.next_due() == at("mon 10:45")
    shop.wakes("mon 10:45")
    assert "timer.due" in shop.kinds()


def test_what_is_due_before_an_event_is_decided_before_it() -> None:
    shop = Shop().takes(message("e1", "mon 10:00", "broken", person="cleo"), message("e2", "mon 10:45", person="dora"))
    assert [(decision.type, decision.now - at("mon 10:00")) for decision in shop.decisions[3:5]] == [
        ("timer.due", 45 * MINUTE),
        ("action.delivered", 45 * MINUTE),
    ]


def test_a_wake_up_that_comes_late_twice_or_for_nothing_changes_nothing() -> None:
    steps = [at("mon 10:00") + n * 7 * MINUTE for n in range(60)]
    once = Shop().takes(message("e1", "mon 10:00", "broken")).wakes(steps[-1])
    often = Shop().takes(message("e1", "mon 10:00", "broken"))
    for step in steps:
        often.wakes(step).wakes(step)
    assert list(often.store.records()) == list(once.store.records())


def test_an_incident_of_a_newer_release_is_left_alone() -> None:
    shop = Shop().takes(message("e1", "mon 10:00", "broken"))
    newer = replace(shop.incident, version=99)
    shop.store.put_incident(newer, encode(newer))
    shop.takes(message("e2", "mon 10:01")).wakes("mon 12:00")
    assert shop.aside() == [("newer-incident", newer.id), ("newer-incident", newer.id)]
    assert shop.incident == newer


# Deliveries

LIMITS = """
limits:
  - {id: one-person, of: send, per: author, max: 1, in: 10m, then: hold}
  - {id: pager, of: notify, per: person, max: 1, in: 1h, then: digest}
"""


def test_a_message_over_a_rate_leaves_at_the_instant_at_which_there_is_room() -> None:
    shop = Shop(compiled(more=LIMITS))
    shop.takes(message("e1", "mon 10:00"), message("e2", "mon 10:01", conversation="post-two"))
    assert (len(shop.carried("send")), [kept.at for kept in shop.events("action.held")]) == (1, [at("mon 10:01")])
    shop.wakes("mon 11:00")
    assert len(shop.carried("send")) == 2
    assert [kept.at for kept in shop.events("action.delivered")][:2] == [at("mon 10:00"), at("mon 10:10")]


def test_a_person_is_told_of_many_matters_in_one() -> None:
    shop = Shop(compiled(more=LIMITS))
    shop.takes(*(message(f"e{n}", "mon 10:00", "broken", person=f"p{n}") for n in range(4))).wakes("mon 11:45")
    told = [delivery for delivery in shop.recorder.carried if delivery.person == "ann"]
    assert [len(str(delivery.parameters["text"]).split("\n\n")) for delivery in told] == [1, 7]
    assert len(list(shop.store.deliveries("digested"))) == 6
    summary = Summary()
    for decision in shop.decisions:
        summary.add(decision)
    left = len([each for each in shop.recorder.carried if each.action == "notify"])
    assert (summary.deliveries["notify", "delivered"], summary.deliveries["notify", "gathered"]) == (left, 6)


def test_everybody_whose_matter_stood_in_one_notification_hears_that_it_arrived() -> None:
    shop = Shop(compiled(more=LIMITS))
    shop.takes(*(message(f"e{n}", "mon 10:00", "broken", person=f"p{n}") for n in range(120))).wakes("mon 13:00")
    gathered = [row.key for row in shop.store.deliveries("digested")]
    delivered = {str(event.data["key"]) for event in shop.events("action.delivered")}
    assert len(gathered) > 120
    assert delivered.issuperset(gathered)
    assert shop.aside() == []


def test_a_pause_holds_what_goes_to_customers_until_it_is_lifted() -> None:
    shop = Shop()
    shop.store.pause(Pause(scope="department:care", since=0, by="bob"))
    shop.takes(message("e1", "mon 10:00", "broken"))
    assert (shop.carried("send"), len(shop.carried("notify"))) == ([], 1)
    assert [row.next_try for row in shop.store.waiting("paused")] == [at("wed 10:00") + 1]
    shop.store.lift("department:care", at("mon 10:30"))
    shop.wakes("mon 10:31")
    assert len(shop.carried("send")) == 1
    assert shop.events("action.delivered")[-1].at == at("mon 10:30")


class Strict:
    """A carrier that looks into the file from outside: what leaves must be on the disk before."""

    dry = False

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[tuple[str, int]] = []

    def promise(self, delivery: Delivery) -> str:
        return "key"

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        outside = open_store(self.url)
        row = outside.delivery(delivery.key)
        assert row is not None
        self.seen.append((row.status, outside.next_seq()))
        outside.close()
        return Receipt("delivered", message=f"sent-{delivery.key}")

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        return Receipt("unknown")


def test_nothing_leaves_before_its_intent_is_on_the_disk(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 's.db'}"
    carrier, store = Strict(url), open_store(url)
    Shop(store=store, carrier=carrier, batch=100).takes(
        message("e1", "mon 10:00", automatic=True), message("e2", "mon 10:01", "broken", person="dora")
    )
    # The first message is ignored and shares the commit; both deliveries of the second follow one another.
    assert carrier.seen == [("sending", 3), ("sending", 4)]
    store.close()


def test_an_outage_ends_without_a_storm() -> None:
    """On the machine's clock, what is decided late is decided as of its instant, but leaves late or not at all."""
    with freeze_time("2026-03-02T10:00:00Z") as frozen:
        shop = Shop(clock=SystemClock()).takes(message("e1", "mon 10:00", "broken"))
        frozen.move_to("2026-03-03T10:00:00Z")
        shop.wakes("tue 10:00")
    timers = [decision.now for decision in shop.decisions if decision.type == "timer.due"]
    assert timers[0] == at("mon 10:45")
    assert {kept.at for kept in shop.events("action.expired")} == {at("tue 10:00")}
    late = [row for row in shop.store.deliveries("delivered") if row.delivery.action == "notify"]
    assert all(row.delivery.not_after is None or row.delivery.not_after >= at("tue 10:00") for row in late)


def test_the_machines_clock_is_never_overtaken() -> None:
    with freeze_time("2026-03-02T10:00:00Z"):
        shop = Shop(clock=SystemClock()).takes(message("e1", "mon 10:00")).wakes("wed 10:00")
    assert "timer.due" not in shop.kinds()


# Leaving and coming back


def test_the_engine_commits_what_it_holds_when_it_is_left(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 's.db'}"
    store, outside = open_store(url), open_store(url)
    with Shop(store=store, batch=100).engine as engine:
        engine.take(message("e1", "mon 10:00"))
        assert outside.next_seq() == 1
    assert (outside.next_seq(), outside.clock()) == (3, at("mon 10:00"))
    store.close()
    outside.close()


def test_what_was_not_committed_is_taken_back_when_something_is_raised() -> None:
    class Interrupted(Exception):
        pass

    store = MemoryStore()

    def interrupted() -> None:
        with Shop(store=store, batch=100).engine as engine:
            engine.take(message("e1", "mon 10:00"))
            raise Interrupted

    with pytest.raises(Interrupted):
        interrupted()
    assert (store.next_seq(), store.in_transaction) == (1, False)


def test_a_second_engine_on_one_store_is_refused(tmp_path: Path) -> None:
    first = open_store(f"sqlite:{tmp_path / 's.db'}")
    second = SqliteStore(str(tmp_path / "s.db"), patience=0.05)
    with Shop(store=first).engine:
        refused = Shop(store=second).engine
        with pytest.raises(StoreError, match="a store has one engine"):
            refused.resume()
    first.close()
    refused.resume()
    second.close()


def test_progress_counts_events() -> None:
    counts: list[int] = []
    Shop(progress=counts.append).takes(message("e1", "mon 10:00"), message("e2", "mon 10:01"))
    assert counts == [1, 2]
