"""A run that can be killed anywhere. One process imports everything and waits; each job is a child that it forks.

Jobs come as JSON lines on stdin. For each the waiting process says `pid N`, and `ended N` with the exit status when
it is over (negative: the signal).
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from playbook_engine.errors import StoreError
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import carriers_for
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.dispatcher import Carrier
from playbook_engine.runtime.settings import read_settings
from playbook_engine.runtime.store import Store
from playbook_engine.runtime.stores.sqlite import SqliteStore
from repeating import POLICY, traffic
from shop import Shop
from story import MINUTE, at

REGISTRY = Registry.build(third_party=False)

WRITES = (
    *("begin", "commit", "rollback", "only_engine", "add_event", "put_conversation", "put_incident", "stop_waking"),
    *("put_thread", "add_record", "add_delivery", "put_delivery", "put_entries", "drop_entries", "set_aside"),
    *("put_mode", "add_mark", "drop_marks", "put_policy", "put_clock"),
)


@dataclass(frozen=True)
class Job:
    """`die` is `before:N` or `after:N`: at the N-th write; `before:commit:N` counts that kind only.

    `pages` bounds the store's file, `bytes` every file; `user` is who works. `count` is how many events there are;
    `writes` names a file for the kinds of all writes, in order. With `wall` a clock goes by itself, twenty minutes in
    a second, several calls are under way at one time, and with `steps` the machine's clock is set forward and back.
    """

    url: str
    settings: str
    count: int = 60
    batch: int = 10
    die: str = ""
    pages: int = 0
    bytes: int = 0
    user: int = 0
    patience: float = 5.0
    wall: bool = False
    steps: tuple[int, ...] = ()
    writes: str = ""


class Dying:
    """A store whose process dies at one of its writes."""

    def __init__(self, store: Store, die: str) -> None:
        self._store = store
        self._when, _, rest = die.partition(":")
        kind, _, number = rest.rpartition(":")
        self._kind, self._left = kind, int(number or 0)
        self.written: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._dying(name, found) if name in WRITES else found

    def _dying(self, name: str, write: Any) -> Any:
        def written(*given: Any) -> Any:
            self.written.append(name)
            mine = self._kind in ("", name)
            self._left -= mine
            if mine and self._left == 0 and self._when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = write(*given)
            if mine and self._left == 0 and self._when == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return written


class FastClock(SystemClock):
    """Twenty minutes in a second, from where the store was left; `step` is how far somebody has set it (ms)."""

    def __init__(self, begin: int) -> None:
        super().__init__()
        self._begin = begin
        self._began = time.monotonic_ns()
        self.step = 0

    def now(self) -> int:
        passed = (time.monotonic_ns() - self._began) // 1_000_000 * 1_200
        self._latest = max(self._latest, self._begin + passed + self.step)
        return self._latest


def work(job: Job, carrier: Carrier | None = None, store: Store | None = None) -> Store:
    """The whole run; what the store holds already changes nothing."""
    carrier = carrier or carriers_for(REGISTRY.carriers, read_settings(Path(job.settings)), job.url)
    opened = store or _opened(job)
    dying: Any = Dying(opened, job.die)
    events = list(traffic(job.count))
    if job.wall:
        _work_by_the_wall(job, dying, carrier)
        return opened
    shop = Shop(POLICY, store=dying, carrier=carrier, batch=job.batch)
    with shop.engine as engine:
        for each in events:
            engine.take(each)
        engine.wake(events[-1].at + 300 * MINUTE)
    if job.writes:
        Path(job.writes).write_text(json.dumps(dying.written))
    return opened


def _work_by_the_wall(job: Job, store: Any, carrier: Any) -> None:
    """As a live run does: each event is seen when it comes, and the run goes on until nothing is left to do."""
    clock = FastClock(max(store.clock(), at("mon 09:00")))
    shop = Shop(POLICY, store=store, carrier=carrier, batch=1, clock=clock, crew=carrier.crew())
    with shop.engine as engine:
        for n, each in enumerate(traffic(job.count)):
            clock.step = job.steps[n * len(job.steps) // job.count] if job.steps else 0
            if store.seen(each.source, each.id) is None:
                engine.take(replace(each, at=clock.now(), seen_at=clock.now()))
        engine.caught_up()
        for _ in range(40):
            engine.wake(clock.now())
            engine.rest()
            time.sleep(0.01)


def _opened(job: Job) -> Store:
    if job.user:
        os.setuid(job.user)
    store = SqliteStore(job.url.removeprefix("sqlite:"), job.patience)
    if job.pages:
        store._db.execute(f"PRAGMA max_page_count = {job.pages}")
    return store


def child(job: Job) -> int:
    """Exit status 0, or 2 where the store says why it cannot go on."""
    if job.bytes:
        # A write beyond it fails, as it does on a full disk, once the signal is no longer deadly.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job.bytes, job.bytes))
    try:
        work(job).close()
    except StoreError as error:
        print(f"store {error}", flush=True)
        return 2
    except BaseException:
        traceback.print_exc()
        return 3
    return 0


def main() -> None:
    logging.disable(logging.ERROR)
    for line in sys.stdin:
        job = Job(**json.loads(line))
        pid = os.fork()
        if pid == 0:
            os._exit(child(job))
        print(f"pid {pid}", flush=True)
        _, status = os.waitpid(pid, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main()
