"""Runs that are killed and started again until they come to their end, and what must hold of them then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import unquote

from crash.worker import Job, work
from crash.world import World, busy
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.runtime.dispatcher import Recorder
from playbook_engine.runtime.past import replayed
from playbook_engine.runtime.store import Store, open_store
from playbook_engine.runtime.stores.memory import MemoryStore
from repeating import POLICY, traffic
from shop import kept

TESTS = Path(__file__).parents[1]


class Sometimes(Recorder):
    """What the services of the world answer, without them; of some keys nobody knows whether they went."""

    dry = False

    def __init__(self, unknown: frozenset[str]) -> None:
        super().__init__()
        self.unknown = unknown

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        if delivery.key in self.unknown:
            return Receipt("unknown", error="cut off while it was being sent")
        if delivery.channel == "email":
            return Receipt("delivered", message=letter_of(delivery.key))
        if busy(delivery.key, now // 1000):
            return Receipt("again", error="the service answered 503")
        return Receipt("delivered", message=f"sent-{delivery.key}")


def letter_of(key: str) -> str:
    """The Message-ID of a notification."""
    from playbook_plugins.email import _name

    return f"{_name(key)}@example.com"


@dataclass
class Runs:
    """One store, worked on by one process after another. `deaths` counts those killed, `killed` over all stores.

    `more` is what every job is told besides.
    """

    place: Path
    world: World
    process: subprocess.Popen[str]
    count: int = 60
    batch: int = 10
    deaths: int = 0
    pid: int = 0
    killed: int = 0
    more: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"sqlite:{self.place / 's.db'}"

    def begin(self, place: Path) -> None:
        """Goes on with a new store, and with services that remember nothing."""
        place.mkdir()
        self.place, self.deaths = place, 0
        self.world.begin()

    def start(self, **more: Any) -> None:
        settings = self.place / "settings.yaml"
        settings.write_text(self.world.settings)
        job = Job(self.url, str(settings), self.count, self.batch, **{**self.more, **more})
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asdict(job)) + "\n")
        self.process.stdin.flush()
        self.pid = int(self._line("pid "))

    def end(self) -> int:
        """Waits; gives the exit status, negative for a signal."""
        status = int(self._line("ended "))
        self.pid = 0
        self.deaths += status == -9
        self.killed += status == -9
        return status

    def run(self, **more: Any) -> int:
        self.start(**more)
        return self.end()

    def killed_after(self, seconds: float) -> int:
        self.start()
        timer = Timer(seconds, self.kill, [self.pid])
        timer.start()
        status = self.end()
        timer.cancel()
        return status

    def killed_at_random(self, seed: int, within: float) -> int:
        """At most `within` seconds after it began, and later each time: on a busy machine little is done in that."""
        return self.killed_after(within * (1 + self.deaths / 5) * chance(seed, self.killed))

    def kill(self, pid: int) -> None:
        # Its parent waits for it and says so before anybody else may have its number.
        if self.pid == pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _line(self, begin: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(begin):
                return line.removeprefix(begin).strip()
            self.said.append(line.strip())
        raise AssertionError("the worker is gone")


@contextmanager
def runs(place: Path, world: World, **more: Any) -> Iterator[Runs]:
    order = [sys.executable, "-m", "crash.worker"]
    with subprocess.Popen(order, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Runs(place, world, process, **more)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def uninterrupted(count: int, batch: int, unknown: frozenset[str] = frozenset()) -> tuple[list[Any], ...]:
    """What a store holds after a run that nobody killed."""
    return kept(work(Job("memory:", "", count, batch), Sometimes(unknown), MemoryStore()))


def check(run: Runs) -> dict[str, int]:
    """Nothing lost, nothing twice, and byte for byte what a run that nobody kills decides.

    A mail server cannot be asked: what was cut off while it had the mail is unknown, and a person is asked. Beside
    such a run is put one in which nobody knows either. Gives what was counted.
    """
    store = open_store(run.url)
    unknown = frozenset(row.key for row in store.deliveries("unknown"))
    held = kept(store)
    assert held == uninterrupted(run.count, run.batch, unknown), "not what an uninterrupted run decides"
    assert not list(store.deliveries("sending"))
    _sent_once(store, run.world, unknown)
    store.close()
    repeated = len(run.world.asked) - len(set(run.world.asked))
    return {
        "deaths": run.deaths,
        "calls": len(run.world.asked),
        "again with their key": repeated,
        "unknown": len(unknown),
    }


def check_promises(run: Runs) -> None:
    """What holds of any run, on any clock: every event decided, every decision recomputed, nothing lost or twice."""
    store = open_store(run.url)
    taken = {each.id for each in store.events() if each.source == "test"}
    assert taken == {each.id for each in traffic(run.count)}, "an event was lost"
    assert not list(store.deliveries("sending"))
    for incident in store.incidents():
        assert all(past.same for past in replayed(store, incident.id, lambda digest: POLICY)), "decided otherwise"
    told = Counter(each.data["key"] for each in store.events() if each.type == "action.delivered")
    assert set(told.values()) <= {1}, "an outcome was told twice"
    _sent_once(store, run.world, frozenset(row.key for row in store.deliveries("unknown")))
    store.close()


def _sent_once(store: Store, world: World, unknown: frozenset[str]) -> None:
    delivered = list(store.deliveries("delivered"))
    mailed = [row.key for row in delivered if row.leaving.channel == "email"]
    called = [row.key for row in delivered if row.leaving.channel != "email"]
    assert sorted(map(unquote, world.taken)) == sorted(called), "the web service took something else"
    letters = world.letters
    assert set(letters.values()) <= {1}, "a mail went twice"
    assert {letter_of(key) for key in mailed} <= set(letters), "a mail was lost"
    assert set(letters) <= {letter_of(key) for key in {*mailed, *unknown}}, "a mail of which the store knows nothing"


def chance(seed: int, n: int) -> float:
    """The n-th number of a series that the seed alone determines, from 0 to 1."""
    return int.from_bytes(sha256(f"{seed}:{n}".encode()).digest()[:4], "big") / 2**32


def campaign(run: Runs, kills: int, seed: int, within: float) -> Iterator[dict[str, int]]:
    """Kills processes at random moments of at most `within` seconds of their lives until so many were killed.

    A run that comes to its end is checked, and the next begins with a store of its own.
    """
    place, n = run.place, 0
    while run.killed < kills:
        n += 1
        run.begin(place / f"run{n}")
        while run.killed_at_random(seed, within):
            assert not run.said, run.said
        yield check(run)
