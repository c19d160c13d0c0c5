"""The ledger in a store: one transaction, whoever asks, and pauses before it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from playbook_engine.decide.grant import Entry, Granted, Over, Wait
from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.model.incident import Incident
from playbook_engine.runtime.ledger import claim, paused_by
from playbook_engine.runtime.store import Pause, Store, encode, open_store, transaction
from playbook_engine.runtime.stores.memory import MemoryStore


def delivery(key: str, *claims: Claim, action: str = "send", channel: str = "x") -> Delivery:
    return Delivery(key=key, incident="i1", action=action, channel=channel, parameters={}, claims=claims)


RATE = Claim("t", 1, 2, per=100)


def test_a_grant_is_written_down_and_a_refusal_is_not() -> None:
    store = MemoryStore()
    given = [claim(store, delivery(key, RATE), at) for key, at in (("a", 1), ("b", 2), ("c", 3))]
    assert given == [Granted(), Granted(), Wait(101, "t")]
    assert store.entries("t", None) == [Entry("t", "a", 1, 1), Entry("t", "b", 1, 2)]


def test_a_delivery_gets_all_that_it_claims_or_nothing() -> None:
    store = MemoryStore()
    wanted = delivery("a", RATE, Claim("u", 9, 8, over="ask"))
    assert claim(store, wanted, 1) == Over("u", "ask")
    assert store.entries("t", None) == []


def test_a_retry_takes_the_place_of_its_first_attempt() -> None:
    store = MemoryStore()
    for at in (1, 50, 99):
        assert claim(store, delivery("a", RATE), at) == Granted()
    assert store.entries("t", None) == [Entry("t", "a", 1, 99)]


def test_one_tally_claimed_twice_is_read_as_far_back_as_the_longer_window() -> None:
    store = MemoryStore()
    claim(store, delivery("a", Claim("t", 1, 9)), 1)
    short, long = Claim("t", 1, 9, per=10), Claim("t", 1, 1, per=1_000)
    assert claim(store, delivery("b", short, long), 500) == Wait(1_001, "t")
    assert claim(store, delivery("b", long, short), 500) == Wait(1_001, "t")
    assert claim(store, delivery("b", short, Claim("t", 1, 1)), 5_000) == Over("t", "ask")


PAUSES = {
    "nothing is paused": ((), "send", ""),
    "everything": (("everything",), "send", "everything"),
    "the delivery's channel": (("channel:x",), "send", "channel:x"),
    "another channel": (("channel:y",), "send", ""),
    "the incident's department": (("department:care",), "send", "department:care"),
    "another department": (("department:sales",), "send", ""),
    "our own people are told all the same": (("everything",), "notify", ""),
}


@pytest.mark.parametrize("name", PAUSES)
def test_a_pause_keeps_back_what_lies_within_it(name: str) -> None:
    scopes, action, found = PAUSES[name]
    store = MemoryStore()
    incident = Incident(
        version=1,
        id="i1",
        threads=("t",),
        channel="x",
        account="shop",
        public=True,
        opened_at=1,
        opened_by="s#e",
        clock=1,
        department="care",
    )
    store.put_incident(incident, encode(incident))
    for scope in scopes:
        store.pause(Pause(scope=scope, since=1))
    assert paused_by(store, delivery("a", action=action)) == found


def granted(store: Store, prefix: str, count: int) -> int:
    many = Claim("all", 3, 30, over="drop")
    wanted = [delivery(f"{prefix}{n}", many) for n in range(count)]
    return sum(isinstance(claim(store, each, n), Granted) for n, each in enumerate(wanted))


def test_two_threads_never_exceed_a_limit_together(tmp_path: Path) -> None:
    stores = [open_store(f"sqlite:{tmp_path / 's.db'}") for _ in range(2)]
    counts = [0, 0]

    def work(n: int) -> None:
        counts[n] = granted(stores[n], f"thread{n}:", 40)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = stores[0].entries("all", None)
    assert (sum(counts), sum(entry.amount for entry in held)) == (10, 30)
    for store in stores:
        store.close()


def test_threads_that_share_a_store_never_exceed_a_limit_together() -> None:
    store = MemoryStore()
    counts: list[int] = []
    threads = [threading.Thread(target=lambda n=n: counts.append(granted(store, f"thread{n}:", 40))) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(counts), sum(entry.amount for entry in store.entries("all", None))) == (10, 30)


WORK = """
import sys
from playbook_engine.decide.grant import Granted
from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.runtime.ledger import claim
from playbook_engine.runtime.store import open_store

store, count = open_store(sys.argv[1]), 0
print("ready", flush=True)
sys.stdin.readline()
for n in range(60):
    wanted = Delivery(
        key=f"{sys.argv[2]}:{n}", incident="i", action="send", channel="x", parameters={},
        claims=(Claim("all", 3, 150, over="drop"), Claim(f"own:{n}", 1, 1, over="drop")),
    )
    count += isinstance(claim(store, wanted, n), Granted)
print(count)
"""


def test_two_processes_never_exceed_a_limit_together(tmp_path: Path) -> None:
    """150 in threes is room for 50, and of each pair with the same number only one may leave."""
    url = f"sqlite:{tmp_path / 's.db'}"
    store = open_store(url)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, url, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    counts = [int(worker.communicate()[0]) for worker in workers]
    assert (sum(counts), sum(entry.amount for entry in store.entries("all", None))) == (50, 150)
    store.close()


def test_a_claim_joins_the_transaction_it_is_made_in() -> None:
    store = MemoryStore()

    class Interrupted(Exception):
        pass

    def cut_off() -> None:
        with transaction(store):
            assert claim(store, replace(delivery("a", RATE)), 1) == Granted()
            raise Interrupted

    with pytest.raises(Interrupted):
        cut_off()
    assert store.entries("t", None) == []
