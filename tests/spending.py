"""Many processes that spend one budget of one store, some of them killed in the middle."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass

from playbook_engine.errors import StoreError
from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.runtime.ledger import claim
from playbook_engine.runtime.store import Store, open_store

TALLY = "money:care"


@dataclass(frozen=True)
class Spent:
    """What the ledger held at the most at any look, and in the end; `killed` processes were made to begin again."""

    most: int
    total: int
    killed: int
    claims: int


def spend(url: str, limit: int, amount: int, workers: int = 16, kills: int = 6) -> Spent:
    """Lets every worker ask for an eighth more than its share, kills some by SIGKILL and has their work repeated."""
    each = limit // amount * 9 // 8 // workers + 1
    with closing(open_store(url)) as store:
        running = [_started(url, number, each, amount, limit) for number in range(workers)]
        most = killed = 0
        while any(worker.poll() is None for worker in running):
            now = _total(store)
            most = max(most, now)
            if killed < kills and now > limit * (killed + 1) // (kills + 2):
                victim = killed * workers // kills
                running[victim].kill()
                running[victim].wait()
                running[victim] = _started(url, victim, each, amount, limit)
                killed += 1
        assert [worker.wait() for worker in running] == [0] * workers
        return Spent(max(most, _total(store)), _total(store), killed, each * workers)


def work(url: str, worker: int, each: int, amount: int, limit: int) -> None:
    """Claims for deliveries of this worker's own; one that was granted before it was killed counts once."""
    asked = Claim(tally=TALLY, amount=amount, limit=limit, over="ask")
    with closing(open_store(url)) as store:
        for number in range(each):
            key = f"w{worker}:{number}"
            delivery = Delivery(key=key, incident="i1", action="coupon", channel="x", parameters={}, claims=(asked,))
            while not _answered(store, delivery):
                pass


def _answered(store: Store, delivery: Delivery) -> bool:
    try:
        claim(store, delivery, 1)
    except StoreError:
        return False  # the others had the store for longer than one waits
    return True


def _started(url: str, *numbers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, __file__, url, *map(str, numbers)])


def _total(store: Store) -> int:
    return sum(entry.amount for entry in store.entries(TALLY, None))


if __name__ == "__main__":
    work(sys.argv[1], *map(int, sys.argv[2:]))
