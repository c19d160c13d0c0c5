"""The engine: events in, decisions kept, deliveries out.

    take(event):  what is due before it ▸ the event, its decisions, its deliveries ▸ what is due to leave
    wake(until):  whatever comes due, one instant after the other, each with what is due to leave then

Events are taken in, timers worked off and deliveries drained one by one in an order that the events alone
determine. So the same events give the same bytes in one batch or one by one, and after a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from types import TracebackType

from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime import modes, silence
from playbook_engine.runtime.clock import Clock
from playbook_engine.runtime.crew import Crew
from playbook_engine.runtime.dispatcher import Carrier, Dispatcher
from playbook_engine.runtime.intake import Intake, Observer
from playbook_engine.runtime.rates import Room, no_room
from playbook_engine.runtime.sealing import Seal, Sealer
from playbook_engine.runtime.store import (
    DELIVERY_DUE,
    INCIDENT_DUE,
    MODE_DUE,
    DeadLetter,
    Due,
    Store,
    StoredDelivery,
)
from playbook_engine.runtime.watchdog import LATE, Watchdog

READING = 10_000
"""Ms that answers wait after an outage for what came in meanwhile."""

SOON = 200
"""Ms after which what waits for a call that is under way is looked at again."""

ROUNDS = 4
"""How often one turn looks for calls that have ended meanwhile."""

HEARING = 5_000
"""Ms that a run which is stopped by hand waits for the calls under way."""

AT_A_TIME = 100
"""Timers that share a commit where nobody waits for any of them."""


def known_secret(incident: str) -> bytes:
    """For stores that nobody keeps: it hides nothing, and makes the same records of the same events."""
    return sha256(incident.encode()).digest()


class Engine:
    """One policy at work on one store, used as a context: entering takes up what a crash left, leaving commits.

    `batch` is how many events and timers share a commit; whoever waits for more input calls `flush`, as the open
    transaction keeps other processes out. With a carrier that really sends, every delivery is preceded by a commit
    and its outcome followed by one. `observers` hear each decision before it is committed, `progress` how many
    events have been taken in, `set_aside` what could not be, and `committed` is called after every commit.
    `canonical` is the policy's canonical text and `mark` names the engine in every record. `room` says what a
    delivery claims of the platforms when it leaves. A `crew` carries several at one time, on a clock that goes by
    itself: outcomes come back when they come, and within an incident everything keeps its order. `new_secret` gives an
    incident the 32 bytes that salt the personal parts of its records. `sealed` hears of each hourly seal and its
    hash once it is committed.
    """

    def __init__(
        self,
        policy: Policy,
        store: Store,
        carrier: Carrier,
        clock: Clock,
        *,
        batch: int = 1,
        observers: Iterable[Observer] = (),
        progress: Callable[[int], object] | None = None,
        set_aside: Callable[[DeadLetter], object] | None = None,
        committed: Callable[[], object] | None = None,
        canonical: str = "",
        mark: str = "",
        room: Room = no_room,
        crew: Crew | None = None,
        watchdog: Watchdog | None = None,
        new_secret: Callable[[str], bytes] = known_secret,
        sealed: Callable[[Seal, str], object] | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self._dry = carrier.dry
        self._crew = None if carrier.dry or clock.by_hand else crew
        self.watchdog = watchdog or Watchdog()
        self._dispatcher = Dispatcher(store, carrier, room)
        self._intake = Intake(policy, store, self._dispatcher, observers, set_aside, mark, new_secret)
        self._sealer = Sealer(store, sealed)
        self._batch = batch
        self._progress = progress
        self._committed = committed
        self._canonical = canonical
        self._reached = 0
        self._pending = 0
        self._taken = 0
        self._ready = False
        self._reads_until = 0

    def __enter__(self) -> Engine:
        self.resume()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.rest()
            return
        if self.store.in_transaction:
            self.store.rollback()
        if self._crew is not None and issubclass(kind, KeyboardInterrupt):
            self._hear_out(self._crew)

    @property
    def policy(self) -> Policy:
        return self._intake.policy

    def use(self, policy: Policy, canonical: str = "") -> None:
        """Goes on with another policy from the next event on."""
        self._begin()
        self._intake.policy = policy
        self.store.put_policy(policy.digest, canonical)
        self.flush()

    def take(self, event: Event, digest: str = "") -> None:
        """Takes in one event that the door has stamped; `digest` is what the door knows its content by.

        One that the store holds already changes nothing.
        """
        with self._undone():
            self.resume()
            self._wake(event.seen_at)
            self._reach(event.seen_at)
            self._begin()
            self._sealer.reach(event.seen_at)
            self._intake.take_in(event, event.seen_at, digest)
            self._drain()
            self._taken += 1
            self._worked_off()
            if self._progress is not None:
                self._progress(self._taken)

    def wake(self, until: int) -> None:
        """Works off everything due by `until`, each as of its own instant.

        The door must have admitted every event before `until`. A clock that goes by itself is never overtaken.
        """
        with self._undone():
            self.resume()
            self._wake(until)
            self._reach(until)
            if self._sealer.is_due(self._now()):
                self._begin()
                self._sealer.reach(self._now())

    def caught_up(self) -> None:
        """Nothing waits to be taken in. After an outage no automatic answer leaves before this, or ten seconds."""
        self.resume()
        self._reads_until = 0

    def next_due(self) -> int | None:
        """The instant of the next timer or delivery, None when all is quiet.

        With calls under way: now when one has ended, and soon where something waits for one of them to end.
        """
        now, due = self.clock.now(), self.store.next_due()
        if self._crew is not None and self._crew.has_finished:
            return now
        if self._crew is not None and self._crew.busy and due is not None and due.at <= now:
            return now + SOON
        return due.at if due is not None else None

    def flush(self) -> None:
        """Commits what is not committed yet."""
        if self.store.in_transaction:
            with self._undone():
                self.store.put_clock(self._reached)
                self.store.commit()
            self._sealer.committed()
            if self._crew is not None:
                self._crew.committed()
            if self._committed is not None:
                self._committed()
        self._pending = 0

    def rest(self) -> None:
        """Waits for the calls that are under way, and commits. A plugin's time limit bounds each."""
        while self._crew is not None and self._crew.busy:
            self.flush()
            self._crew.wait()
            with self._undone():
                self._drain()
        self.flush()

    def _hear_out(self, crew: Crew) -> None:
        """Who is stopped by hand waits a little for the calls under way, so that fewer are unknown."""
        crew.rolled_back()
        until = self.clock.now() + HEARING
        while crew.busy and self.clock.now() < until:
            crew.wait((until - self.clock.now()) / 1_000)
            for row, receipt in crew.finished():
                self._settle(row, receipt)
            self.flush()

    def resume(self) -> None:
        """Takes up what an earlier process left: deliveries without an outcome, and what was due to leave."""
        if self._ready:
            return
        self.store.only_engine()
        self._ready = True
        self._begin()
        self.store.put_policy(self.policy.digest, self._canonical)
        if self._crew is not None and 0 < self.store.clock() < self.clock.now() - LATE:
            self._reads_until = self.clock.now() + READING
        self._reach(self.store.clock())
        cut_off = list(self.store.deliveries("sending"))
        if self._crew is not None:
            for row in cut_off:
                self._crew.take_on(row)
            self._start(self._crew, repeated=True)
        else:
            for row in cut_off:
                self._send(row, repeated=True)
        self._drain()
        self.flush()

    @contextmanager
    def _undone(self) -> Iterator[None]:
        """Takes the open transaction back when something is raised."""
        try:
            yield
        except BaseException:
            if self.store.in_transaction:
                self.store.rollback()
            self._dispatcher.stale = True
            self._sealer.undone()
            if self._crew is not None:
                self._crew.rolled_back()
            else:
                # What the store says of the time is read again: the instant of what was taken back was not reached.
                self._ready, self._reached = False, 0
            raise

    def _wake(self, until: int) -> None:
        until = until if self.clock.by_hand else min(until, self.clock.now())
        if self._crew is not None:
            self._catch_up(self._crew, until)
            return
        while (due := self.store.next_due()) is not None and due.at <= until:
            self._begin()
            self._sealer.reach(due.at)
            self._reach(due.at)
            self._come_due(due)
            self._drain()
            self._worked_off()
        self._alarm()

    def _catch_up(self, crew: Crew, until: int) -> None:
        """All timers first, so that whatever has come due leaves in the order of harm and not of arrival."""
        while (due := self.store.next_due(deliveries=False)) is not None and due.at <= until:
            self._begin()
            self._sealer.reach(due.at)
            self._reach(due.at)
            self._come_due(due)
            self._pending += 1
            if self._pending >= max(self._batch, AT_A_TIME):
                self.flush()
        self._alarm()
        waiting = self.store.next_due()
        if crew.has_finished or (waiting is not None and waiting.at <= until and not crew.is_full):
            self._dispatcher.stale = True
            self._drain()

    def _come_due(self, due: Due) -> None:
        if due.kind == DELIVERY_DUE:
            self._dispatcher.stale = True
            return
        if not self.clock.by_hand:
            self.watchdog.worked_off(due.id if due.kind == INCIDENT_DUE else "", due.at, self.clock.now())
        if due.kind == MODE_DUE:
            self._intake.take_in_own(self._mode_due(due), due.at)
        else:
            self._intake.wake(due.id, due.at)

    def _alarm(self) -> None:
        """Somebody hears that timers were late."""
        told = self.watchdog.alarm(self.policy, self._now())
        if told is not None:
            self._begin()
            self._dispatcher.put(told, self._now())
            self._worked_off()

    def _mode_due(self, due: Due) -> list[Event]:
        if due.id.startswith(silence.PREFIX):
            return silence.fell_silent(self.store, due.id, due.at)
        return modes.end(self.store, due.id, due.at)

    def _drain(self) -> None:
        """Lets leave whatever may leave now, each outcome taken in before the next delivery is picked."""
        if self._crew is not None:
            self._drain_by(self._crew)
            return
        while (row := self._dispatcher.pick(self._now())) is not None:
            leaving, outcomes = self._dispatcher.intend(row, self._now())
            if leaving is not None:
                self._send(leaving)
            self._intake.take_in_own(outcomes, self._now())

    def _drain_by(self, crew: Crew) -> None:
        """The outcomes that have come and the intents of all that may leave share a commit.

        It ends after some rounds, so that calls that end as fast as others begin keep no timer waiting.
        """
        for _ in range(ROUNDS):
            settled = False
            for row, receipt in crew.finished():
                self._settle(row, receipt)
                self._dispatcher.make_way()
                settled = True
            while not crew.is_full and (waiting := self._dispatcher.pick(self._now(), self._is_free)) is not None:
                self._begin()
                leaving, outcomes = self._dispatcher.intend(waiting, self._now())
                if leaving is not None:
                    crew.take_on(leaving)
                    settled = True
                self._intake.take_in_own(outcomes, self._now())
            if not settled:
                return
            self.flush()
            self._start(crew)

    def _start(self, crew: Crew, repeated: bool = False) -> None:
        now = self._now()
        crew.start(lambda row: self._dispatcher.carry(row, now, repeated))

    def _is_free(self, delivery: Delivery) -> bool:
        """Whether it may be begun now; an answer, when those that people have given meanwhile are read."""
        if delivery.action == "send" and delivery.automatic and self._now() < self._reads_until:
            return False
        return self._crew is not None and self._crew.is_free(delivery)

    def _send(self, row: StoredDelivery, repeated: bool = False) -> None:
        if not self._dry:
            self.flush()
        receipt = self._dispatcher.carry(row, self._now(), repeated)
        self._settle(row, receipt)
        if not self._dry:
            self.flush()
            self._begin()

    def _settle(self, row: StoredDelivery, receipt: Receipt) -> None:
        self._begin()
        outcomes = self._dispatcher.settle(row, receipt, self._now())
        self._intake.take_in_own(outcomes, self._now())

    def _worked_off(self) -> None:
        self._pending += 1
        if self._pending >= self._batch:
            self.flush()

    def _begin(self) -> None:
        if not self.store.in_transaction:
            self.store.begin()

    def _now(self) -> int:
        """By the events' clock the instant being worked off; by the machine's what it shows by now."""
        return self._reached if self.clock.by_hand else self.clock.now()

    def _reach(self, at: int) -> None:
        self._reached = max(self._reached, at)
        self.clock.reach(self._reached)
