"""A store in one SQLite file: one connection, one writer.

The log is written ahead and every commit is on the disk before it counts. See https://sqlite.org/wal.html and
https://sqlite.org/pragma.html#pragma_synchronous.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playbook_engine.errors import StoreError
from playbook_engine.runtime.store import Opening
from playbook_engine.runtime.stores._sql import PATIENCE, SqlStore
from playbook_engine.runtime.stores._sqlite_tables import prepare

_TROUBLES = (
    (
        ("locked",),
        "another process holds it and did not let go within {patience:g} s; wait until it is done, or stop it",
    ),
    (("readonly", "read-only"), "it can only be read; let this user write it and its folder"),
    (("full",), "the disk is full; make room, then start again: nothing of the last transaction was kept"),
    (("disk I/O",), "the disk took no more ({error}); see that it has room, is sound, and that no limit of size holds"),
    (("malformed",), "it is damaged ({error}); put back a copy made by `playbook store backup`"),
    (("unable to open",), "it cannot be opened; does its directory exist, and may you write there?"),
)
"""What SQLite says, and what it means to whoever reads it."""


class SqliteStore(SqlStore):
    def __init__(self, path: str, patience: float = PATIENCE, opening: Opening = "make") -> None:
        super().__init__(f"sqlite:{path}")
        self._path = path
        self._patience = patience
        self._engine: sqlite3.Connection | None = None
        self._db = self._connect(opening)

    def _connect(self, opening: Opening) -> sqlite3.Connection:
        if opening != "make" and not Path(self._path).is_file():
            raise StoreError(f"`{self._path}` is not there; name the file that `run --store` wrote")
        try:
            db = sqlite3.connect(
                f"file:{quote(self._path)}?mode={'rwc' if opening == 'make' else 'rw'}",
                timeout=self._patience,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
                uri=True,
            )
        except sqlite3.Error as error:
            raise self._explained(error) from None
        try:
            self.came_as = prepare(db, self._path, opening)
        except sqlite3.Error as error:
            db.close()
            raise self._explained(error) from None
        except StoreError:
            db.close()
            raise
        return db

    def _explained(self, error: sqlite3.Error) -> StoreError:
        said = next((means for signs, means in _TROUBLES if any(sign in str(error) for sign in signs)), "")
        means = said or "it cannot be used as a store: {error}; name another file, or a copy kept of it"
        return StoreError(f"`{self._path}`: {means.format(patience=self._patience, error=error)}")

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _each(self, statement: str, *values: Any) -> Iterator[Any]:
        return self._run(statement, *values)

    def begin(self) -> None:
        self._begin("BEGIN IMMEDIATE")

    def begin_reading(self) -> None:
        self._begin("BEGIN")

    def _is_open(self) -> bool:
        return self._db.in_transaction

    def only_engine(self) -> None:
        # The lock of an open exclusive transaction ends with its process, however that ends.
        if self._engine is not None:
            return
        engine = sqlite3.connect(
            f"{self._path}-engine", timeout=self._patience, isolation_level=None, check_same_thread=False
        )
        try:
            engine.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            engine.close()
            raise StoreError(
                f"another process works on `{self._path}`, and a store has one engine; stop that one first"
            ) from None
        self._engine = engine

    def damage(self) -> str:
        found = self._row("PRAGMA integrity_check(1)")[0]
        if found != "ok":
            return str(found)
        lost = self._row("PRAGMA foreign_key_check")
        return f"row {lost[1]} of {lost[0]} refers to a row of {lost[2]} that is not there" if lost else ""

    def erase(self) -> None:
        # Copies every row into fresh pages, then empties the log: https://sqlite.org/lang_vacuum.html
        self._run("VACUUM")
        busy, *_ = self._row("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise StoreError(f"somebody still reads `{self._path}`, so its log cannot be emptied; run this again")

    def tables(self) -> list[str]:
        rows = self._run(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid"
        )
        return [name for (name,) in rows]

    def backup(self, path: str) -> None:
        """Copies the file as it is at one instant; an engine goes on meanwhile. Raises StoreError."""
        try:
            copy = sqlite3.connect(path, isolation_level=None)
            try:
                self._db.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()
        except sqlite3.Error as error:
            raise StoreError(
                f"`{path}` cannot be written: {error}; name a place with room, where you may write"
            ) from None

    def close(self) -> None:
        self._db.close()
        if self._engine is not None:
            self._engine.close()


def open_store(place: str, opening: Opening = "make") -> SqliteStore:
    """The file at `place`, made if it is not there. Raises StoreError."""
    if place in ("", ":memory:"):
        raise StoreError(f"`sqlite:{place}` names no file; write `sqlite:PATH`, or `memory:` to keep nothing")
    return SqliteStore(place, opening=opening)
