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

from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime import modes, silence
from playbook_engine.runtime.clock import Clock
from playbook_engine.runtime.dispatcher import Carrier, Dispatcher
from playbook_engine.runtime.intake import Intake, Observer
from playbook_engine.runtime.sealing import Seal, Sealer
from playbook_engine.runtime.store import INCIDENT_DUE, MODE_DUE, DeadLetter, Due, Store, StoredDelivery


def known_secret(incident: str) -> bytes:
    """For stores that nobody keeps: it hides nothing, and makes the same records of the same events."""
    return sha256(incident.encode()).digest()


class Engine:
    """One policy at work on one store, used as a context: entering takes up what a crash left, leaving commits.

    `batch` is how many events and timers share a commit; whoever waits for more input calls `flush`, as the open
    transaction keeps other processes out. With a carrier that really sends, every delivery is preceded by a commit
    and its outcome followed by one. `observers` hear each decision before it is committed, `progress` how many
    events have been taken in, `set_aside` what could not be, and `committed` is called after every commit.
    `canonical` is the policy's canonical text and `mark` names the engine in every record. `new_secret` gives an
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
        new_secret: Callable[[str], bytes] = known_secret,
        sealed: Callable[[Seal, str], object] | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self._dry = carrier.dry
        self._dispatcher = Dispatcher(store, carrier)
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

    def __enter__(self) -> Engine:
        self.resume()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.flush()
        elif self.store.in_transaction:
            self.store.rollback()

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

    def next_due(self) -> int | None:
        """The instant of the next timer or delivery, None when all is quiet."""
        due = self.store.next_due()
        return due.at if due is not None else None

    def flush(self) -> None:
        """Commits what is not committed yet."""
        if self.store.in_transaction:
            self.store.put_clock(self._reached)
            self.store.commit()
            self._sealer.committed()
            if self._committed is not None:
                self._committed()
        self._pending = 0

    def resume(self) -> None:
        """Takes up what an earlier process left: deliveries without an outcome, and what was due to leave."""
        if self._ready:
            return
        self.store.only_engine()
        self._ready = True
        self._begin()
        self.store.put_policy(self.policy.digest, self._canonical)
        self._reach(self.store.clock())
        for row in list(self.store.deliveries("sending")):
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
            raise

    def _wake(self, until: int) -> None:
        until = until if self.clock.by_hand else min(until, self.clock.now())
        while (due := self.store.next_due()) is not None and due.at <= until:
            self._begin()
            self._sealer.reach(due.at)
            self._reach(due.at)
            if due.kind == MODE_DUE:
                self._intake.take_in_own(self._mode_due(due), due.at)
            elif due.kind == INCIDENT_DUE:
                self._intake.wake(due.id, due.at)
            else:
                self._dispatcher.stale = True
            self._drain()
            self._worked_off()

    def _mode_due(self, due: Due) -> list[Event]:
        if due.id.startswith(silence.PREFIX):
            return silence.fell_silent(self.store, due.id, due.at)
        return modes.end(self.store, due.id, due.at)

    def _drain(self) -> None:
        """Lets leave whatever may leave now, each outcome taken in before the next delivery is picked."""
        while (row := self._dispatcher.pick(self._now())) is not None:
            leaving, outcomes = self._dispatcher.intend(row, self._now())
            if leaving is not None:
                self._send(leaving)
            self._intake.take_in_own(outcomes, self._now())

    def _send(self, row: StoredDelivery, repeated: bool = False) -> None:
        if not self._dry:
            self.flush()
        receipt = self._dispatcher.carry(row, self._now(), repeated)
        self._begin()
        outcomes = self._dispatcher.settle(row, receipt, self._now())
        self._intake.take_in_own(outcomes, self._now())
        if not self._dry:
            self.flush()
            self._begin()

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
