"""What every store on SQL has in common. The statements are those that SQLite and PostgreSQL both read.

A statement has `?` for its values; what it stores is numbers, texts and bytes, and texts are ordered by their code
points.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from msgspec import json

from playbook_engine.decide.grant import Entry
from playbook_engine.decide.upgrade import read_incident
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Thread
from playbook_engine.runtime.store import (
    FIRST_HASH,
    NEVER,
    DeadLetter,
    Due,
    Pause,
    Record,
    StoredDelivery,
    StoredMode,
    chained,
    conversation,
    encode,
)
from playbook_engine.runtime.stores._sql_keeping import SqlKeeping
from playbook_engine.runtime.stores._sqlite_tables import DUE, OUTBOX, outbox_state, stored_delivery

PATIENCE = 5.0
"""Seconds to wait for another process."""


class Found(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int: ...
    @property
    def description(self) -> Any: ...
    def fetchone(self) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class SqlStore(SqlKeeping):
    """The statements. A kind of store adds how a statement is run and what a transaction is.

    `came_as` is the version of its tables before it was opened.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.came_as = 0
        self._lock = threading.RLock()
        self._owner = 0

    def _run(self, statement: str, *values: Any) -> Found:
        raise NotImplementedError

    def _each(self, statement: str, *values: Any) -> Iterator[Any]:
        """The rows of what may be too much to hold at once."""
        raise NotImplementedError

    def _row(self, statement: str, *values: Any) -> Any:
        return self._run(statement, *values).fetchone()

    def _begin(self, statement: str) -> None:
        self._lock.acquire()
        try:
            self._run(statement)
        except BaseException:
            self.rollback()
            raise
        self._owner = threading.get_ident()

    def commit(self) -> None:
        try:
            self._run("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self._owner = 0
        self._lock.release()

    def rollback(self) -> None:
        try:
            # A full disk or a lost server may have rolled it back already.
            if self._is_open():
                self._run("ROLLBACK")
        finally:
            self._owner = 0
            self._lock.release()

    @property
    def in_transaction(self) -> bool:
        return self._owner == threading.get_ident()

    def begin(self) -> None:
        raise NotImplementedError

    def begin_reading(self) -> None:
        raise NotImplementedError

    def only_engine(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def _is_open(self) -> bool:
        """Whether the database has a transaction open."""
        raise NotImplementedError

    def next_seq(self) -> int:
        return int(self._row("SELECT coalesce(max(seq), 0) + 1 FROM events")[0])

    def seen(self, source: str, id: str) -> str | None:
        row = self._row("SELECT digest FROM events WHERE source = ? AND id = ?", source, id)
        return row[0] if row else None

    def seen_message(self, channel: str, message: str, type: str = "message.received") -> str | None:
        # Spelt out as in the index, which covers only these.
        row = self._row(
            "SELECT source || '#' || id FROM events WHERE channel = ? AND message = ? AND type = ? "
            "AND message <> '' AND type IN ('message.received', 'message.sent') LIMIT 1",
            *(channel, message, type),
        )
        return row[0] if row else None

    def add_event(self, event: Event, digest: str) -> None:
        self._run(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(event.seq, event.source, event.id, event.type, event.channel, event.message, event.seen_at),
            *(digest, encode(event)),
        )

    def conversation_of(self, channel: str, message: str) -> str:
        row = self._row(
            "SELECT body FROM events WHERE channel = ? AND message = ? "
            "AND message <> '' AND type IN ('message.received', 'message.sent') LIMIT 1",
            *(channel, message),
        )
        if row:
            return conversation(json.decode(row[0], type=Event))
        row = self._row("SELECT conversation FROM conversations WHERE channel = ? AND message = ?", channel, message)
        return row[0] if row else ""

    def put_conversation(self, channel: str, message: str, conversation: str) -> None:
        self._run(
            "INSERT INTO conversations VALUES (?, ?, ?) "
            "ON CONFLICT (channel, message) DO UPDATE SET conversation = excluded.conversation",
            *(channel, message, conversation),
        )

    def event(self, source: str, id: str) -> Event | None:
        row = self._row("SELECT body FROM events WHERE source = ? AND id = ?", source, id)
        return json.decode(row[0], type=Event) if row else None

    def decided_in(self, event: str) -> str:
        row = self._row("SELECT incident FROM records WHERE event = ? LIMIT 1", event)
        return row[0] if row else ""

    def events(self, after: int = 0) -> Iterator[Event]:
        rows = self._each("SELECT body FROM events WHERE seq > ? ORDER BY seq", after)
        return (json.decode(body, type=Event) for (body,) in rows)

    def incident(self, id: str) -> Incident | None:
        row = self._row("SELECT state FROM incidents WHERE id = ?", id)
        return read_incident(row[0]) if row else None

    def put_incident(self, incident: Incident, state: bytes) -> None:
        self._run(
            "INSERT INTO incidents VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state, wake_at = excluded.wake_at",
            *(incident.id, state, incident.wake_at),
        )

    def stop_waking(self, id: str) -> None:
        self._run("UPDATE incidents SET wake_at = NULL WHERE id = ?", id)

    def incidents(self) -> Iterator[Incident]:
        rows = self._each("SELECT state FROM incidents ORDER BY id")
        return (read_incident(state) for (state,) in rows)

    def thread(self, key: str) -> Thread | None:
        row = self._row("SELECT body FROM threads WHERE key = ?", key)
        return json.decode(row[0], type=Thread) if row else None

    def put_thread(self, thread: Thread) -> None:
        self._run(
            "INSERT INTO threads VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
            thread.key,
            encode(thread),
        )

    def add_record(self, incident: str, event: str, body: bytes) -> bytes:
        last = self._row("SELECT n, hash FROM records WHERE incident = ? ORDER BY n DESC LIMIT 1", incident)
        n, previous = last or (0, FIRST_HASH)
        head = chained(previous, body)
        self._run(
            "INSERT INTO records (at, incident, n, event, body, previous, hash) "
            "SELECT coalesce(max(at), 0) + 1, ?, ?, ?, ?, ?, ? FROM records",
            *(incident, n + 1, event, body, previous, head),
        )
        return head

    def records(self, incident: str = "", after: int = 0) -> Iterator[Record]:
        chosen = "AND incident = ?" if incident else ""
        rows = self._each(
            f"SELECT incident, n, event, body, previous, hash FROM records WHERE at > ? {chosen} ORDER BY at",
            *([after, incident] if incident else [after]),
        )
        return (
            Record(incident=name, n=n, event=event, body=body, previous=previous, hash=head)
            for name, n, event, body, previous, head in rows
        )

    def add_delivery(self, row: StoredDelivery) -> bool:
        delivery = row.delivery
        # What a statement has changed is asked of the connection, which all threads share.
        with self._lock:
            added = self._run(
                f"INSERT INTO outbox (key, incident, rank, deadline, not_before, not_after, {OUTBOX}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                *(delivery.key, delivery.incident, delivery.rank, delivery.deadline),
                *(delivery.not_before, delivery.not_after, encode(delivery), *outbox_state(row)),
            )
            return added.rowcount == 1

    def put_delivery(self, row: StoredDelivery) -> None:
        self._run(
            "UPDATE outbox SET status = ?, attempts = ?, next_try = ?, held = ?, gathered = ?, joined = ?, "
            "receipt = ? WHERE key = ?",
            *outbox_state(row),
            row.key,
        )

    def delivery(self, key: str) -> StoredDelivery | None:
        row = self._row(f"SELECT {OUTBOX} FROM outbox WHERE key = ?", key)
        return stored_delivery(row) if row else None

    def due_deliveries(self, now: int) -> list[str]:
        rows = self._run(
            "SELECT key FROM outbox WHERE status = 'waiting' AND next_try <= ? ORDER BY rank, deadline, key", now
        )
        return [key for (key,) in rows]

    def waiting(self, held: str, incident: str = "") -> list[StoredDelivery]:
        chosen, values = ("AND incident = ?", [held, incident]) if incident else ("", [held])
        rows = self._run(
            f"SELECT {OUTBOX} FROM outbox WHERE status = 'waiting' AND held <> '' AND held = ? {chosen} "
            "ORDER BY rank, deadline, key",
            *values,
        )
        return [stored_delivery(row) for row in rows]

    def deliveries(self, status: str = "") -> Iterator[StoredDelivery]:
        chosen = f"WHERE status = '{status}'" if status else ""
        return (stored_delivery(row) for row in self._each(f"SELECT {OUTBOX} FROM outbox {chosen} ORDER BY key"))

    def entries(self, tally: str, since: int | None) -> list[Entry]:
        rows = self._run(
            "SELECT tally, delivery, amount, at FROM ledger WHERE tally = ? AND at >= ? ORDER BY at, delivery",
            tally,
            -NEVER if since is None else since,
        )
        return [Entry(*row) for row in rows]

    def put_entries(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._run(
                "INSERT INTO ledger VALUES (?, ?, ?, ?) "
                "ON CONFLICT (tally, delivery) DO UPDATE SET amount = excluded.amount, at = excluded.at",
                *(entry.tally, entry.delivery, entry.amount, entry.at),
            )

    def drop_entries(self, delivery: Delivery) -> None:
        for claim in delivery.claims:
            self._run("DELETE FROM ledger WHERE tally = ? AND delivery = ?", claim.tally, delivery.key)

    def set_aside(self, letter: DeadLetter) -> None:
        self._run(
            "INSERT INTO dead_letters (reason, place, body, at, sentence) VALUES (?, ?, ?, ?, ?)",
            *(letter.reason, letter.place, letter.body, letter.at, letter.sentence),
        )

    def dead_letters(self) -> Iterator[DeadLetter]:
        rows = self._each("SELECT reason, place, body, at, sentence FROM dead_letters ORDER BY n")
        return (
            DeadLetter(reason=reason, place=place, body=body, at=at, sentence=sentence)
            for reason, place, body, at, sentence in rows
        )

    def mode(self, id: str) -> StoredMode | None:
        row = self._row("SELECT id, since, by, incident, due FROM modes WHERE id = ?", id)
        return StoredMode(id=row[0], since=row[1], by=row[2], incident=row[3], due=row[4]) if row else None

    def put_mode(self, mode: StoredMode) -> None:
        self._run(
            "INSERT INTO modes VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "since = excluded.since, by = excluded.by, incident = excluded.incident, due = excluded.due",
            *(mode.id, mode.since, mode.by, mode.incident, mode.due),
        )

    def modes_in_force(self, at: int) -> tuple[str, ...]:
        rows = self._run(
            "SELECT id FROM modes WHERE since <= ? AND (due IS NULL OR due > ?) "
            "UNION ALL SELECT 'pause:' || scope FROM pauses WHERE since <= ?",
            *(at, at, at),
        )
        return tuple(sorted(name for (name,) in rows))

    def add_mark(self, mark: str, at: int) -> None:
        self._run("INSERT INTO marks (mark, at) VALUES (?, ?)", mark, at)

    def nth_last_mark(self, mark: str, n: int) -> int | None:
        row = self._row("SELECT at FROM marks WHERE mark = ? ORDER BY at DESC LIMIT 1 OFFSET ?", mark, n - 1)
        return row[0] if row else None

    def drop_marks(self, mark: str, before: int) -> None:
        self._run("DELETE FROM marks WHERE mark = ? AND at < ?", mark, before)

    def pauses(self) -> tuple[Pause, ...]:
        rows = self._run("SELECT scope, since, by FROM pauses ORDER BY scope")
        return tuple(Pause(scope=scope, since=since, by=by) for scope, since, by in rows)

    def pause(self, pause: Pause) -> None:
        self._run(
            "INSERT INTO pauses VALUES (?, ?, ?) "
            "ON CONFLICT (scope) DO UPDATE SET since = excluded.since, by = excluded.by",
            *(pause.scope, pause.since, pause.by),
        )

    def lift(self, scope: str, now: int) -> bool:
        if self._run("DELETE FROM pauses WHERE scope = ?", scope).rowcount == 0:
            return False
        self._run(
            "UPDATE outbox SET held = '', next_try = CASE WHEN not_before > ? THEN not_before ELSE ? END "
            "WHERE status = 'waiting' AND held = 'paused'",
            *(now, now),
        )
        return True

    def put_policy(self, digest: str, text: str) -> None:
        self._run(
            "INSERT INTO policies VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET text = excluded.text", digest, text
        )

    def policy(self, digest: str) -> str | None:
        row = self._row("SELECT text FROM policies WHERE digest = ?", digest)
        return row[0] if row else None

    def clock(self) -> int:
        row = self._row("SELECT value FROM meta WHERE name = 'clock'")
        return row[0] if row else 0

    def put_clock(self, at: int) -> None:
        self._run("INSERT INTO meta VALUES ('clock', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", at)

    def next_due(self, deliveries: bool = True) -> Due | None:
        found = (self._row(statement) for statement in (DUE if deliveries else DUE[:2]))
        return min((Due(*row) for row in found if row), default=None)

    # the store as a whole
    def damage(self) -> str:
        """What the database itself finds wrong with what it holds, "" for nothing."""
        return ""

    def tables(self) -> list[str]:
        """In the order in which they were made: one that is referred to comes before those that refer to it."""
        raise NotImplementedError

    def columns(self, table: str) -> list[str]:
        return [column[0] for column in self._run(f"SELECT * FROM {table} LIMIT 0").description or ()]

    def count(self, table: str) -> int:
        return int(self._row(f"SELECT count(*) FROM {table}")[0])

    def rows(self, table: str) -> Iterator[Any]:
        """By the first two columns, which is by key."""
        return self._each(f"SELECT * FROM {table} ORDER BY 1, 2")

    def put_rows(self, table: str, columns: Sequence[str], rows: Iterable[Any]) -> int:
        """Adds rows as they are, and gives how many they were."""
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        return sum(self._run(statement, *row).rowcount for row in rows)

    def unclaimed(self) -> str:
        """The tally of an entry whose delivery is not in the outbox, "" for none."""
        row = self._row("SELECT tally FROM ledger WHERE delivery NOT IN (SELECT key FROM outbox) ORDER BY 1 LIMIT 1")
        return row[0] if row else ""
