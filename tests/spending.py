"""Many processes that spend one budget of one store, some of them killed in the middle."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from playbook_engine.decide.grant import Entry, Verdict, grant
from playbook_engine.errors import StoreError
from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.runtime import ledger
from playbook_engine.runtime.store import Store, open_store

TALLY = "money:care"
THINKING = 0.002
"""Seconds."""


@dataclass(frozen=True)
class Spent:
    """What the ledger held at the most at any look, and in the end; `killed` processes were made to begin again."""

    most: int
    total: int
    killed: int
    claims: int


def spend(url: str, limit: int, amount: int, workers: int = 16, kills: int = 6) -> Spent:
    """Lets every worker ask for twice its share, kills some by SIGKILL and has their work repeated."""
    each = limit // amount * 2 // workers + 1
    with closing(open_store(url)) as store:
        running = [_started(url, number, each, amount, limit) for number in range(workers)]
        victims = [number * workers // kills for number in range(kills)]
        spare = [_started(url, number, each, amount, limit) for number in victims]
        for worker in running:
            _go(worker)
        most = killed = 0
        while any(worker.poll() is None for worker in running):
            now = _total(store)
            most = max(most, now)
            if killed < kills and now > limit * (killed + 1) // (kills + 2):
                victim = victims[killed]
                running[victim].kill()
                running[victim].wait()
                _close(running[victim])
                running[victim] = spare[killed]
                _go(running[victim])
                killed += 1
        ends = [worker.wait() for worker in running]
        for worker in running:
            _close(worker)
        assert ends == [0] * workers
        return Spent(max(most, _total(store)), _total(store), killed, each * workers)


def work(url: str, worker: int, each: int, amount: int, limit: int) -> None:
    """Claims for deliveries of this worker's own; one that was granted before it was killed counts once."""
    asked = Claim(tally=TALLY, amount=amount, limit=limit, over="ask")
    with closing(open_store(url)) as store:
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(each):
            key = f"w{worker}:{number}"
            delivery = Delivery(key=key, incident="i1", action="coupon", channel="x", parameters={}, claims=(asked,))
            while not _answered(store, delivery):
                pass


def _answered(store: Store, delivery: Delivery) -> bool:
    try:
        ledger.claim(store, delivery, 1)
    except StoreError:
        return False  # the others had the store for longer than one waits
    return True


def _started(url: str, *numbers: int) -> subprocess.Popen[str]:
    """A worker that is ready, and waits until it is told to go, so that all begin at once."""
    program = [sys.executable, __file__, url, *map(str, numbers)]
    worker = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def _go(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin is not None
    worker.stdin.write("\n")
    worker.stdin.flush()


def _close(worker: subprocess.Popen[str]) -> None:
    for stream in (worker.stdin, worker.stdout):
        if stream is not None:
            stream.close()


def _total(store: Store) -> int:
    return sum(entry.amount for entry in store.entries(TALLY, None))


def _thinking(entries: Iterable[Entry], delivery: Delivery, now: int) -> Verdict:
    """Takes its time between reading the ledger and writing it, which is when others would get in between."""
    time.sleep(THINKING)
    return grant(entries, delivery, now)


if __name__ == "__main__":
    ledger.grant = _thinking  # type: ignore[attr-defined]
    work(sys.argv[1], *map(int, sys.argv[2:]))
