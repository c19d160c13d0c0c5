"""A store in a schema of a PostgreSQL database: one connection, one writer.

Who writes holds the store's advisory lock until the transaction ends, so that what several processes spend of one
limit is exact; the engine holds a second one as long as it is connected. A connection that is lost is not made again:
its locks went with it, so the engine ends and is started anew. Not to be reached through a pooler that shares
connections between transactions. Needs the extra `postgresql`. See
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.string import TextLoader

from playbook_engine.errors import StoreError
from playbook_engine.runtime.store import Opening
from playbook_engine.runtime.stores._postgresql_address import Address
from playbook_engine.runtime.stores._postgresql_tables import ENGINE, LOCKS, VERSION, WRITER, placed, prepare
from playbook_engine.runtime.stores._sql import PATIENCE, SqlStore

_SESSION = {
    "synchronous_commit": "on",
    "default_transaction_isolation": "read\\ committed",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""A commit is on the disk before it counts, and the locks of a machine that went away end within half a minute."""

_TROUBLES = {
    "55P03": "another process holds it and did not let go within {patience:g} s; wait until it is done, or stop it",
    "53100": "the server's disk is full; make room there, then start again: nothing of the last transaction was kept",
    "25006": "it can only be read (is it a standby?); name the server that takes writes",
    "42501": "this role may not use it ({said}); make the role the owner of the schema",
    "42P07": "its schema holds tables of another program ({said}); give the store a schema or a database of its own",
    "3F000": "its schema is not there; make it with `CREATE SCHEMA`, or name another in `search_path`",
}
"""By SQLSTATE. See https://www.postgresql.org/docs/current/errcodes-appendix.html."""

_LOST = "the connection was lost ({said}); see that the server runs, then start again: no commit is lost"
_ELSE = "it cannot be used as a store: {said}; see the server's log"

_ESCAPE = "\ufdd0"
"""A character that stands for nothing. PostgreSQL has no text with U+0000, so that is written as two others."""


class PostgresqlStore(SqlStore):
    def __init__(self, address: Address, patience: float = PATIENCE, opening: Opening = "make") -> None:
        super().__init__(address.name)
        self._address = address
        self._patience = patience
        self._works = False
        self._db = self._connect()
        try:
            self.came_as = prepare(self._db, self.name, opening)
        except psycopg.Error as error:
            self._db.close()
            raise self._explained(error) from None
        except BaseException:
            self._db.close()
            raise

    def _connect(self) -> psycopg.Connection[Any]:
        given = self._address.parameters
        session = {**_SESSION, "lock_timeout": f"{self._patience * 1000:.0f}"}
        options = " ".join([given.get("options", ""), *(f"-c {name}={value}" for name, value in session.items())])
        chosen = {"connect_timeout": "10", **given, "options": options.strip(), "client_encoding": "UTF8"}
        try:
            db = psycopg.connect(make_conninfo(**chosen), autocommit=True)
        except psycopg.Error as error:
            raise StoreError(
                f"`{self.name}` cannot be opened: {self._address.without_secrets(str(error))}; see that the server "
                "runs, and that address, role, password and database are right"
            ) from None
        db.adapters.register_loader("text", _Unescaping)
        return db

    def _explained(self, error: psycopg.Error) -> StoreError:
        said = self._address.without_secrets(error.diag.message_primary or str(error))
        means = _TROUBLES.get(error.sqlstate or "", _LOST if self._db.broken or self._db.closed else _ELSE)
        return StoreError(f"`{self.name}`: {means.format(patience=self._patience, said=said)}")

    def _run(self, statement: str, *values: Any) -> psycopg.Cursor[Any]:
        try:
            return self._db.execute(placed(statement), _given(values))
        except psycopg.IntegrityError:
            raise
        except psycopg.Error as error:
            raise self._explained(error) from error

    def _each(self, statement: str, *values: Any) -> Iterator[Any]:
        # A cursor of the server holds what is not yet asked for, also when the transaction is over.
        try:
            self._cursors += 1
            with self._db.cursor(f"each{self._cursors}", withhold=True) as cursor:
                cursor.itersize = 1_000
                yield from cursor.execute(placed(statement), _given(values))
        except psycopg.Error as error:
            raise self._explained(error) from error

    _cursors = 0

    def begin(self) -> None:
        self._begin(f"BEGIN; SELECT pg_advisory_xact_lock({LOCKS}, {WRITER})")

    def begin_reading(self) -> None:
        self._begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _is_open(self) -> bool:
        return self._db.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def only_engine(self) -> None:
        if self._works:
            return
        try:
            self._run(f"SELECT pg_advisory_lock({LOCKS}, {ENGINE})")
        except StoreError as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03":
                raise
            raise StoreError(
                f"another process works on `{self.name}`, and a store has one engine; stop that one first"
            ) from None
        self._works = True

    def erase(self) -> None:
        # Writes every table anew. The server's write-ahead log, its copies and its standbys are its operator's.
        # https://www.postgresql.org/docs/current/sql-vacuum.html
        for table in self.tables():
            self._run(f"VACUUM (FULL) {table}")

    def tables(self) -> list[str]:
        rows = self._run(
            "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
            "AND relkind = 'r' AND relname <> ? ORDER BY oid",
            VERSION,
        )
        return [name for (name,) in rows]

    def put_rows(self, table: str, columns: Sequence[str], rows: Iterable[Any]) -> int:
        count = super().put_rows(table, columns, rows)
        for column in columns:
            counter = self._row("SELECT pg_get_serial_sequence(?, ?)", table, column)[0]
            if counter is not None:
                self._run(
                    f"SELECT setval(?::text::regclass, (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)",
                    counter,
                )
        return count

    def close(self) -> None:
        self._db.close()


def _given(values: tuple[Any, ...]) -> list[Any] | None:
    return [_escaped(value) for value in values] or None


def _escaped(value: Any) -> Any:
    if isinstance(value, str) and ("\0" in value or _ESCAPE in value):
        return value.replace(_ESCAPE, f"{_ESCAPE}1").replace("\0", f"{_ESCAPE}0")
    return value


class _Unescaping(TextLoader):
    def load(self, data: Any) -> str | bytes:
        text = super().load(data)
        if isinstance(text, str) and _ESCAPE in text:
            return text.replace(f"{_ESCAPE}0", "\0").replace(f"{_ESCAPE}1", _ESCAPE)
        return text
