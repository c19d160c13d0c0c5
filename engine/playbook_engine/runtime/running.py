"""A run: everything that comes in, taken through the door and the engine, until it is all done.

On the events' own clock time stands where the last event put it, and timers fire between events as time passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playbook_engine.model.event import Event
from playbook_engine.runtime.clock import Clock
from playbook_engine.runtime.door import Door, Duplicate
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.incoming.outcomes import Incoming, Outcome, SetAside, said_digest
from playbook_engine.runtime.store import DeadLetter, Store


@dataclass(frozen=True)
class Listener:
    """Whoever wants to hear of what comes in: each event as it is admitted, and what was not.

    `set_aside` hears of what was refused at the door and of what the engine itself could not place.
    """

    admitted: Callable[[Event], object] = lambda event: None
    set_aside: Callable[[SetAside | DeadLetter], object] = lambda letter: None
    duplicate: Callable[[Duplicate], object] = lambda duplicate: None
    skipped: Callable[[Outcome], object] = lambda skipped: None


def run(
    engine: Engine,
    door: Door,
    incoming: Iterable[Outcome],
    listener: Listener,
    until: Callable[[int], int] = lambda now: now,
) -> None:
    """Takes in everything, then works off what falls due up to `until(now)` (ms UTC), `now` being the clock's.

    Calls that are under way then are not waited for.
    """
    for outcome in incoming:
        if isinstance(outcome, Incoming):
            take(engine, door, outcome, listener)
        elif isinstance(outcome, SetAside):
            _put_aside(engine.store, outcome, engine.clock, listener)
        else:
            listener.skipped(outcome)
    engine.wake(until(engine.clock.now()))
    engine.flush()


def take(engine: Engine, door: Door, incoming: Incoming, listener: Listener) -> None:
    """Takes in one event through the door, or puts it aside with the reason."""
    admitted = door.admit(incoming)
    if isinstance(admitted, Event):
        listener.admitted(admitted)
        engine.take(admitted, said_digest(admitted))
    elif isinstance(admitted, SetAside):
        _put_aside(engine.store, admitted, engine.clock, listener)
    else:
        listener.duplicate(admitted)


def _put_aside(store: Store, letter: SetAside, clock: Clock, listener: Listener) -> None:
    """Kept with its reason and whole, as far as it goes; the run goes on."""
    store.set_aside(
        DeadLetter(reason=letter.reason, place=letter.place, body=letter.body, at=clock.now(), sentence=letter.sentence)
    )
    listener.set_aside(letter)
