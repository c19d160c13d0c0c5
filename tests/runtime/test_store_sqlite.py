"""What a store on disk promises beyond the contract of all stores."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from playbook_engine.errors import StoreError
from playbook_engine.model.event import Event
from playbook_engine.runtime.store import open_store, transaction
from playbook_engine.runtime.stores._sqlite_tables import MIGRATIONS
from playbook_engine.runtime.stores.sqlite import SqliteStore


def event(id: str, seq: int, text: str = "") -> Event:
    return Event(source="s", id=id, type="message.received", at=1, seen_at=2, seq=seq, text=text)


def test_a_file_is_as_it_was_when_it_is_opened_again(tmp_path: Path) -> None:
    first = open_store(f"sqlite:{tmp_path / 's.db'}")
    with transaction(first):
        first.add_event(event("e1", 1), "digest")
        first.put_clock(7)
    kept = list(first.events())
    first.close()
    again = open_store(f"sqlite:{tmp_path / 's.db'}")
    assert (list(again.events()), again.seen("s", "e1"), again.clock()) == (kept, "digest", 7)
    again.close()


def test_a_file_keeps_a_log_and_waits_for_the_disk(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "s.db"))
    pragmas = ("journal_mode", "synchronous", "foreign_keys")
    assert [store._db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas] == ["wal", 2, 1]
    store.close()


def test_every_table_is_strict(tmp_path: Path) -> None:
    open_store(f"sqlite:{tmp_path / 's.db'}").close()
    with sqlite3.connect(tmp_path / "s.db") as db:
        tables = db.execute(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'"
        )
        strict = dict(tables.fetchall())
    db.close()
    assert set(strict.values()) == {1}
    assert set(strict) >= {"events", "incidents", "threads", "outbox", "ledger", "records", "dead_letters"}


def test_a_store_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    open_store(f"sqlite:{path}").close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer release"):
        open_store(f"sqlite:{path}")


def test_a_file_of_an_older_release_is_brought_up_to_date_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:{tmp_path / 's.db'}"
    first = open_store(url)
    with transaction(first):
        first.put_clock(7)
    first.close()

    def one_more(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE meta ADD COLUMN note TEXT")

    monkeypatch.setattr("playbook_engine.runtime.stores._sqlite_tables.MIGRATIONS", (*MIGRATIONS, one_more))
    for _ in range(2):
        store = SqliteStore(str(tmp_path / "s.db"))
        assert (store.clock(), store._db.execute("PRAGMA user_version").fetchone()) == (7, (len(MIGRATIONS) + 1,))
        store.close()


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to look like one" * 30)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:{tmp_path / 'notes.txt'}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlit:x.db", "did you mean `sqlite:`"),
        ("store.db", "write `sqlite:PATH` or `memory:`"),
        ("sqlite:", "names no file"),
        ("sqlite::memory:", "names no file"),
        ("_sqlite_tables:x", "names no store"),
    ],
)
def test_an_address_that_names_no_store_says_what_to_write(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said.replace("`", ".")):
        open_store(url)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does its directory exist"):
        open_store(f"sqlite:{tmp_path / 'none' / 's.db'}")


def test_a_second_writer_is_told_who_has_to_go(tmp_path: Path) -> None:
    first = SqliteStore(str(tmp_path / "s.db"))
    second = SqliteStore(str(tmp_path / "s.db"), patience=0.05)
    with transaction(first), pytest.raises(StoreError, match=r"another process holds .* within 0.05 s; wait"):
        second.begin()
    assert not second.in_transaction
    with transaction(second):
        second.put_clock(1)
    assert first.clock() == 1
    first.close()
    second.close()


HOLD = """
import sys
from playbook_engine.runtime.store import open_store
store = open_store(sys.argv[1])
store.only_engine()
print("holds", flush=True)
sys.stdin.read()
"""


def test_a_store_has_one_engine_until_its_process_ends(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, f"sqlite:{path}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"holds\n"
    store = SqliteStore(str(path), patience=0.05)
    with pytest.raises(StoreError, match="a store has one engine"):
        store.only_engine()
    other.kill()
    other.communicate()
    store.only_engine()
    store.close()


def test_a_full_disk_is_said_and_leaves_nothing_half(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "s.db"))
    with transaction(store):
        store.put_clock(1)
    store._db.execute("PRAGMA max_page_count = 1")

    def write_much() -> None:
        with transaction(store):
            store.put_clock(2)
            for n in range(1, 200):
                store.add_event(event(f"e{n}", n, text="x" * 4_000), "")

    with pytest.raises(StoreError, match="full"):
        write_much()
    assert (store.clock(), store.in_transaction, store.next_seq()) == (1, False, 1)
    store.close()
