"""What people ask of a running engine from another process: left in its store, taken in through its door.

A request is dropped after it was taken in, so a crash in between brings it twice; the door knows it by its id.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from msgspec import json

from playbook_engine.runtime.door import Door
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.incoming.outcomes import Incoming, Outcome
from playbook_engine.runtime.running import Listener, take
from playbook_engine.runtime.store import Store, encode

EVERY = 0.2
"""Seconds between two looks at requests and timers, whether anything comes in or not."""

AHEAD = 1_000
"""Pieces of input that are read before the engine has asked for them."""


def leave_request(store: Store, incoming: Incoming) -> None:
    """Leaves an event for the engine of this store."""
    store.add_request(encode(incoming))


def take_requests(engine: Engine, door: Door, listener: Listener, idle: bool) -> None:
    """Takes in everything that people have asked for, and what has come due by now.

    `idle` says that nothing else waits to be taken in.
    """
    if idle:
        engine.caught_up()
    engine.flush()
    for n, body in engine.store.requests():
        take(engine, door, json.decode(body, type=Incoming), listener)
        engine.flush()
        engine.store.drop_request(n)
    engine.wake(engine.clock.now())
    engine.flush()


@dataclass
class _End:
    """After the last piece; `fault` is what ended the reading, None for the end of the input."""

    fault: BaseException | None = None


def attended(incoming: Iterable[Outcome], look: Callable[[bool], object]) -> Iterator[Outcome]:
    """The same pieces in the same order, and `look(idle)` every `EVERY` seconds, also while nothing comes.

    A thread reads ahead. What it raises is raised here, after the pieces before it.
    """
    ahead: queue.Queue[Outcome | _End] = queue.Queue(AHEAD)
    threading.Thread(target=_read, args=(incoming, ahead), daemon=True, name="reader").start()
    look(False)
    looked = time.monotonic()
    while True:
        if time.monotonic() - looked >= EVERY:
            look(ahead.empty())
            looked = time.monotonic()
        try:
            piece = ahead.get_nowait() if not ahead.empty() else _next(ahead, look)
        except queue.Empty:
            continue
        if isinstance(piece, _End):
            break
        yield piece
    if piece.fault is not None:
        raise piece.fault
    look(True)


def _next(ahead: queue.Queue[Outcome | _End], look: Callable[[bool], object]) -> Outcome | _End:
    """Whoever waits for input must not keep the store's transaction open."""
    try:
        return ahead.get(timeout=0.01)
    except queue.Empty:
        look(True)
        return ahead.get(timeout=EVERY)


def _read(incoming: Iterable[Outcome], ahead: queue.Queue[Outcome | _End]) -> None:
    try:
        for piece in incoming:
            ahead.put(piece)
    except BaseException as fault:
        ahead.put(_End(fault))
    else:
        ahead.put(_End())
