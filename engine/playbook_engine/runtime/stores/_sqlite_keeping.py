"""What a SQLite store does for the record: secrets, seals, and erasing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from playbook_engine.errors import StoreError
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Thread
from playbook_engine.runtime.store import DeadLetter, StoredDelivery, encode


class SqliteKeeping:
    """A part of `SqliteStore`, which has the connection."""

    _path: str

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        raise NotImplementedError

    def _row(self, statement: str, *values: Any) -> Any:
        raise NotImplementedError

    def put_thread(self, thread: Thread) -> None:
        raise NotImplementedError

    def put_delivery(self, row: StoredDelivery) -> None:
        raise NotImplementedError

    def set_aside(self, letter: DeadLetter) -> None:
        raise NotImplementedError

    def secret(self, incident: str) -> bytes | None:
        row = self._row("SELECT secret FROM secrets WHERE incident = ?", incident)
        return row[0] if row else None

    def put_secret(self, incident: str, secret: bytes | None) -> None:
        if secret is None:
            self._run("DELETE FROM secrets WHERE incident = ?", incident)
        else:
            self._run("INSERT OR REPLACE INTO secrets VALUES (?, ?)", incident, secret)

    def put_event(self, event: Event, digest: str) -> None:
        self._run(
            "UPDATE events SET body = ?, digest = ? WHERE source = ? AND id = ?",
            *(encode(event), digest, event.source, event.id),
        )

    def replace_delivery(self, row: StoredDelivery) -> None:
        self._run("UPDATE outbox SET delivery = ? WHERE key = ?", encode(row.delivery), row.key)
        self.put_delivery(row)

    def rename_thread(self, key: str, thread: Thread) -> None:
        self._run("DELETE FROM threads WHERE key = ?", key)
        self.put_thread(thread)

    def rename_conversation(self, conversation: str, name: str) -> None:
        self._run("UPDATE conversations SET conversation = ? WHERE conversation = ?", name, conversation)

    def put_letters(self, letters: Iterable[DeadLetter]) -> None:
        self._run("DELETE FROM dead_letters")
        for letter in letters:
            self.set_aside(letter)

    def erase(self) -> None:
        # Copies every row into fresh pages, then empties the log: https://sqlite.org/lang_vacuum.html
        self._run("VACUUM")
        busy, *_ = self._row("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise StoreError(f"somebody still reads `{self._path}`, so its log cannot be emptied; run this again")

    def add_seal(self, body: bytes) -> None:
        self._run("INSERT INTO seals (body) VALUES (?)", body)

    def seals(self) -> Iterator[bytes]:
        return (body for (body,) in self._run("SELECT body FROM seals ORDER BY n"))
