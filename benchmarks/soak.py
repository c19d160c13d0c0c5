"""A run that goes on for a while at half of its capacity, with faults; whether it stays as it was.

    .venv/bin/python benchmarks/soak.py [--minutes 60] [--load 0.5] [--rate EVENTS_A_SECOND]

A playbook with short promises works on SQLite, on the machine's clock, with a web service and a mail server on
loopback that run in a process of their own, and are slow, refuse, or are down for a while now and then. Capacity is
measured first: how many events a second are taken in, with all that follows from them, as fast as they come. Then
events come at `--load` of it, or at `--rate`. Each minute prints one line; the last says by how much memory and open
files have grown since the first fifth of the time, and how late timers were. Exits with 1 where memory grew by more
than a tenth, files by more than eight, or one timer in a hundred was a second late.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from msgspec.structs import replace
from playbook_engine.runtime.ticking import TICK

from crash.world import World, world
from playbook_engine.model.event import Event
from playbook_engine.registry import Registry
from playbook_engine.runtime.carriers import carriers_for
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.rates import room_of
from playbook_engine.runtime.settings import read_settings
from playbook_engine.runtime.store import Store, open_store
from playbook_engine.runtime.watchdog import Watchdog
from shop import event, message
from story import compiled

POLICY = compiled(
    replaced={
        "desk: {open: {mon-fri: [09:00-17:00]}}": "desk: {open: {daily: [00:00-24:00]}}",
        "reply: 1h, next_reply: 2h": "reply: 20s",
        "apologise: 4h, resolve: {open_time: 16h}": "apologise: 40s, resolve: 60s",
        "acknowledge_within: 15m": "acknowledge_within: 10s",
        "overdue: 1h, notify: eve, repeat: {every: 30m, times: 2}": "overdue: 15s, notify: eve",
    },
    more="""
close_after: 2m
reopen_within: 1m
limits: [{id: pager, of: notify, per: person, max: 30, in: 1m, then: digest}]
""",
)
TEXTS = ("broken", "hello there", "broken again?", "lovely", "call 090-1234-5678", "broken")
DOWN_EVERY, DOWN_FOR = 180, 15
"""Seconds from one time at which the web service is down to the next, and how long it is."""


def outside(ask: Connection) -> None:
    """The services, in a process of their own until they are told to end."""
    with world() as services:
        services.down = lambda number: time.monotonic() % DOWN_EVERY < DOWN_FOR
        services.pause = 0.005
        ask.send(services.settings)
        forget(services, ask)


def forget(services: World, ask: Connection) -> None:
    """What they were given is not what is measured here."""
    while not ask.poll(5):
        del services.taken[:-5_000]
        services.box.envelopes.clear()


@contextmanager
def settings_of_services(folder: Path) -> Iterator[Path]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=outside, args=(there,))
    process.start()
    file = folder / "settings.yaml"
    file.write_text(here.recv())
    try:
        yield file
    finally:
        here.send("end")
        process.join()


class Run:
    """One engine on one store, and how late its timers were."""

    def __init__(self, place: Path, settings: Path) -> None:
        url = f"sqlite:{place}"
        registry = Registry.build(third_party=False)
        self.clock = SystemClock()
        self.lateness: list[int] = []
        self.store: Store = open_store(url)
        carrier = carriers_for(registry.carriers, read_settings(settings), url)
        self.engine = Engine(
            POLICY,
            self.store,
            carrier,
            self.clock,
            room=room_of(registry.send_rates, lambda delivery: False),
            crew=carrier.crew(),
            watchdog=Watchdog(self.lateness.append),
        )
        self.count = 0

    def next_event(self) -> Event:
        """A few hundred customers at a time; one in seven is answered by a person, who settles it."""
        n, now = self.count, self.clock.now()
        self.count += 1
        person = f"p{n // 400}-{n * 7 % 150}"
        if n % 7 == 6:
            thread = {"channel": "x", "account": "shop", "conversation": f"post-{person}", "message": f"a{n}"}
            return event(f"e{n}", "message.sent", now, by="ann", text="We are sorry, it is on its way.", **thread)
        return message(f"e{n}", now, TEXTS[n % len(TEXTS)], person=person)

    def take(self) -> None:
        one = self.next_event()
        self.engine.take(replace(one, at=one.seen_at))

    def idle(self) -> None:
        self.engine.caught_up()
        self.engine.wake(self.clock.now())
        self.engine.flush()


def capacity(run: Run, seconds: float = 60) -> float:
    """Events a second as fast as they come, all that they brought about delivered."""
    with run.engine:
        until = time.monotonic() + seconds
        began = time.monotonic()
        while time.monotonic() < until:
            run.take()
        run.idle()
        run.engine.rest()
    run.store.close()
    return run.count / (time.monotonic() - began)


def resident() -> int:
    """KB of memory in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def files() -> int:
    return len(os.listdir("/proc/self/fd"))


def soak(run: Run, minutes: float, rate: float) -> list[tuple[int, int]]:
    """(memory, files) every five seconds."""
    measured: list[tuple[int, int]] = []
    began = time.monotonic()
    said = measured_at = began
    with run.engine:
        while (now := time.monotonic()) < began + minutes * 60:
            behind = (now - began) * rate - run.count
            if behind >= 1:
                run.take()
            else:
                time.sleep(min(TICK, (1 - behind) / rate))
                run.idle()
            if now - measured_at > 5:
                measured_at = now
                measured.append((resident(), files()))
            if now - said > 60:
                said = now
                print(line(run, now - began, *measured[-1], behind), flush=True)
    return measured


def line(run: Run, seconds: float, memory: int, handles: int, behind: float) -> str:
    return (
        f"{seconds / 60:5.0f} min  {run.count:>9,} events  {memory / 1024:6.1f} MB  {handles:>3} files  "
        f"timers {len(run.lateness):>8,}  p99 late {percentile(run.lateness, 99):>6,} ms  behind {max(0, behind):>6.0f}"
    )


def percentile(values: list[int], share: int) -> int:
    ordered = sorted(values)
    return ordered[len(ordered) * share // 100] if ordered else 0


def summed(run: Run, measured: list[tuple[int, int]], states: Counter[str]) -> int:
    """Prints what came of it; the exit status."""
    fifth = measured[len(measured) // 5 :] or measured
    part = max(1, len(fifth) // 4)
    memory = [sum(row[0] for row in rows) / len(rows) for rows in (fifth[:part], fifth[-part:])]
    handles = [max(row[1] for row in rows) for rows in (fifth[:part], fifth[-part:])]
    late = {share: percentile(run.lateness, share) for share in (50, 99)}
    print(f"events {run.count:,}, deliveries {dict(sorted(states.items()))}")
    print(f"memory {memory[0] / 1024:.1f} -> {memory[1] / 1024:.1f} MB, open files {handles[0]} -> {handles[1]}")
    print(f"timers {len(run.lateness):,}: median {late[50]} ms late, p99 {late[99]} ms, worst {max(run.lateness)} ms")
    grown = memory[1] > memory[0] * 1.1 or handles[1] > handles[0] + 8
    return int(grown or late[99] > 1_000)


def within(folder: Path, do: Callable[[Path], int]) -> int:
    with settings_of_services(folder) as settings:
        return do(settings)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--load", type=float, default=0.5)
    options.add_argument("--rate", type=float, default=0.0)
    asked = options.parse_args()
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def do(settings: Path) -> int:
            rate = asked.rate
            if not rate:
                most = capacity(Run(folder / "capacity.db", settings))
                rate = most * asked.load
                print(f"capacity {most:.0f} events a second, here {rate:.0f}", flush=True)
            run = Run(folder / "soak.db", settings)
            with closing(run.store):
                measured = soak(run, asked.minutes, rate)
                states = Counter(row.status for row in run.store.deliveries())
            size = sum(file.stat().st_size for file in folder.glob("soak.db*"))
            print(f"store {size / 1e6:.0f} MB")
            return summed(run, measured, states)

        sys.exit(within(folder, do))


if __name__ == "__main__":
    main()
