"""Sixteen at once: one budget is never exceeded, and nothing is said twice, whoever of them is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread

import pytest
from msgspec.structs import replace

from crash.spending import BUDGET, filled, work
from playbook_engine.model.delivery import Delivery
from playbook_engine.runtime.store import Store, open_store
from playbook_engine.runtime.stores.memory import MemoryStore

SIXTEEN = 16


def check(store: Store, sent: list[str]) -> None:
    """Of each pair one may leave; all that was sent is in the ledger, once; the budget holds, and hardly more fits."""
    entries = store.entries("spend:care", None)
    spent = sum(entry.amount for entry in entries)
    assert len(sent) == len(set(sent))
    assert sorted(sent) == sorted(entry.delivery for entry in entries)
    assert BUDGET - 130 < spent <= BUDGET
    assert len({int(key[1:]) // 2 for key in sent}) == len(sent)


def together(work_one: Callable[[], object]) -> None:
    threads = [Thread(target=work_one) for _ in range(SIXTEEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("incidents", [1, 40])
@pytest.mark.parametrize("kind", ["memory", "sqlite", "sqlite, a store each"])
def test_sixteen_threads(kind: str, incidents: int, tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 's.db'}"
    store = MemoryStore() if kind == "memory" else open_store(url)
    filled(store, incidents)
    sent: list[str] = []
    lock = Lock()

    def send(delivery: Delivery) -> None:
        with lock:
            sent.append(delivery.key)

    def work_one() -> None:
        own = open_store(url) if kind.endswith("each") else store
        work(own, send)
        if own is not store:
            own.close()

    together(work_one)
    check(store, sent)
    store.close()


def test_sixteen_processes_of_which_six_are_killed(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 's.db'}"
    store = open_store(url)
    filled(store, 7)
    program = [sys.executable, str(Path(__file__).with_name("spending.py")), url]
    workers = [
        subprocess.Popen(
            [*program, str(n % 3 + 1) if n < 6 else ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(SIXTEEN)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    sent = [key for worker in workers for key in worker.communicate()[0].split()]
    assert {worker.returncode for worker in workers} <= {0, -9}
    check(store, sent)
    under_way = [row.key for row in store.deliveries("sending")]
    assert len(under_way) == sum(worker.returncode == -9 for worker in workers)
    assert {*under_way} <= {*sent}
    store.close()


def test_sixteen_threads_that_say_the_same_thing_say_it_once(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 's.db'}")
    filled(store, 1)
    row = store.delivery("g0")
    assert row is not None
    same = replace(row, delivery=replace(row.delivery, key="i0:1:reply:x:1"))
    added: list[bool] = []
    together(lambda: added.append(store.add_delivery(same)))
    assert sorted(added) == [*[False] * (SIXTEEN - 1), True]
    store.close()
