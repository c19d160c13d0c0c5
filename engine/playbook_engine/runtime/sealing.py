"""Seals: once an hour everything that was recorded since the last one is put under one hash. SEMANTICS 12.

A seal names the one before it. So whoever has noted a seal's hash elsewhere finds whatever is changed, left out or
cut off before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from hashlib import sha256

from msgspec import Struct, json

from playbook_engine.runtime.merkle import root
from playbook_engine.runtime.personal import public_event
from playbook_engine.runtime.store import Store, encode, transaction

HOUR = 3_600_000
"""Between two seals (ms)."""

MOST_UNSEALED = 5_000
"""Events and timers that wait for a seal. Sealing that many takes some tenths of a second, which nobody notices."""


class Seal(Struct, frozen=True, kw_only=True):
    """What was recorded up to `at` (ms UTC). `previous` is the hash of the seal before, "" for the first.

    `records` and `events` count all up to here; `root` is that of the Merkle tree over the hashes of the records
    since the seal before and then the digests of the public parts of the events since, in their orders.
    """

    n: int
    at: int
    previous: str
    records: int
    events: int
    root: str


NOTHING_SEALED = Seal(n=0, at=0, previous="", records=0, events=0, root="")


def seal_hash(body: bytes) -> str:
    """What the next seal names, and what is worth noting elsewhere."""
    return sha256(body).hexdigest()


def last_seal(store: Store) -> tuple[Seal, str]:
    """The latest seal and its hash."""
    latest = deque(store.seals(), maxlen=1)
    return (json.decode(latest[0], type=Seal), seal_hash(latest[0])) if latest else (NOTHING_SEALED, "")


def entries_after(store: Store, seal: Seal) -> tuple[list[bytes], list[bytes]]:
    """What the next seal covers: hashes of records, digests of events."""
    records = [record.hash for record in store.records(after=seal.records)]
    events = [sha256(encode(public_event(event))).digest() for event in store.events(after=seal.events)]
    return records, events


def seal(store: Store, at: int) -> tuple[Seal, str] | None:
    """Seals what is not sealed yet, as of `at`; None where there is nothing."""
    with transaction(store):
        last, named = last_seal(store)
        records, events = entries_after(store, last)
        if not records and not events:
            return None
        made = Seal(
            n=last.n + 1,
            at=at,
            previous=named,
            records=last.records + len(records),
            events=last.events + len(events),
            root=root([*records, *events]).hex(),
        )
        body = encode(made)
        store.add_seal(body)
        return made, seal_hash(body)


class Sealer:
    """Seals a store at every full hour that its clock passes, and after `MOST_UNSEALED` events whatever the hour."""

    def __init__(self, store: Store, sealed: Callable[[Seal, str], object] | None = None) -> None:
        self._store = store
        self._sealed = sealed
        self._hour = -1
        self._unsealed = 0
        self._untold: list[tuple[Seal, str]] = []

    def is_due(self, at: int) -> bool:
        return at // HOUR > self._hour or self._unsealed >= MOST_UNSEALED

    def reach(self, at: int) -> None:
        """To be called before anything is recorded at `at`, within the transaction that will hold it."""
        self._unsealed += 1
        if not self.is_due(at):
            return
        if self._hour < 0:
            self._hour = max(last_seal(self._store)[0].at, self._store.clock()) // HOUR
        if self.is_due(at):
            hour = at // HOUR
            found = seal(self._store, hour * HOUR if hour > self._hour else at)
            self._hour, self._unsealed = max(hour, self._hour), 0
            if found is not None:
                self._untold.append(found)

    def committed(self) -> None:
        """What was sealed will stay, so it may be told."""
        if self._sealed is not None:
            for found in self._untold:
                self._sealed(*found)
        self._untold.clear()

    def undone(self) -> None:
        """What was sealed since the last commit is taken back."""
        self._untold.clear()
        self._hour = -1
