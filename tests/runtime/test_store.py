"""One contract for every store, and what a file on disk promises beyond it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from playbook_engine.decide.grant import Entry
from playbook_engine.model.delivery import Claim, Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Thread, Timer
from playbook_engine.runtime.incoming.cleaning import LONGEST_ID
from playbook_engine.runtime.store import (
    DELIVERY_DUE,
    INCIDENT_DUE,
    MODE_DUE,
    NEVER,
    DeadLetter,
    Due,
    Pause,
    Store,
    StoredDelivery,
    StoredMode,
    encode,
    open_store,
    transaction,
)
from postgresql_server import Server


class Interrupted(Exception):
    """What ends a transaction in these tests."""


def url_of(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new store of this kind."""
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        return server.store()
    return "memory:" if kind == "memory" else f"sqlite:{tmp_path / 'store.db'}"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(url_of(request.param, request, tmp_path))
    yield opened
    opened.close()


def event(id: str = "e1", seq: int = 1, **fields: object) -> Event:
    given = {"source": "s", "type": "message.received", "at": 1, "seen_at": 2, "channel": "x", **fields}
    return Event(id=id, seq=seq, **given)  # type: ignore[arg-type]


def incident(id: str = "i1", *timers: Timer) -> Incident:
    return Incident(
        version=1,
        id=id,
        threads=("t",),
        channel="x",
        account="shop",
        public=True,
        opened_at=1,
        opened_by="s#e1",
        clock=1,
        facts={"topics": ("a", "b"), "vip": True, "count": 3},
        timers=timers,
    )


def put(store: Store, kept: Incident) -> None:
    store.put_incident(kept, encode(kept))


def row(key: str, next_try: int = 0, **fields: object) -> StoredDelivery:
    delivery = Delivery(key=key, incident="i1", action="send", channel="x", parameters={"to": ("a",), "n": 1})
    own = {name: fields.pop(name) for name in list(fields) if name in Delivery.__struct_fields__}
    return StoredDelivery(delivery=replace(delivery, **own), next_try=next_try, **fields)  # type: ignore[arg-type]


def filled(store: Store, *rows: StoredDelivery) -> None:
    with transaction(store):
        put(store, incident())
        assert all([store.add_delivery(row) for row in rows])


def test_an_event_is_found_by_its_source_and_id(store: Store) -> None:
    store.add_event(event(), "d")

    assert store.event("s", "e1") == event()
    assert store.event("s", "e2") is None
    assert store.event("other", "e1") is None


def test_the_incident_that_decided_an_event_is_found_by_its_key(store: Store) -> None:
    store.put_incident(incident(), encode(incident()))
    store.add_record("i1", "s#e1", b"{}")

    assert store.decided_in("s#e1") == "i1"
    assert store.decided_in("s#e2") == ""


def test_an_event_is_kept_as_it_was_and_found_by_source_and_id(store: Store) -> None:
    kept = event(text="こわれた", enrichment={"vip": True, "tags": ("a",)}, data={"n": [1, {"a": None}]})
    with transaction(store):
        store.add_event(kept, "digest")
    assert (store.seen("s", "e1"), store.seen("s", "e2"), store.seen("S", "e1")) == ("digest", None, None)
    assert list(store.events()) == [kept]


def test_the_platforms_message_id_is_a_second_key_by_channel_and_type(store: Store) -> None:
    with transaction(store):
        store.add_event(event("e1", 1, message="m1"), "")
        store.add_event(event("e2", 2, message="m1", type="message.edited"), "")
        store.add_event(event("e3", 3), "")
    assert store.seen_message("x", "m1") == "s#e1"
    assert store.seen_message("x", "m1", "message.sent") is None
    assert store.seen_message("y", "m1") is None
    assert store.seen_message("x", "") is None


def test_a_message_leads_to_the_conversation_it_was_said_in(store: Store) -> None:
    with transaction(store):
        store.add_event(event("e1", 1, message="root"), "")
        store.add_event(event("e2", 2, message="answer", conversation="root"), "")
        store.add_event(event("e3", 3, message="whisper", public=False), "")
        store.put_conversation("x", "ours", "root")
    found = [store.conversation_of("x", name) for name in ("root", "answer", "ours", "whisper", "unheard")]
    assert found == ["root", "root", "root", "", ""]


def test_the_next_number_moves_only_when_an_event_is_kept(store: Store) -> None:
    assert (store.next_seq(), store.next_seq()) == (1, 1)
    with transaction(store):
        for n in (1, 2):
            store.add_event(event(f"e{n}", n), "")
    assert store.next_seq() == 3
    assert [kept.id for kept in store.events(after=1)] == ["e2"]


def test_records_come_in_the_order_in_which_they_were_made_from_any_of_them_on(store: Store) -> None:
    with transaction(store):
        for n, name in enumerate(("i1", "i2", "i1")):
            put(store, incident(name))
            store.add_record(name, f"e{n}", b"%d" % n)
    assert [[each.body for each in store.records(after=n)] for n in (1, 3)] == [[b"1", b"2"], []]


def test_an_incident_and_a_thread_come_back_equal(store: Store) -> None:
    kept = incident("i1", Timer(9, "1:reply", name="breach"))
    thread = Thread(key="t", version=1, customers={"p": "i1"}, closed=("i0",))
    with transaction(store):
        put(store, kept)
        store.put_thread(thread)
    assert (store.incident("i1"), store.incident("i2")) == (kept, None)
    assert (store.thread("t"), store.thread("u")) == (thread, None)
    with transaction(store):
        put(store, replace(kept, clock=9))
        store.put_thread(replace(thread, latest="i1"))
    assert [found.clock for found in store.incidents()] == [9]
    assert store.thread("t") == replace(thread, latest="i1")


def test_the_secret_of_an_incident_is_kept_until_it_is_taken_away(store: Store) -> None:
    with transaction(store):
        store.put_secret("i1", b"a" * 32)
        store.put_secret("i2", b"b" * 32)
        store.put_secret("i1", b"c" * 32)
    assert [store.secret(name) for name in ("i1", "i2", "i3")] == [b"c" * 32, b"b" * 32, None]
    store.put_secret("i1", None)
    assert [store.secret(name) for name in ("i1", "i2")] == [None, b"b" * 32]


def test_seals_come_in_the_order_in_which_they_were_added(store: Store) -> None:
    store.begin()
    store.add_seal(b"lost")
    store.rollback()
    for body in (b"2", b"1"):
        store.add_seal(body)
    assert list(store.seals()) == [b"2", b"1"]


def test_records_are_chained_for_each_incident(store: Store) -> None:
    with transaction(store):
        put(store, incident("i1"))
        put(store, incident("i2"))
        first = store.add_record("i1", "s#e1", b"one")
        store.add_record("i2", "s#e2", b"two")
        second = store.add_record("i1", "s#e3", b"three")
    assert first == sha256(bytes(32) + b"one").digest()
    assert second == sha256(first + b"three").digest()
    assert [(r.n, r.event, r.body, r.previous, r.hash) for r in store.records("i1")] == [
        (1, "s#e1", b"one", bytes(32), first),
        (2, "s#e3", b"three", first, second),
    ]
    assert [record.body for record in store.records()] == [b"one", b"two", b"three"]


def test_a_delivery_is_kept_once_and_changed_by_its_key(store: Store) -> None:
    kept = row("k", 5, rank=2, claims=(Claim("t", 1, 2),), not_after=70)
    filled(store, kept)
    with transaction(store):
        assert not store.add_delivery(row("k", 9))
        store.put_delivery(
            replace(
                kept,
                status="delivered",
                attempts=2,
                held="again",
                gathered=("a", "b"),
                joined=kept.delivery,
                receipt=Receipt("delivered", message="m"),
            )
        )
    found = store.delivery("k")
    assert found is not None
    assert (found.status, found.attempts, found.held, found.gathered) == ("delivered", 2, "again", ("a", "b"))
    assert (found.receipt, found.delivery.claims) == (Receipt("delivered", message="m"), (Claim("t", 1, 2),))
    assert found.joined == found.delivery
    assert [each.key for each in store.deliveries("delivered")] == ["k"]
    assert (list(store.deliveries("waiting")), store.delivery("other")) == ([], None)


def test_due_deliveries_come_by_rank_then_deadline_then_key(store: Store) -> None:
    filled(
        store,
        row("d", 10, rank=5),
        row("c", 10, rank=1, deadline=9),
        row("b", 0, rank=1, deadline=3),
        row("a", 10, rank=1, deadline=9),
        row("later", 11, rank=0),
        row("gone", 0, rank=0, status="delivered"),
    )
    assert store.due_deliveries(10) == ["b", "a", "c", "d"]


def test_those_that_wait_are_found_by_their_reason(store: Store) -> None:
    filled(store, row("b", 1, held="after"), row("a", 1, held="after"), row("c", 1, held="limit"))
    assert [found.key for found in store.waiting("after", "i1")] == ["a", "b"]
    assert [found.key for found in store.waiting("after")] == ["a", "b"]
    assert store.waiting("after", "i2") == []


def test_a_ledger_entry_is_replaced_by_a_later_one_of_the_same_delivery(store: Store) -> None:
    with transaction(store):
        store.put_entries([Entry("t", "k", 1, 5), Entry("t", "l", 2, 6), Entry("u", "k", 1, 5)])
        store.put_entries([Entry("t", "k", 1, 8)])
        store.put_entries([])
    assert sorted(store.entries("t", None), key=lambda e: e.at) == [Entry("t", "l", 2, 6), Entry("t", "k", 1, 8)]
    assert store.entries("t", 7) == [Entry("t", "k", 1, 8)]
    with transaction(store):
        store.drop_entries(row("k", claims=(Claim("t", 1, 2), Claim("v", 1, 2))).delivery)
    assert store.entries("t", None) == [Entry("t", "l", 2, 6)]
    assert store.entries("u", None) == [Entry("u", "k", 1, 5)]


def test_what_is_set_aside_keeps_its_bytes_and_its_order(store: Store) -> None:
    letters = [
        DeadLetter(reason="not-json", place="f:1", body=b"\xff{", at=3, sentence="f:1: not JSON"),
        DeadLetter(reason="id-reused", place="f:2", body=b"", at=2),
    ]
    with transaction(store):
        for letter in letters:
            store.set_aside(letter)
    assert list(store.dead_letters()) == letters


def test_a_mode_is_in_force_from_its_start_until_just_before_its_end(store: Store) -> None:
    with transaction(store):
        store.put_mode(StoredMode(id="storm", since=10, due=20, incident="i1"))
        store.put_mode(StoredMode(id="sale", since=12, by="ann"))
        store.put_mode(StoredMode(id="over"))
        store.pause(Pause(scope="channel:x", since=15))
    assert [store.modes_in_force(at) for at in (9, 10, 19, 20)] == [
        (),
        ("storm",),
        ("pause:channel:x", "sale", "storm"),
        ("pause:channel:x", "sale"),
    ]
    assert store.mode("storm") == StoredMode(id="storm", since=10, due=20, incident="i1")
    assert store.mode("other") is None


def test_marks_are_counted_from_the_end(store: Store) -> None:
    with transaction(store):
        for at in (5, 3, 3, 9):
            store.add_mark("m", at)
        store.add_mark("n", 7)
    assert [store.nth_last_mark("m", n) for n in (1, 2, 3, 4, 5)] == [9, 5, 3, 3, None]
    with transaction(store):
        store.drop_marks("m", before=5)
    assert [store.nth_last_mark("m", n) for n in (2, 3)] == [5, None]


def test_lifting_a_pause_lets_what_it_held_be_looked_at_again(store: Store) -> None:
    with transaction(store):
        store.pause(Pause(scope="everything", since=1, by="ann"))
        store.pause(Pause(scope="channel:x", since=2))
    filled(
        store,
        row("a", NEVER, held="paused"),
        row("b", NEVER, held="paused", not_before=50),
        row("c", 40, held="limit"),
    )
    assert [pause.scope for pause in store.pauses()] == ["channel:x", "everything"]
    with transaction(store):
        assert store.lift("everything", 30)
        assert not store.lift("everything", 30)
    found = {each.key: (each.next_try, each.held) for each in store.deliveries()}
    assert found == {"a": (30, ""), "b": (50, ""), "c": (40, "limit")}


def test_what_is_due_comes_by_instant_then_modes_then_incidents_then_deliveries(store: Store) -> None:
    assert store.next_due() is None
    filled(store, row("k", 7), row("never", NEVER, held="after"))
    with transaction(store):
        put(store, incident("i2", Timer(7)))
        put(store, incident("i1", Timer(7), Timer(8)))
        store.put_mode(StoredMode(id="m", since=1, due=7))
    assert store.next_due() == Due(7, MODE_DUE, "m")
    with transaction(store):
        store.put_mode(StoredMode(id="m"))
    assert store.next_due() == Due(7, INCIDENT_DUE, "i1")
    with transaction(store):
        put(store, incident("i1", Timer(8)))
        store.stop_waking("i2")
    assert store.next_due() == Due(7, DELIVERY_DUE, "k")
    with transaction(store):
        store.put_delivery(row("k", 9))
    assert store.next_due() == Due(8, INCIDENT_DUE, "i1")


def test_policies_and_the_clock_are_kept(store: Store) -> None:
    assert (store.clock(), store.policy("d")) == (0, None)
    with transaction(store):
        store.put_clock(5)
        store.put_clock(6)
        store.put_policy("d", "{}")
    assert (store.clock(), store.policy("d")) == (6, "{}")


def everything(store: Store) -> object:
    """All that a store can be asked."""
    return (
        [encode(kept) for kept in store.events()],
        store.next_seq(),
        store.seen_message("x", "m1"),
        store.conversation_of("x", "ours"),
        list(store.incidents()),
        store.thread("t"),
        list(store.records()),
        list(store.deliveries()),
        store.due_deliveries(1_000),
        store.entries("t", None),
        list(store.dead_letters()),
        store.modes_in_force(1_000),
        [store.nth_last_mark("m", n) for n in (1, 2, 3)],
        store.pauses(),
        store.policy("d"),
        store.clock(),
        store.next_due(),
    )


def fill(store: Store, n: int) -> None:
    store.add_event(event(f"e{n}", n, message=f"m{n}"), str(n))
    put(store, incident("i1", Timer(10 - n)))
    store.put_thread(Thread(key="t", version=n))
    store.add_record("i1", f"s#e{n}", b"%d" % n)
    store.add_delivery(row(f"k{n}", n))
    store.put_delivery(replace(row("k1", 100 + n), attempts=n))
    store.put_entries([Entry("t", "k", n, n), Entry("t", f"k{n}", n, n)])
    store.set_aside(DeadLetter(reason="r", place=str(n), body=b"", at=n))
    store.put_mode(StoredMode(id="storm", since=n, due=None if n > 1 else 500))
    store.add_mark("m", n)
    store.drop_marks("m", n)
    store.pause(Pause(scope=f"channel:{n}", since=n))
    store.lift(f"channel:{n - 1}", n)
    store.put_policy("d", str(n))
    store.put_conversation("x", "ours", str(n))
    store.put_clock(n)


def test_a_transaction_that_fails_leaves_nothing_behind(store: Store) -> None:
    with transaction(store):
        fill(store, 1)
    before = everything(store)

    def fail() -> None:
        with transaction(store):
            fill(store, 2)
            store.stop_waking("i1")
            assert everything(store) != before
            raise Interrupted

    with pytest.raises(Interrupted):
        fail()
    assert everything(store) == before
    assert not store.in_transaction


def test_an_inner_transaction_is_part_of_the_outer_one(store: Store) -> None:
    def fail() -> None:
        with transaction(store):
            with transaction(store):
                store.put_clock(5)
            raise Interrupted

    with pytest.raises(Interrupted):
        fail()
    assert store.clock() == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_store_answers_alike(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    stores = [open_store("memory:"), open_store(url_of(kind, request, tmp_path))]
    for each in stores:
        with transaction(each):
            fill(each, 1)
            fill(each, 2)
    assert everything(stores[0]) == everything(stores[1])
    stores[1].close()


def test_a_reading_shows_one_instant_and_writes_nothing(store: Store) -> None:
    filled(store, row("a"))
    store.begin_reading()
    assert ([each.key for each in store.deliveries()], store.in_transaction) == (["a"], True)
    store.rollback()
    assert not store.in_transaction


def test_texts_of_any_characters_come_back_as_they_were(store: Store) -> None:
    odd = ("a\0b", "\ufdd0", "\ufdd00", "𝔘" * 128, "%s ?")
    with transaction(store):
        for text in odd:
            store.put_policy(text, text)
            store.put_conversation("x", text, text)
    assert [(store.policy(text), store.conversation_of("x", text)) for text in odd] == [(text, text) for text in odd]


def test_the_longest_ids_that_the_door_lets_in_are_kept(store: Store) -> None:
    longest = "".join(chr(0x20000 + (n * 7919) % 40_000) for n in range(LONGEST_ID // 4))
    with transaction(store):
        store.add_event(event(longest, 1, source=longest[::-1], message=longest), "d")
        store.put_thread(Thread(key=f"x:{longest}:{longest[::-1]}", version=1))
    assert store.seen(longest[::-1], longest) == "d"


def test_a_thread_waits_until_the_others_transaction_is_over(store: Store) -> None:
    started, seen = threading.Event(), []

    def other() -> None:
        started.set()
        with transaction(store):
            seen.append(store.clock())

    with transaction(store):
        thread = threading.Thread(target=other)
        thread.start()
        started.wait()
        store.put_clock(7)
        assert seen == []
    thread.join()
    assert seen == [7]


def test_requests_are_kept_in_order_until_they_are_dropped(store: Store) -> None:
    for body in (b"one", b"two"):
        store.add_request(body)
    (first, _), (second, body) = store.requests()
    store.drop_request(first)

    assert store.requests() == [(second, body)]
    store.begin()
    store.add_request(b"three")
    store.rollback()
    assert [body for _, body in store.requests()] == [b"two"]
