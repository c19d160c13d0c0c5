"""What a store keeps, and how one is opened.

A store is one writer's: everything that one event brings about is written in one transaction, and `seq` numbers
events in the order in which they were taken in. `runtime/stores/` has one module per URL scheme.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from hashlib import sha256
from importlib import import_module
from typing import Literal, NamedTuple, Protocol, cast

from msgspec import Struct, json
from msgspec.structs import replace

from playbook_engine.decide.grant import Entry
from playbook_engine.errors import StoreError
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Thread
from playbook_engine.runtime import stores

DELIVERY_STATES = (
    "waiting",
    "sending",
    "delivered",
    "failed",
    "unknown",
    "over",
    "expired",
    "cancelled",
    "dead",
    "digested",
)
NEVER = 1 << 62
"""The `next_try` of a delivery that waits for something other than an instant."""

FIRST_HASH = bytes(32)
"""What the first record of an incident names as the one before it."""

MESSAGE_TYPES = ("message.received", "message.sent")
"""The types for which the platform's message id is a second key; an edit repeats the id on purpose."""


Opening = Literal["make", "migrate", "read"]
"""`make` makes a store where there is none and brings an older one up to date; `migrate` does only the second, `read`
neither."""


class StoredDelivery(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A delivery in the outbox.

    `next_try` (ms UTC) is when it is looked at next; `attempts` counts how often it was handed to a carrier.
    `held` says why it waits: limit, digest, after (another delivery), turn (one of the same conversation that is tried
    again), again, paused, settled (by a person). `gathered` are the deliveries that leave with it in
    one. `joined` is what leaves then, in place of `delivery`.
    """

    delivery: Delivery
    status: str = "waiting"
    attempts: int = 0
    next_try: int = 0
    held: str = ""
    gathered: tuple[str, ...] = ()
    joined: Delivery | None = None
    receipt: Receipt | None = None

    @property
    def key(self) -> str:
        return self.delivery.key

    @property
    def leaving(self) -> Delivery:
        """What a carrier is given."""
        return self.joined or self.delivery

    def released(self, now: int) -> StoredDelivery:
        """The same, to be looked at again from `now` on."""
        return replace(self, held="", next_try=max(self.delivery.not_before, now))


class StoredMode(Struct, frozen=True, kw_only=True):
    """A mode that was ever in force. `since` is None while it is not.

    `by` is the person who switched it, "" for counting. `incident` was opened for it; `due` is when counting
    ends it.
    """

    id: str
    since: int | None = None
    by: str = ""
    incident: str = ""
    due: int | None = None


class Record(Struct, frozen=True, kw_only=True):
    """One decision as it is kept: `hash` is SHA-256 of `previous` and `body`, and the chain is per incident."""

    incident: str
    n: int
    event: str
    body: bytes
    previous: bytes
    hash: bytes


class DeadLetter(Struct, frozen=True, kw_only=True):
    """Something that could not be taken in, or not be delivered, with its bytes as they came.

    `reason` is stable and kebab-case, `place` says where it was read or which delivery it was.
    """

    reason: str
    place: str
    body: bytes
    at: int
    sentence: str = ""


class Pause(Struct, frozen=True, kw_only=True):
    """Nothing leaves to customers within `scope`: `everything`, `department:<id>` or `channel:<name>`."""

    scope: str
    since: int
    by: str = ""


class Due(NamedTuple):
    """What is to be worked off next. `kind` is one of the constants below, in the order of one instant."""

    at: int
    kind: int
    id: str


MODE_DUE, INCIDENT_DUE, DELIVERY_DUE = range(3)


class Store(Protocol):
    """Everything that must outlive the process.

    Every method belongs to the transaction that this thread has open, and is one by itself where there is none.
    """

    name: str

    def begin(self) -> None:
        """Opens a transaction. Raises StoreError when another process holds the store for five seconds."""

    def begin_reading(self) -> None:
        """The same for reading only: all that is read shows one instant, and no other process is held up."""

    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    @property
    def in_transaction(self) -> bool:
        """Whether this thread has one open."""

    def only_engine(self) -> None:
        """Takes the place of the one engine that works on this store, until `close`. Raises StoreError."""

    def close(self) -> None: ...

    # events
    def next_seq(self) -> int:
        """The number of the event that is stored next."""

    def seen(self, source: str, id: str) -> str | None:
        """The digest of what was said under this id ("" where none is known), None if nothing was."""

    def seen_message(self, channel: str, message: str, type: str = "message.received") -> str | None:
        """The key of the event that brought this message of the platform."""

    def add_event(self, event: Event, digest: str) -> None:
        """`event.seq` is `next_seq()`; `digest` is what `seen` gives from now on."""

    def conversation_of(self, channel: str, message: str) -> str:
        """The conversation in which a message was said, by anybody; "" when it is not known."""

    def put_conversation(self, channel: str, message: str, conversation: str) -> None:
        """For messages of ours, which are told in receipts and may never come in as events."""

    def event(self, source: str, id: str) -> Event | None: ...
    def decided_in(self, event: str) -> str:
        """The incident in which the event of this key was decided, "" if in none."""

    def events(self, after: int = 0) -> Iterator[Event]:
        """In the order of `seq`, from the one after `after`."""

    # incidents, threads, records
    def incident(self, id: str) -> Incident | None: ...
    def put_incident(self, incident: Incident, state: bytes) -> None:
        """`state` is `encode(incident)`."""

    def stop_waking(self, id: str) -> None:
        """Takes an incident off the list of wake-ups until it is stored again."""

    def incidents(self) -> Iterator[Incident]:
        """In the order of their ids."""

    def thread(self, key: str) -> Thread | None: ...
    def put_thread(self, thread: Thread) -> None: ...
    def add_record(self, incident: str, event: str, body: bytes) -> bytes:
        """Chains a decision to the incident's last one and gives its hash."""

    def records(self, incident: str = "", after: int = 0) -> Iterator[Record]:
        """One incident's, or all in the order in which they were made, but for the first `after` of all."""

    def secret(self, incident: str) -> bytes | None:
        """The 32 bytes with which the personal parts of an incident's records are salted."""

    def put_secret(self, incident: str, secret: bytes | None) -> None:
        """In place of an earlier one; None takes it away for ever."""

    def put_event(self, event: Event, digest: str) -> None:
        """In place of the one with its source and id."""

    def replace_delivery(self, row: StoredDelivery) -> None:
        """In place of the one with its key, the delivery itself included."""

    def rename_thread(self, key: str, thread: Thread) -> None:
        """In place of the thread of this key, and of the one that has the new key."""

    def rename_conversation(self, conversation: str, name: str) -> None:
        """Of all messages that were said there."""

    def put_letters(self, letters: Iterable[DeadLetter]) -> None:
        """In place of all that were set aside."""

    def erase(self) -> None:
        """Leaves nothing on the disk of what was overwritten or taken away. Raises StoreError while others read."""

    def add_seal(self, body: bytes) -> None: ...
    def seals(self) -> Iterator[bytes]:
        """In the order in which they were added."""

    # outbox
    def add_delivery(self, row: StoredDelivery) -> bool:
        """False, and nothing is stored, when the key is already there."""

    def put_delivery(self, row: StoredDelivery) -> None: ...
    def delivery(self, key: str) -> StoredDelivery | None: ...
    def due_deliveries(self, now: int) -> list[str]:
        """The keys of those that wait for nothing but their turn, by (rank, deadline, key)."""

    def waiting(self, held: str, incident: str = "") -> list[StoredDelivery]:
        """Those that wait for this reason (not ""), of one incident or of all, by (rank, deadline, key)."""

    def deliveries(self, status: str = "") -> Iterator[StoredDelivery]:
        """By key."""

    # ledger
    def entries(self, tally: str, since: int | None) -> list[Entry]:
        """By (at, delivery), from the instant `since` on; None for all."""

    def put_entries(self, entries: Iterable[Entry]) -> None:
        """One for each tally and delivery; a later one takes its place."""

    def drop_entries(self, delivery: Delivery) -> None: ...

    # set aside
    def set_aside(self, letter: DeadLetter) -> None: ...
    def dead_letters(self) -> Iterator[DeadLetter]: ...

    # modes and pauses
    def mode(self, id: str) -> StoredMode | None: ...
    def put_mode(self, mode: StoredMode) -> None: ...
    def modes_in_force(self, at: int) -> tuple[str, ...]:
        """What the door stamps: the modes in force at `at`, and every pause as `pause:<scope>`."""

    def add_mark(self, mark: str, at: int) -> None: ...
    def nth_last_mark(self, mark: str, n: int) -> int | None:
        """The instant of the n-th mark from the end, counting from 1."""

    def drop_marks(self, mark: str, before: int) -> None: ...
    def pauses(self) -> tuple[Pause, ...]:
        """By scope."""

    def pause(self, pause: Pause) -> None: ...
    def lift(self, scope: str, now: int) -> bool:
        """Ends a pause and lets what it held be looked at again; False when there is none."""

    # what people asked for from another process
    def add_request(self, body: bytes) -> None:
        """Leaves an event before the door of whichever engine works on this store, now or later."""

    def requests(self) -> list[tuple[int, bytes]]:
        """In the order in which they were left, each with its number."""

    def drop_request(self, n: int) -> None: ...

    # the rest
    def put_policy(self, digest: str, text: str) -> None: ...
    def policy(self, digest: str) -> str | None: ...
    def clock(self) -> int:
        """The latest instant that was worked off, 0 in a new store."""

    def put_clock(self, at: int) -> None: ...
    def next_due(self, deliveries: bool = True) -> Due | None:
        """What comes first: by instant, then modes before incidents before deliveries, then by id.

        Without `deliveries` the first timer, of a mode or of an incident.
        """


@contextmanager
def transaction(store: Store) -> Iterator[None]:
    """Commits at the end, or takes everything back; joins a transaction that is already open."""
    if store.in_transaction:
        yield
        return
    store.begin()
    try:
        yield
    except BaseException:
        store.rollback()
        raise
    store.commit()


def open_store(url: str, opening: Opening = "make") -> Store:
    """The store at `memory:`, `sqlite:PATH` or `postgresql://…`. Raises StoreError."""
    known = sorted(module.name for module in pkgutil.iter_modules(stores.__path__) if module.name[0] != "_")
    scheme, colon, place = url.partition(":")
    if not colon or scheme not in known:
        near = get_close_matches(scheme, known, n=1)
        hint = f"did you mean `{near[0]}:`?" if near else "write `sqlite:PATH` or `memory:`"
        # What looks like the address of a server may hold its password.
        shown = f"{scheme}:…" if "@" in place or "//" in place else url
        raise StoreError(f"`{shown}` names no store; the kinds are {', '.join(known)}; {hint}")
    module = import_module(f"{stores.__name__}.{scheme}")
    return cast("Store", module.open_store(place, opening))


_encoder = json.Encoder(order="deterministic")


def encode(noun: Struct) -> bytes:
    """JSON, the same bytes for the same value."""
    return _encoder.encode(noun)


def chained(previous: bytes, body: bytes) -> bytes:
    """The hash of a record."""
    return sha256(previous + body).digest()


def conversation(event: Event) -> str:
    """Where a message was said: a post that names no conversation begins one, in private it is the peer's."""
    return event.conversation or (event.message if event.public else event.person)
