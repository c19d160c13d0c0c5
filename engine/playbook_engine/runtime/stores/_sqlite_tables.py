"""The tables of a store on SQL as SQLite reads them, one function for each version that a release has brought.

Every table is strict: a value of another type than its column's is refused. Seen from the shell, `body`, `state` and
`delivery` are JSON, and instants are ms UTC. See https://sqlite.org/stricttables.html.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import json

from playbook_engine.errors import StoreError
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.runtime.store import NEVER, Opening, StoredDelivery, encode


def m001_first(db: Any) -> None:
    for statement in _FIRST_TABLES.split(";"):
        db.execute(statement)


_FIRST_TABLES = """
CREATE TABLE events (seq INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    channel TEXT NOT NULL, message TEXT NOT NULL, seen_at INTEGER NOT NULL, digest TEXT NOT NULL,
    body BLOB NOT NULL, UNIQUE (source, id)) STRICT;
CREATE INDEX events_by_message ON events (channel, message, type)
    WHERE message <> '' AND type IN ('message.received', 'message.sent');
CREATE TABLE conversations (channel TEXT NOT NULL, message TEXT NOT NULL, conversation TEXT NOT NULL,
    PRIMARY KEY (channel, message)) STRICT, WITHOUT ROWID;
CREATE TABLE incidents (id TEXT PRIMARY KEY, state BLOB NOT NULL, wake_at INTEGER) STRICT;
CREATE INDEX incidents_by_wake ON incidents (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE TABLE threads (key TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE records (at INTEGER PRIMARY KEY, incident TEXT NOT NULL, n INTEGER NOT NULL, event TEXT NOT NULL,
    body BLOB NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL, UNIQUE (incident, n),
    FOREIGN KEY (incident) REFERENCES incidents (id)) STRICT;
CREATE TABLE outbox (key TEXT PRIMARY KEY, incident TEXT NOT NULL, delivery BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'sending', 'delivered', 'failed', 'unknown', 'over',
        'expired', 'cancelled', 'dead', 'digested')),
    rank INTEGER NOT NULL, deadline INTEGER NOT NULL, not_before INTEGER NOT NULL, not_after INTEGER,
    attempts INTEGER NOT NULL, next_try INTEGER NOT NULL, held TEXT NOT NULL, gathered TEXT NOT NULL,
    joined BLOB, receipt BLOB,
    FOREIGN KEY (incident) REFERENCES incidents (id)) STRICT;
CREATE INDEX outbox_by_try ON outbox (next_try, key) WHERE status = 'waiting';
CREATE INDEX outbox_held ON outbox (held, incident) WHERE status = 'waiting' AND held <> '';
CREATE INDEX outbox_sending ON outbox (key) WHERE status = 'sending';
CREATE TABLE ledger (tally TEXT NOT NULL, delivery TEXT NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (tally, delivery)) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_instant ON ledger (tally, at);
CREATE TABLE dead_letters (n INTEGER PRIMARY KEY, reason TEXT NOT NULL, place TEXT NOT NULL, body BLOB NOT NULL,
    at INTEGER NOT NULL, sentence TEXT NOT NULL) STRICT;
CREATE TABLE modes (id TEXT PRIMARY KEY, since INTEGER, by TEXT NOT NULL, incident TEXT NOT NULL,
    due INTEGER) STRICT;
CREATE TABLE marks (n INTEGER PRIMARY KEY, mark TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX marks_by_instant ON marks (mark, at);
CREATE TABLE pauses (scope TEXT PRIMARY KEY, since INTEGER NOT NULL, by TEXT NOT NULL) STRICT;
CREATE TABLE policies (digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT
"""


def m002_secrets_and_seals(db: Any) -> None:
    db.execute("CREATE TABLE secrets (incident TEXT PRIMARY KEY, secret BLOB NOT NULL) STRICT, WITHOUT ROWID")
    db.execute("CREATE TABLE seals (n INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")


def m003_requests(db: Any) -> None:
    db.execute("CREATE TABLE requests (n INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")


MIGRATIONS: tuple[Callable[[Any], None], ...] = (m001_first, m002_secrets_and_seals, m003_requests)
"""How many of them a store has seen is its version. One that was released is never changed.

PostgreSQL runs the same ones, with the types' names put into its own words: they take anything with `execute`.
"""

OUTBOX = "delivery, status, attempts, next_try, held, gathered, joined, receipt"

DUE = (
    "SELECT due, 0, id FROM modes WHERE due IS NOT NULL ORDER BY due, id LIMIT 1",
    "SELECT wake_at, 1, id FROM incidents WHERE wake_at IS NOT NULL ORDER BY wake_at, id LIMIT 1",
    f"SELECT next_try, 2, key FROM outbox WHERE status = 'waiting' AND next_try < {NEVER} "
    "ORDER BY next_try, key LIMIT 1",
)
"""The first of each kind that is due; the second column is the kind."""


def prepare(db: sqlite3.Connection, path: str, opening: Opening = "make") -> int:
    """Migrates the file to this release's tables, and gives the version it had.

    Raises StoreError for one that a newer release wrote, and for an older one that is opened to be looked at.
    """
    came_as: int = db.execute("PRAGMA user_version").fetchone()[0]
    check_version(path, came_as, opening)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA cache_size = -64000")
    for version, migrate in enumerate(MIGRATIONS[came_as:], start=came_as):
        db.execute("BEGIN IMMEDIATE")
        # Another process may have been first while this one waited for its turn.
        if db.execute("PRAGMA user_version").fetchone()[0] == version:
            migrate(db)
            db.execute(f"PRAGMA user_version = {version + 1}")
        db.execute("COMMIT")
    return came_as


def check_version(name: str, version: int, opening: Opening) -> None:
    """Whether tables of this version may be opened so. Raises StoreError."""
    if version > len(MIGRATIONS):
        raise StoreError(
            f"`{name}` was written by a newer release (its tables are of version {version}, this one knows "
            f"{len(MIGRATIONS)}); use that release"
        )
    if opening == "make" or version == len(MIGRATIONS):
        return
    if version == 0:
        raise StoreError(f"`{name}` holds no store; name the one that `run --store` wrote")
    if opening == "read":
        raise StoreError(
            f"`{name}` was written by an older release (its tables are of version {version}, this one writes "
            f"{len(MIGRATIONS)}); run `playbook store migrate` on it first"
        )


def outbox_state(row: StoredDelivery) -> tuple[object, ...]:
    return (
        row.status,
        row.attempts,
        row.next_try,
        row.held,
        json.encode(row.gathered).decode(),
        encode(row.joined) if row.joined is not None else None,
        encode(row.receipt) if row.receipt is not None else None,
    )


def stored_delivery(row: Sequence[Any]) -> StoredDelivery:
    delivery, status, attempts, next_try, held, gathered, joined, receipt = row
    return StoredDelivery(
        delivery=json.decode(delivery, type=Delivery),
        status=status,
        attempts=attempts,
        next_try=next_try,
        held=held,
        gathered=json.decode(gathered, type=tuple[str, ...]),
        joined=json.decode(joined, type=Delivery) if joined is not None else None,
        receipt=json.decode(receipt, type=Receipt) if receipt is not None else None,
    )
