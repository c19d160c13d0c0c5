"""What a store on SQL does beside deciding: secrets and seals of the record, other words in place of what was said,
and what people ask for from another process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from playbook_engine.model.event import Event
from playbook_engine.model.incident import Thread
from playbook_engine.runtime.store import DeadLetter, StoredDelivery, encode


class SqlKeeping:
    """A part of `SqlStore`, which has the connection."""

    def _run(self, statement: str, *values: Any) -> Any:
        raise NotImplementedError

    def _each(self, statement: str, *values: Any) -> Iterator[Any]:
        raise NotImplementedError

    def _row(self, statement: str, *values: Any) -> Any:
        raise NotImplementedError

    def put_thread(self, thread: Thread) -> None:
        raise NotImplementedError

    def put_delivery(self, row: StoredDelivery) -> None:
        raise NotImplementedError

    def set_aside(self, letter: DeadLetter) -> None:
        raise NotImplementedError

    def erase(self) -> None:
        raise NotImplementedError

    def secret(self, incident: str) -> bytes | None:
        row = self._row("SELECT secret FROM secrets WHERE incident = ?", incident)
        return row[0] if row else None

    def put_secret(self, incident: str, secret: bytes | None) -> None:
        if secret is None:
            self._run("DELETE FROM secrets WHERE incident = ?", incident)
        else:
            self._run(
                "INSERT INTO secrets VALUES (?, ?) ON CONFLICT (incident) DO UPDATE SET secret = excluded.secret",
                *(incident, secret),
            )

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

    def add_seal(self, body: bytes) -> None:
        self._run("INSERT INTO seals (body) VALUES (?)", body)

    def seals(self) -> Iterator[bytes]:
        return (body for (body,) in self._each("SELECT body FROM seals ORDER BY n"))

    def add_request(self, body: bytes) -> None:
        self._run("INSERT INTO requests (body) VALUES (?)", body)

    def requests(self) -> list[tuple[int, bytes]]:
        return [(n, body) for n, body in self._run("SELECT n, body FROM requests ORDER BY n")]

    def drop_request(self, n: int) -> None:
        self._run("DELETE FROM requests WHERE n = ?", n)
