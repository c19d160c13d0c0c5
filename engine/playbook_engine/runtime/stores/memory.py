"""A store that lasts as long as the process: for tests, replays and dry runs.

It keeps the same JSON as a store on disk, so that nothing decides differently there.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Generic, TypeVar

from msgspec import json

from playbook_engine.decide.grant import Entry
from playbook_engine.decide.upgrade import read_incident
from playbook_engine.errors import StoreError
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Thread
from playbook_engine.runtime.store import (
    DELIVERY_DUE,
    FIRST_HASH,
    INCIDENT_DUE,
    MESSAGE_TYPES,
    MODE_DUE,
    NEVER,
    DeadLetter,
    Due,
    Opening,
    Pause,
    Record,
    StoredDelivery,
    StoredMode,
    chained,
    conversation,
    encode,
)

K = TypeVar("K")
V = TypeVar("V")
Undo = Callable[[], object]


class _Table(Generic[K, V]):
    """A mapping whose changes can be taken back. `changed` hears the value before and the value after."""

    def __init__(self, undo: list[Undo], changed: Callable[[V | None, V | None], None] | None = None) -> None:
        self.rows: dict[K, V] = {}
        self._undo = undo
        self._changed = changed

    def get(self, key: K) -> V | None:
        return self.rows.get(key)

    def put(self, key: K, value: V | None) -> None:
        self._undo.append(partial(self._set, key, self._set(key, value)))

    def _set(self, key: K, value: V | None) -> V | None:
        before = self.rows.get(key)
        if value is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = value
        if self._changed is not None:
            self._changed(before, value)
        return before


def _move(order: list[tuple[int, str]], before: tuple[int, str] | None, after: tuple[int, str] | None) -> None:
    if before == after:
        return
    if before is not None:
        del order[bisect_left(order, before)]
    if after is not None:
        insort(order, after)


def _place(entry: Entry | None) -> tuple[int, str] | None:
    return (entry.at, entry.delivery) if entry is not None else None


class MemoryStore:
    name = "memory:"

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner = 0
        self._undo: list[Undo] = []
        self._events: _Table[tuple[str, str], tuple[str, bytes]] = _Table(self._undo)
        self._messages: _Table[tuple[str, str, str], str] = _Table(self._undo)
        self._conversations: _Table[tuple[str, str], str] = _Table(self._undo)
        self._order: list[tuple[str, str]] = []
        self._incidents: _Table[str, bytes] = _Table(self._undo)
        self._wakes: list[tuple[int, str]] = []
        self._wake_of: _Table[str, tuple[int, str]] = _Table(
            self._undo, lambda before, after: _move(self._wakes, before, after)
        )
        self._threads: _Table[str, bytes] = _Table(self._undo)
        self._records: list[Record] = []
        self._chains: dict[str, list[Record]] = {}
        self._decided: _Table[str, str] = _Table(self._undo)
        self._heads: _Table[str, tuple[int, bytes]] = _Table(self._undo)
        self._secrets: _Table[str, bytes] = _Table(self._undo)
        self._seals: list[bytes] = []
        self._outbox: _Table[str, StoredDelivery] = _Table(self._undo, self._delivery_moved)
        self._tries: list[tuple[int, str]] = []
        self._held: dict[str, set[str]] = {}
        self._ledger: dict[str, _Table[str, Entry]] = {}
        self._entry_order: dict[str, list[tuple[int, str]]] = {}
        self._letters: list[DeadLetter] = []
        self._modes: _Table[str, StoredMode] = _Table(self._undo)
        self._marks: _Table[str, tuple[int, ...]] = _Table(self._undo)
        self._pauses: _Table[str, Pause] = _Table(self._undo)
        self._requests: _Table[int, bytes] = _Table(self._undo)
        self._last_request: _Table[str, int] = _Table(self._undo)
        self._policies: _Table[str, str] = _Table(self._undo)
        self._clock: _Table[str, int] = _Table(self._undo)

    def begin(self) -> None:
        self._lock.acquire()
        self._owner = threading.get_ident()
        self._undo.clear()

    def begin_reading(self) -> None:
        self.begin()

    def commit(self) -> None:
        self._undo.clear()
        self._owner = 0
        self._lock.release()

    def rollback(self) -> None:
        while self._undo:
            self._undo.pop()()
        self._owner = 0
        self._lock.release()

    @property
    def in_transaction(self) -> bool:
        return self._owner == threading.get_ident()

    def only_engine(self) -> None:
        """Nobody else can reach this store."""

    def close(self) -> None:
        """Leaves nothing behind."""

    def next_seq(self) -> int:
        return len(self._order) + 1

    def seen(self, source: str, id: str) -> str | None:
        row = self._events.get((source, id))
        return row[0] if row is not None else None

    def seen_message(self, channel: str, message: str, type: str = "message.received") -> str | None:
        return self._messages.get((channel, message, type))

    def add_event(self, event: Event, digest: str) -> None:
        self._events.put((event.source, event.id), (digest, encode(event)))
        self._append(self._order, (event.source, event.id))
        if event.message and event.type in MESSAGE_TYPES:
            self._messages.put((event.channel, event.message, event.type), event.key)
            self._conversations.put((event.channel, event.message), conversation(event))

    def conversation_of(self, channel: str, message: str) -> str:
        return self._conversations.get((channel, message)) or ""

    def put_conversation(self, channel: str, message: str, conversation: str) -> None:
        self._conversations.put((channel, message), conversation)

    def event(self, source: str, id: str) -> Event | None:
        row = self._events.get((source, id))
        return json.decode(row[1], type=Event) if row is not None else None

    def decided_in(self, event: str) -> str:
        return self._decided.get(event) or ""

    def events(self, after: int = 0) -> Iterator[Event]:
        return (json.decode(self._events.rows[key][1], type=Event) for key in self._order[after:])

    def incident(self, id: str) -> Incident | None:
        state = self._incidents.get(id)
        return read_incident(state) if state is not None else None

    def put_incident(self, incident: Incident, state: bytes) -> None:
        self._incidents.put(incident.id, state)
        wake_at = incident.wake_at
        self._wake_of.put(incident.id, (wake_at, incident.id) if wake_at is not None else None)

    def stop_waking(self, id: str) -> None:
        self._wake_of.put(id, None)

    def incidents(self) -> Iterator[Incident]:
        return (read_incident(state) for _, state in sorted(self._incidents.rows.items()))

    def thread(self, key: str) -> Thread | None:
        body = self._threads.get(key)
        return json.decode(body, type=Thread) if body is not None else None

    def put_thread(self, thread: Thread) -> None:
        self._threads.put(thread.key, encode(thread))

    def add_record(self, incident: str, event: str, body: bytes) -> bytes:
        n, previous = self._heads.get(incident) or (0, FIRST_HASH)
        head = chained(previous, body)
        record = Record(incident=incident, n=n + 1, event=event, body=body, previous=previous, hash=head)
        self._append(self._records, record)
        self._append(self._chains.setdefault(incident, []), record)
        if self._decided.get(event) is None:
            self._decided.put(event, incident)
        self._heads.put(incident, (n + 1, head))
        return head

    def records(self, incident: str = "", after: int = 0) -> Iterator[Record]:
        if not incident:
            return iter(self._records[after:])
        chain = self._chains.get(incident, [])
        later = set(map(id, self._records[after:])) if after else None
        return (record for record in chain if later is None or id(record) in later)

    def secret(self, incident: str) -> bytes | None:
        return self._secrets.get(incident)

    def put_secret(self, incident: str, secret: bytes | None) -> None:
        self._secrets.put(incident, secret)

    def put_event(self, event: Event, digest: str) -> None:
        self._events.put((event.source, event.id), (digest, encode(event)))

    def replace_delivery(self, row: StoredDelivery) -> None:
        self._outbox.put(row.key, json.decode(encode(row), type=StoredDelivery))

    def rename_thread(self, key: str, thread: Thread) -> None:
        self._threads.put(key, None)
        self.put_thread(thread)

    def rename_conversation(self, conversation: str, name: str) -> None:
        for key, known in list(self._conversations.rows.items()):
            if known == conversation:
                self._conversations.put(key, name)

    def put_letters(self, letters: Iterable[DeadLetter]) -> None:
        before, self._letters = self._letters, list(letters)
        self._undo.append(lambda: setattr(self, "_letters", before))

    def erase(self) -> None:
        """Memory keeps nothing of what was replaced."""

    def add_seal(self, body: bytes) -> None:
        self._append(self._seals, body)

    def seals(self) -> Iterator[bytes]:
        return iter(list(self._seals))

    def add_delivery(self, row: StoredDelivery) -> bool:
        if self._outbox.get(row.key) is not None:
            return False
        self.put_delivery(row)
        return True

    def put_delivery(self, row: StoredDelivery) -> None:
        held = self._outbox.get(row.key)
        if held is None or held.delivery is not row.delivery or row.receipt is not held.receipt:
            row = json.decode(encode(row), type=StoredDelivery)
        self._outbox.put(row.key, row)

    def _delivery_moved(self, before: StoredDelivery | None, after: StoredDelivery | None) -> None:
        def place(row: StoredDelivery | None) -> tuple[int, str] | None:
            return (row.next_try, row.key) if row is not None and row.status == "waiting" else None

        _move(self._tries, place(before), place(after))
        for row in (before, after):
            if row is not None and row.held:
                keys = self._held.setdefault(row.held, set())
                (keys.add if row is after and row.status == "waiting" else keys.discard)(row.key)

    def delivery(self, key: str) -> StoredDelivery | None:
        return self._outbox.get(key)

    def due_deliveries(self, now: int) -> list[str]:
        due = self._tries[: bisect_right(self._tries, (now, "\U0010ffff"))]
        return [row.key for row in sorted((self._outbox.rows[key] for _, key in due), key=_turn)]

    def waiting(self, held: str, incident: str = "") -> list[StoredDelivery]:
        rows = (self._outbox.rows[key] for key in self._held.get(held, ()))
        return sorted((row for row in rows if incident in ("", row.delivery.incident)), key=_turn)

    def deliveries(self, status: str = "") -> Iterator[StoredDelivery]:
        return (row for _, row in sorted(self._outbox.rows.items()) if status in ("", row.status))

    def entries(self, tally: str, since: int | None) -> list[Entry]:
        table, order = self._ledger.get(tally), self._entry_order.get(tally, [])
        first = 0 if since is None else bisect_left(order, (since, ""))
        return [table.rows[key] for _, key in order[first:]] if table is not None else []

    def put_entries(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._tally(entry.tally).put(entry.delivery, entry)

    def _tally(self, name: str) -> _Table[str, Entry]:
        """The entries of one tally, by delivery; kept in the order of their instants beside."""
        if name not in self._ledger:
            order = self._entry_order.setdefault(name, [])

            def moved(before: Entry | None, after: Entry | None) -> None:
                _move(order, _place(before), _place(after))

            self._ledger[name] = _Table(self._undo, moved)
        return self._ledger[name]

    def drop_entries(self, delivery: Delivery) -> None:
        for claim in delivery.claims:
            if claim.tally in self._ledger:
                self._ledger[claim.tally].put(delivery.key, None)

    def set_aside(self, letter: DeadLetter) -> None:
        self._append(self._letters, letter)

    def dead_letters(self) -> Iterator[DeadLetter]:
        return iter(list(self._letters))

    def mode(self, id: str) -> StoredMode | None:
        return self._modes.get(id)

    def put_mode(self, mode: StoredMode) -> None:
        self._modes.put(mode.id, mode)

    def modes_in_force(self, at: int) -> tuple[str, ...]:
        def holds(mode: StoredMode) -> bool:
            return mode.since is not None and mode.since <= at and (mode.due is None or at < mode.due)

        names = [mode.id for mode in self._modes.rows.values() if holds(mode)]
        names += [f"pause:{pause.scope}" for pause in self._pauses.rows.values() if pause.since <= at]
        return tuple(sorted(names))

    def add_mark(self, mark: str, at: int) -> None:
        self._marks.put(mark, tuple(sorted((*(self._marks.get(mark) or ()), at))))

    def nth_last_mark(self, mark: str, n: int) -> int | None:
        marks = self._marks.get(mark) or ()
        return marks[-n] if len(marks) >= n else None

    def drop_marks(self, mark: str, before: int) -> None:
        marks = self._marks.get(mark) or ()
        self._marks.put(mark, marks[bisect_left(marks, before) :])

    def pauses(self) -> tuple[Pause, ...]:
        return tuple(pause for _, pause in sorted(self._pauses.rows.items()))

    def pause(self, pause: Pause) -> None:
        self._pauses.put(pause.scope, pause)

    def lift(self, scope: str, now: int) -> bool:
        if self._pauses.get(scope) is None:
            return False
        self._pauses.put(scope, None)
        for row in self.waiting("paused"):
            self.put_delivery(row.released(now))
        return True

    def add_request(self, body: bytes) -> None:
        last = self._last_request.get("n") or 0
        self._last_request.put("n", last + 1)
        self._requests.put(last + 1, body)

    def requests(self) -> list[tuple[int, bytes]]:
        return sorted(self._requests.rows.items())

    def drop_request(self, n: int) -> None:
        self._requests.put(n, None)

    def put_policy(self, digest: str, text: str) -> None:
        self._policies.put(digest, text)

    def policy(self, digest: str) -> str | None:
        return self._policies.get(digest)

    def clock(self) -> int:
        return self._clock.get("clock") or 0

    def put_clock(self, at: int) -> None:
        self._clock.put("clock", at)

    def next_due(self, deliveries: bool = True) -> Due | None:
        found = [Due(mode.due, MODE_DUE, mode.id) for mode in self._modes.rows.values() if mode.due is not None]
        if self._wakes:
            found.append(Due(self._wakes[0][0], INCIDENT_DUE, self._wakes[0][1]))
        if deliveries and self._tries and self._tries[0][0] < NEVER:
            found.append(Due(self._tries[0][0], DELIVERY_DUE, self._tries[0][1]))
        return min(found, default=None)

    def _append(self, rows: list[V], row: V) -> None:
        rows.append(row)
        self._undo.append(rows.pop)


def _turn(row: StoredDelivery) -> tuple[int, int, str]:
    return row.delivery.rank, row.delivery.deadline, row.key


def open_store(place: str, opening: Opening = "make") -> MemoryStore:
    """A new and empty store; `place` is not read, and there is none to be opened in another way."""
    if opening != "make":
        raise StoreError("`memory:` keeps nothing from one command to the next; name a store on disk or a server")
    return MemoryStore()
