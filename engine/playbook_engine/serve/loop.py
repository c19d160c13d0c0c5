"""The one thread that owns engine and store: what was handed in is decided, what falls due is worked off.

Whoever hands something in is answered after the commit, never before.
"""

from __future__ import annotations

import logging
import queue
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Event as Signal

from playbook_engine.errors import PlaybookError, StoreError
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.incoming.outcomes import Incoming, Outcome, SetAside
from playbook_engine.runtime.requests import take_requests
from playbook_engine.runtime.running import Listener, run
from playbook_engine.runtime.store import DeadLetter
from playbook_engine.runtime.watchdog import Watchdog

WAITING = 1_000
"""How many requests may wait for their turn; the next is told to come again."""

TURN = 0.5
"""Seconds after which the loop looks at the clock and the store, whatever happens."""

AFTER_FAULT = 1.0
"""Seconds of rest after something was raised, doubled up to a minute while it lasts."""

OUR_FAULT = "our-fault"
"""The reason of what is set aside because the engine itself failed."""

log = logging.getLogger(__name__)


class Busy(Exception):
    """As many wait as may wait; nothing was taken."""


@dataclass
class Taken:
    """What became of one request: counts, and the reason of each piece that was set aside."""

    taken: int = 0
    repeated: int = 0
    skipped: int = 0
    set_aside: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Request:
    outcomes: Sequence[Outcome]
    answer: Future[Taken]


@dataclass
class Figures:
    """What the loop has seen of itself. `last_turn` is ms UTC."""

    turns: int = 0
    faults: int = 0
    last_turn: int = 0
    requests: Counter[str] = field(default_factory=Counter)


class Loop:
    """`run` is the thread's; the other methods may be called from any."""

    def __init__(self, engine: Engine, door: Door, listener: Listener, waiting: int = WAITING) -> None:
        self._engine, self._door, self._listener = engine, door, listener
        self._queue: queue.Queue[_Request] = queue.Queue(waiting)
        self._next: tuple[Policy, str] | None = None
        self._stopped = Signal()
        self.figures = Figures()

    @property
    def waiting(self) -> int:
        return self._queue.qsize()

    @property
    def watchdog(self) -> Watchdog:
        return self._engine.watchdog

    def hand_in(self, outcomes: Iterable[Outcome]) -> Future[Taken]:
        """Raises Busy. The answer comes when everything is committed; it raises what kept it from being."""
        request = _Request(list(outcomes), Future())
        if self._stopped.is_set():
            raise Busy
        try:
            self._queue.put_nowait(request)
        except queue.Full:
            raise Busy from None
        return request.answer

    def use(self, policy: Policy, canonical: str) -> None:
        """Goes on with another policy from the next turn on."""
        self._next = policy, canonical

    def stop(self) -> None:
        """Lets the turn end, answers what was handed in, and ends."""
        self._stopped.set()

    def run(self) -> None:
        """Until `stop`. A fault of one request is that request's; one of the store makes all wait and try again."""
        rest = AFTER_FAULT
        while not (self._stopped.is_set() and self._queue.empty()):
            try:
                self._turn()
                rest = AFTER_FAULT
            except Exception as error:
                # A message may quote the customer; the type does not. Nothing was committed of the turn.
                self.figures.faults += 1
                log.error("the loop rests %g s: %s", rest, _said(error))
                self._stopped.wait(rest)
                rest = min(rest * 2, 60.0)
                if self._stopped.is_set():
                    break
        self._refuse_the_rest()
        self._let_calls_end()

    def _let_calls_end(self) -> None:
        try:
            self._engine.rest()
        except Exception as error:
            log.error("what was under way is taken up at the next start: %s", _said(error))

    def _turn(self) -> None:
        if self._next is not None:
            self._reload(*self._next)
        self._work_off()
        self.figures.turns += 1
        self.figures.last_turn = self._engine.clock.now()
        try:
            request = self._queue.get(timeout=0 if self._stopped.is_set() else self._pause())
        except queue.Empty:
            return
        self._answer(request)

    def _pause(self) -> float:
        due = self._engine.next_due()
        return TURN if due is None else min(TURN, max(0, due - self._engine.clock.now()) / 1_000)

    def _work_off(self) -> None:
        take_requests(self._engine, self._door, self._listener, self._queue.empty())

    def _answer(self, request: _Request) -> None:
        """One request is one commit at least; what it raises is told to whoever sent it, who will send it again."""
        taken = Taken()
        if not request.answer.set_running_or_notify_cancel():
            return
        try:
            run(self._engine, self._door, request.outcomes, _heard(self._listener, taken))
        except StoreError as error:
            self.figures.requests["failed"] += 1
            request.answer.set_exception(error)
            raise
        except Exception as error:
            log.error("a request is set aside: %s", type(error).__name__)
            taken = self._kept(request)
        self.figures.requests["answered"] += 1
        request.answer.set_result(taken)

    def _kept(self, request: _Request) -> Taken:
        """What the engine could not decide, by our own fault, is kept whole: sent again it would fail again."""
        pieces = [each for each in request.outcomes if isinstance(each, Incoming | SetAside)]
        for each in pieces:
            letter = DeadLetter(reason=OUR_FAULT, place=each.place, body=each.body, at=self._engine.clock.now())
            self._engine.store.set_aside(letter)
            self._listener.set_aside(letter)
        self._engine.flush()
        return Taken(set_aside=[OUR_FAULT] * len(pieces))

    def _reload(self, policy: Policy, canonical: str) -> None:
        self._next = None
        self._engine.use(policy, canonical)
        self._door = replace(self._door, terms=Terms.of(policy))
        log.info("the playbook %s is in force", policy.digest[:12])

    def _refuse_the_rest(self) -> None:
        while True:
            try:
                self._queue.get_nowait().answer.set_exception(Busy())
            except queue.Empty:
                return


def _heard(listener: Listener, taken: Taken) -> Listener:
    """Tells the run's own listener and counts for the request."""

    def both(count: Callable[[], object], hear: Callable[..., object]) -> Callable[..., object]:
        def heard(what: object) -> None:
            hear(what)
            count()

        return heard

    def add(name: str) -> Callable[[], None]:
        return lambda: setattr(taken, name, getattr(taken, name) + 1)

    def set_aside(letter: SetAside | DeadLetter) -> None:
        listener.set_aside(letter)
        taken.set_aside.append(letter.reason)

    return Listener(
        admitted=both(add("taken"), listener.admitted),
        set_aside=set_aside,
        duplicate=both(add("repeated"), listener.duplicate),
        skipped=both(add("skipped"), listener.skipped),
    )


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, PlaybookError) else type(error).__name__
