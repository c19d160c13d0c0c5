"""The outbox on its way out: picked in order, granted by the ledger, handed to a carrier, tried again.

Deliveries leave after the commit that intends them. A crash in between repeats a call with the same key; it never
loses one.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from msgspec.structs import replace

from playbook_engine.decide.grant import Granted, Over, Wait
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.runtime.ledger import claim, paused_by
from playbook_engine.runtime.outbox import SETTLED
from playbook_engine.runtime.outcomes import held, outcome
from playbook_engine.runtime.rates import Room, no_room
from playbook_engine.runtime.receipts import received
from playbook_engine.runtime.store import NEVER, DeadLetter, Store, StoredDelivery, encode

MOST_ATTEMPTS = 6
FIRST_PAUSE = 10_000
"""Ms before the second attempt; each further pause is three times as long, about twenty minutes in all."""

_ENDS = ("delivered", "failed", "unknown", "over", "expired", "cancelled", "dead", "digested")

log = logging.getLogger(__name__)


class Carrier(Protocol):
    """Whoever carries deliveries out. `dry` says that nothing leaves the process."""

    dry: bool

    def promise(self, delivery: Delivery) -> str:
        """What a repeated key does there: `key`, `query` or `none`, as in `ActionSpec.idempotent`."""

    def carry(self, delivery: Delivery, now: int) -> Receipt: ...

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        """For `query`: whether it went. `again` says that it did not, `unknown` that nobody can tell."""


class Recorder:
    """A dry run's carrier: nothing leaves, everything arrives."""

    dry = True

    def __init__(self, record: Callable[[Delivery], object] | None = None) -> None:
        self.carried: list[Delivery] = []
        self._record = record or self.carried.append

    def promise(self, delivery: Delivery) -> str:
        return "key"

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        self._record(delivery)
        return Receipt("delivered", message=f"dry:{delivery.key}")

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        return Receipt("again")


class Dispatcher:
    """Works the outbox of one store off. Every method but `carry` belongs to the caller's transaction.

    `room` says what a delivery claims when it leaves, beyond what its decision claimed for it.
    """

    def __init__(self, store: Store, carrier: Carrier, room: Room = no_room) -> None:
        self._store = store
        self._carrier = carrier
        self._room = room
        self._queue: deque[str] = deque()
        self._passed: dict[str, Delivery] = {}
        self.stale = True
        """Something may have become due that the queue does not hold."""

    def put(self, delivery: Delivery, now: int) -> bool:
        """Takes a delivery into the outbox; False when its key was there already."""
        self.stale = True
        return self._store.add_delivery(StoredDelivery(delivery=delivery, next_try=max(delivery.not_before, now)))

    def cancel(self, key: str, now: int) -> None:
        """Keeps a delivery from leaving, if it has not left."""
        row = self._store.delivery(key)
        if row is None or row.status != "waiting":
            return
        self._end(replace(row, status="cancelled"), now)
        self._store.drop_entries(row.delivery)
        for name in row.gathered:
            other = self._store.delivery(name)
            if other is not None:
                self._store.put_delivery(replace(other.released(now), status="waiting"))

    def pick(self, now: int, is_free: Callable[[Delivery], bool] = lambda delivery: True) -> StoredDelivery | None:
        """The next one by (rank, deadline, key) among those that are due, and free to be begun."""
        if self.stale:
            self._queue = deque(self._store.due_deliveries(now))
            self._passed = {key: self._passed[key] for key in self._queue if key in self._passed}
            self.stale = False
        while self._queue:
            key = self._queue.popleft()
            passed = self._passed.get(key)
            if passed is not None and not is_free(passed):
                continue
            row = self._store.delivery(key)
            if row is not None and row.status == "waiting" and row.next_try <= now:
                if is_free(row.delivery):
                    self._passed.pop(key, None)
                    return row
                self._passed[key] = row.delivery
        return None

    def make_way(self) -> None:
        """A call has ended: those that were passed over because of it are looked at again."""
        if self._passed:
            self.stale = True

    def intend(self, row: StoredDelivery, now: int) -> tuple[StoredDelivery | None, list[Event]]:
        """Decides whether it may leave now: what is to be carried, else what became of it or holds it."""
        delivery = row.delivery
        if row.held == SETTLED and row.receipt is not None:
            return None, self._settled(row, row.receipt, now)
        if delivery.not_after is not None and now > delivery.not_after:
            self._store.drop_entries(delivery)
            return None, self._finish(row, "expired", now)
        if any(self._is_open(key) for key in delivery.after):
            self._hold(row, "after", NEVER)
            return None, []
        if self._answered_meanwhile(delivery):
            self._store.drop_entries(delivery)
            return None, self._finish(row, "expired", now, because="answered")
        before = self._not_yet_said(delivery)
        if before is not None:
            self._hold(row, "turn", before.next_try + 1)
            return None, []
        scope = paused_by(self._store, delivery)
        if scope:
            return None, self._held(row, "paused", NEVER, f"pause:{scope}", now)
        match claim(self._store, replace(delivery, claims=(*delivery.claims, *self._room(delivery))), now):
            case Granted():
                return self._to_send(row, now), []
            case Wait(until, tally):
                return None, self._held(row, "limit", until, tally, now)
            case Over(tally, "digest", until):
                return None, self._held(row, "digest", until or NEVER, tally, now)
            case Over(tally, over, _):
                return None, self._finish(row, "over", now, tally=tally, over=over)

    def carry(self, row: StoredDelivery, now: int, repeated: bool = False) -> Receipt:
        """Hands it to the carrier. `repeated` says that an earlier call was cut off before its outcome was kept."""
        delivery, promise, receipt = row.leaving, "none", None
        try:
            promise = self._carrier.promise(delivery)
            if repeated and promise not in ("key", "query"):
                return Receipt("unknown", error="cut off while it was being sent")
            if promise == "query" and (repeated or row.attempts > 1):
                receipt = received(self._carrier.ask(delivery, now))
            if receipt is None or receipt.outcome == "again":
                receipt = received(self._carrier.carry(delivery, now))
        except Exception as error:
            # A plugin's message may quote the customer; its type does not.
            log.warning("delivery %s: %s was raised by %s", row.key, type(error).__name__, delivery.action)
            lost = "again" if promise in ("key", "query") else "unknown"
            return Receipt(lost, error=type(error).__name__)
        return receipt

    def settle(self, row: StoredDelivery, receipt: Receipt, now: int) -> list[Event]:
        """Keeps what the carrier said: the events that tell of it, none while it will be tried again."""
        row = replace(row, receipt=receipt)
        match receipt.outcome:
            case "delivered":
                self._remember_where(row.delivery, receipt)
                return self._finish(row, "delivered", now)
            case "failed":
                self._store.drop_entries(row.delivery)
                return self._finish(row, "failed", now)
            case "again":
                return self._again(row, receipt, now)
            case _:
                return self._finish(row, "unknown", now)

    def _settled(self, row: StoredDelivery, receipt: Receipt, now: int) -> list[Event]:
        """A person has said what became of it; what went, went when it was sent."""
        if receipt.outcome == "delivered":
            self._remember_where(row.delivery, receipt)
            return self._finish(row, "delivered", now, at=row.next_try)
        self._store.drop_entries(row.delivery)
        return self._finish(row, receipt.outcome, now)

    def _remember_where(self, delivery: Delivery, receipt: Receipt) -> None:
        """So that an answer to what we said finds its conversation."""
        conversation = delivery.parameters.get("conversation")
        if receipt.message and isinstance(conversation, str):
            self._store.put_conversation(delivery.channel, receipt.message, conversation)

    def _again(self, row: StoredDelivery, receipt: Receipt, now: int) -> list[Event]:
        next_try = now + max(receipt.again_after, pause_before(row.key, row.attempts))
        last = row.delivery.not_after if row.delivery.not_after is not None else NEVER
        if row.attempts < MOST_ATTEMPTS and next_try <= last:
            self._store.put_delivery(replace(row, status="waiting", held="again", next_try=next_try))
            return []
        letter = DeadLetter(reason="not-delivered", place=row.key, body=encode(row.leaving), at=now)
        self._store.set_aside(replace(letter, sentence=f"{row.attempts} attempts; {receipt.error}".strip("; ")))
        log.error("delivery %s is dead (attempts: %d); `playbook outbox` sends it again", row.key, row.attempts)
        return self._finish(row, "dead", now)

    def _to_send(self, row: StoredDelivery, now: int) -> StoredDelivery:
        if row.held == "digest":
            row = self._gathered(row)
        sending = replace(row, status="sending", attempts=row.attempts + 1, held="", next_try=now)
        self._store.put_delivery(sending)
        return sending

    def _gathered(self, row: StoredDelivery) -> StoredDelivery:
        """One notification in place of all that wait for room for the same person."""
        mine = row.delivery

        def joins(other: Delivery) -> bool:
            same = (other.person, other.action, other.channel) == (mine.person, mine.action, mine.channel)
            return same and other.key != mine.key

        others = [other for other in self._store.waiting("digest") if joins(other.delivery)]
        for other in others:
            self._store.put_delivery(replace(other, status="digested", held=""))
        if not others:
            return row
        first = row.leaving
        texts = [str(each.parameters.get("text", "")) for each in (first, *(other.delivery for other in others))]
        joined = replace(first, parameters={**first.parameters, "text": "\n\n".join(texts)})
        return replace(row, gathered=(*row.gathered, *(other.key for other in others)), joined=joined)

    def _answered_meanwhile(self, delivery: Delivery) -> bool:
        """Whether a person has answered on that channel while an automatic answer was waiting for its turn.

        The incident parks what we say there until it knows that it is no echo; a text that has not left has none.
        """
        if delivery.action != "send" or not delivery.automatic or delivery.purpose != "step":
            return False
        incident = self._store.incident(delivery.incident)
        text = delivery.parameters.get("text")
        return incident is not None and any(
            said.channel == delivery.channel and not said.automatic and (said.by or said.text != text)
            for said in incident.parked
        )

    def _not_yet_said(self, delivery: Delivery) -> StoredDelivery | None:
        """What was to be said there before and is tried again: a conversation keeps its order."""
        if delivery.action != "send":
            return None

        def comes_first(other: Delivery) -> bool:
            same = (other.action, other.channel) == (delivery.action, delivery.channel)
            return same and (other.at, other.key) < (delivery.at, delivery.key)

        others = self._store.waiting("again", delivery.incident)
        return next((other for other in others if comes_first(other.delivery)), None)

    def _is_open(self, key: str) -> bool:
        row = self._store.delivery(key)
        return row is not None and row.status not in _ENDS

    def _held(self, row: StoredDelivery, why: str, until: int, because: str, now: int) -> list[Event]:
        return [held(self._hold(row, why, until), now, because)]

    def _hold(self, row: StoredDelivery, why: str, until: int) -> StoredDelivery:
        """Puts it off; one that may not leave late is looked at again when it is too late."""
        last = row.delivery.not_after
        next_try = until if last is None else min(until, last + 1)
        row = replace(row, held=why, next_try=next_try)
        self._store.put_delivery(row)
        return row

    def _finish(self, row: StoredDelivery, status: str, now: int, at: int | None = None, **more: object) -> list[Event]:
        row = replace(row, status=status, held="")
        self._end(row, now)
        told = [row]
        for other in [self._store.delivery(key) for key in row.gathered]:
            if other is not None:
                self._store.put_delivery(replace(other, receipt=row.receipt))
                told.append(replace(other, status=status, receipt=row.receipt))
        return [outcome(each, now, at, **more, **({"within": row.key} if each is not row else {})) for each in told]

    def _end(self, row: StoredDelivery, now: int) -> None:
        self._store.put_delivery(row)
        for follower in self._store.waiting("after", row.delivery.incident):
            if row.key in follower.delivery.after:
                self._store.put_delivery(follower.released(now))
                self.stale = True


def pause_before(key: str, attempts: int) -> int:
    """Ms until the next attempt; the spread of up to a quarter comes from the key, not from chance."""
    pause: int = FIRST_PAUSE * 3 ** (attempts - 1)
    spread = int.from_bytes(sha256(f"{key}#{attempts}".encode()).digest()[:4], "big")
    return pause + spread % (pause // 4)
