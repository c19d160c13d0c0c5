"""A history taken through a policy as fast as it goes: the real engine, a store in memory, the events' own clock.

Nothing leaves: every delivery counts as delivered, as in a dry run. A history that may be cut is replayed in parts, by
as many processes as are given; whoever counts adds the parts up, and gets the same sums for any number of them.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.clock import Clock, EventsClock
from playbook_engine.runtime.dispatcher import Recorder
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.incoming.outcomes import Outcome
from playbook_engine.runtime.parting import Stamped, parted, stamped, whole
from playbook_engine.runtime.running import Listener, run
from playbook_engine.runtime.store import open_store

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

BATCH = 1_000
"""Events a commit; in memory a commit costs little."""

TELL_EVERY = 100
"""Events after which a process tells how far it is."""

ASK_EVERY = 0.2
"""Seconds between two looks at how far the processes are."""


class Counting(Protocol):
    """What a replay is counted by. It must be able to go from one process to another."""

    def add(self, decision: Decision) -> None: ...

    def admitted(self, event: Event) -> None: ...

    def aside(self, reason: str) -> None: ...

    def repeated(self) -> None: ...

    def passed_over(self) -> None: ...

    def merge(self, other: Any) -> None:
        """Adds what another counted of another part of the same history."""


C = TypeVar("C", bound=Counting)
Load = Callable[[Path], tuple[Policy, Callable[[Event], Any]]]
"""The policy of a playbook, and who enriches events for it. It is called in every process, so it must be importable."""


@dataclass(frozen=True)
class Replaying(Generic[C]):
    """One history through one policy. `until(now)` says how far time goes on after the last event (ms UTC)."""

    path: Path
    load: Load
    counting: Callable[[], C]
    until: Callable[[int], int] = lambda now: now


@dataclass(frozen=True)
class _Part(Generic[C]):
    path: Path
    load: Load
    counting: Callable[[], C]
    pieces: list[Stamped]
    end: int


def replay(
    askings: Sequence[Replaying[C]],
    outcomes: Sequence[Outcome],
    processes: int,
    progress: Callable[[int], object],
    noted: Callable[[str], object],
) -> list[C]:
    """What each asking counted of the history.

    `progress` hears how many pieces of input are done, over all policies; `noted` why a history was not cut.
    """
    parts: list[_Part[C]] = []
    owners: list[int] = []
    for number, asking in enumerate(askings):
        for part in _parts(asking, outcomes, processes, noted):
            parts.append(part)
            owners.append(number)
    found = [asking.counting() for asking in askings]
    for owner, counted in zip(owners, _worked(parts, processes, progress), strict=True):
        found[owner].merge(counted)
    return found


def _parts(
    asking: Replaying[C], outcomes: Sequence[Outcome], processes: int, noted: Callable[[str], object]
) -> Iterator[_Part[C]]:
    policy, _ = asking.load(asking.path)
    pieces = stamped(Terms.of(policy), outcomes)
    end = asking.until(max((piece.at for piece in pieces if piece.at is not None), default=0))
    why = whole(policy)
    if why and processes > 1:
        noted(f"{policy.name} is replayed in one process: {why}")
    for part in [pieces] if why else parted(pieces, processes):
        yield _Part(asking.path, asking.load, asking.counting, part, end)


def _worked(parts: Sequence[_Part[C]], processes: int, progress: Callable[[int], object]) -> list[C]:
    if processes == 1 or len(parts) == 1:
        done = _Done(progress)
        return [_work(part, done.more) for part in parts]
    spawning = multiprocessing.get_context("spawn")
    told: Synchronized[int] = spawning.Value("q", 0)
    count = min(processes, len(parts))
    with ProcessPoolExecutor(count, spawning, initializer=_begin, initargs=(told,)) as pool:
        futures = [pool.submit(_work_there, part) for part in parts]
        while wait(futures, timeout=ASK_EVERY).not_done:
            progress(told.value)
        progress(told.value)
        return [future.result() for future in futures]


class _Done:
    def __init__(self, progress: Callable[[int], object]) -> None:
        self._count = 0
        self._progress = progress

    def more(self, count: int) -> None:
        self._count += count
        self._progress(self._count)


_told: Synchronized[int] | None = None
"""In a process of the pool: how far all of them are."""


def _begin(told: Synchronized[int]) -> None:
    global _told
    _told = told


def _work_there(part: _Part[C]) -> C:
    def more(count: int) -> None:
        if _told is not None:
            with _told.get_lock():
                _told.value += count

    return _work(part, more)


def _work(part: _Part[C], more: Callable[[int], object]) -> C:
    policy, enrich = part.load(part.path)
    counting = part.counting()
    listener = Listener(
        admitted=counting.admitted,
        set_aside=lambda letter: counting.aside(letter.reason),
        duplicate=lambda _: counting.repeated(),
        skipped=lambda _: counting.passed_over(),
    )
    clock = EventsClock()
    with closing(open_store("memory:")) as store:
        recorder = Recorder(lambda delivery: None)
        engine = Engine(
            policy, store, recorder, clock, batch=BATCH, observers=[counting.add], set_aside=listener.set_aside
        )
        with engine:
            door = Door(Terms.of(policy), store, clock, wake=engine.wake, enrich=enrich)
            run(engine, door, _on_time(part.pieces, clock, more), listener, lambda now: part.end)
    return counting


def _on_time(pieces: Iterable[Stamped], clock: Clock, more: Callable[[int], object]) -> Iterator[Outcome]:
    """Each piece when the whole history's clock stands where it would be seen, though other parts moved it there."""
    told = count = 0
    for count, piece in enumerate(pieces, 1):
        if piece.at is not None:
            clock.reach(piece.at)
        yield piece.outcome
        if count - told >= TELL_EVERY:
            more(count - told)
            told = count
    more(count - told)
