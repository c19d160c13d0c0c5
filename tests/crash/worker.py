"""A run that can be killed anywhere. One process imports everything and waits; each job is a child that it forks.

Jobs come as JSON lines on stdin. For each the waiting process says `pid N`, and `ended N` with the exit status when
it is over (negative: the signal).
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook_engine.errors import StoreError
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import carriers_for
from playbook_engine.runtime.dispatcher import Carrier
from playbook_engine.runtime.settings import read_settings
from playbook_engine.runtime.store import Store
from playbook_engine.runtime.stores.sqlite import SqliteStore
from repeating import POLICY, traffic
from shop import Shop
from story import MINUTE

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
    `writes` names a file for the kinds of all writes, in order.
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


def work(job: Job, carrier: Carrier | None = None, store: Store | None = None) -> Store:
    """The whole run; what the store holds already changes nothing."""
    opened = store or _opened(job)
    dying: Any = Dying(opened, job.die)
    carrier = carrier or carriers_for(REGISTRY.carriers, read_settings(Path(job.settings)), job.url)
    shop = Shop(POLICY, store=dying, carrier=carrier, batch=job.batch)
    events = list(traffic(job.count))
    with shop.engine as engine:
        for each in events:
            engine.take(each)
        engine.wake(events[-1].at + 300 * MINUTE)
    if job.writes:
        Path(job.writes).write_text(json.dumps(dying.written))
    return opened


def _opened(job: Job) -> Store:
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
    if job.user:
        os.setuid(job.user)
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
