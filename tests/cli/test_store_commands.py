"""`playbook store`: what it says of sound and of damaged stores, copies, and stores of older releases."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.errors import StoreError
from playbook_engine.runtime.store import open_store, transaction
from playbook_engine.runtime.storekeeping import open_whole
from postgresql_server import Server

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
LEFT = sorted((Path(__file__).parents[1] / "cases" / "stores").glob("*.db"))
"""The stores that releases left behind."""


def asked(*words: str) -> Result:
    return CliRunner().invoke(playbook, [str(word) for word in words])


def run(url: str, name: str = "minimal") -> Result:
    place = PLAYBOOKS / name
    return asked(
        "run", str(place), "--events", str(place / "events.jsonl"), "--clock", "events", "--store", url, "--dry-run"
    )


@pytest.fixture
def lived(tmp_path: Path) -> str:
    url = f"sqlite:{tmp_path / 'shop.db'}"
    run(url)
    return url


def held(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(open_whole(url)) as store:
        return {table: list(store.rows(table)) for table in store.tables()}


def test_a_sound_store_is_counted(lived: str) -> None:
    result = asked("store", "check", lived)
    assert result.exit_code == 0
    assert result.stdout.endswith(f"{lived} is sound\n")
    assert f"  events         {len(held(lived)['events'])}\n" in result.stdout


DAMAGES: dict[str, tuple[str, str]] = {
    "a record changed": ("UPDATE records SET body = CAST(body || ' ' AS BLOB) WHERE at = 2", "its hash does not fit"),
    "a record lost": (
        "DELETE FROM records WHERE at = (SELECT min(at) FROM records WHERE n = 1)",
        "it follows record 0",
    ),
    "a policy lost": ("DELETE FROM policies", "which is not kept"),
    "a thread leads nowhere": (
        """INSERT INTO threads VALUES ('t', CAST('{"key":"t","version":1,"customers":{"p":"gone"}}' AS BLOB))""",
        "thread t: it leads to the incident gone",
    ),
    "an incident unreadable": ("UPDATE incidents SET state = x'7b'", "a row cannot be read"),
    "an incident lost": ("DELETE FROM incidents", "refers to a row of incidents that is not there"),
    "a receipt lost": ("UPDATE outbox SET receipt = NULL", "it is delivered, and has no receipt"),
    "a companion lost": ("UPDATE outbox SET gathered = '[\"gone\"]'", "it names the delivery gone"),
    "a stray entry": ("INSERT INTO ledger VALUES ('t', 'stray', 1, 1)", "tally t: it counts a delivery"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_does_not_hold_together_is_named(damage: str, lived: str) -> None:
    statement, said = DAMAGES[damage]
    db = sqlite3.connect(lived.removeprefix("sqlite:"))
    db.execute(statement)
    db.commit()
    db.close()
    result = asked("store", "check", lived)
    assert (result.exit_code, said in result.stdout) == (1, True), result.output


def test_a_damaged_page_is_named(lived: str) -> None:
    path = Path(lived.removeprefix("sqlite:"))
    content = bytearray(path.read_bytes())
    for page in range(4_096, len(content), 4_096):
        content[page : page + 64] = b"\xff" * 64
    path.write_bytes(content)
    result = asked("store", "check", lived)
    assert (result.exit_code, "the file" in result.stdout or "damaged" in str(result.exception)) == (1, True)


def test_a_check_makes_no_store_and_changes_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not there"):
        CliRunner().invoke(playbook, ["store", "check", f"sqlite:{tmp_path / 'none.db'}"], catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []
    sqlite3.connect(tmp_path / "empty.db").close()
    with pytest.raises(StoreError, match="holds no store"):
        open_store(f"sqlite:{tmp_path / 'empty.db'}", "read")


def test_a_backup_is_the_store_at_one_instant_while_another_writes(lived: str, tmp_path: Path) -> None:
    before = held(lived)
    with closing(open_store(lived)) as writer, transaction(writer):
        writer.put_clock(99)
        assert asked("store", "backup", lived, str(tmp_path / "copy.db")).exit_code == 0
    assert held(f"sqlite:{tmp_path / 'copy.db'}") == before
    again = asked("store", "backup", lived, str(tmp_path / "copy.db"))
    assert "is there already" in str(again.exception)
    assert not list(tmp_path.glob("*unfinished*"))


@pytest.mark.parametrize("name", ["minimal", "minato"])
def test_a_playbook_leaves_the_same_rows_on_sqlite_and_on_postgresql(
    name: str, postgresql: Server, tmp_path: Path
) -> None:
    here, there = f"sqlite:{tmp_path / 'shop.db'}", postgresql.store()
    told = [run(url, name) for url in (here, there)]
    assert told[0].stdout == told[1].stdout
    assert held(here) == held(there)
    assert asked("store", "check", there).exit_code == 0


def test_a_store_moves_to_a_server_and_back_and_goes_on(lived: str, postgresql: Server, tmp_path: Path) -> None:
    there, back = postgresql.store(), tmp_path / "back.db"
    assert asked("store", "copy", lived, there).exit_code == 0
    refused = asked("store", "copy", lived, there)
    assert "is not empty" in str(refused.exception)
    assert asked("store", "backup", there, str(back)).exit_code == 0
    assert held(there) == held(f"sqlite:{back}") == held(lived)
    for url in (there, lived):
        with closing(open_store(url)) as store:
            store.add_mark("m", 1)
            store.add_mark("m", 2)
            assert store.nth_last_mark("m", 2) == 1


@pytest.mark.parametrize("left", LEFT, ids=lambda path: path.stem)
def test_a_store_that_a_release_left_behind_is_brought_up_to_date_and_goes_on(left: Path, tmp_path: Path) -> None:
    url = f"sqlite:{shutil.copy(left, tmp_path / 'shop.db')}"
    before = held_by_release(tmp_path / "shop.db")
    migrated = asked("store", "migrate", url)
    assert migrated.exit_code == 0
    assert "is up to date" in asked("store", "migrate", url).stdout
    assert asked("store", "check", url).exit_code == 0
    result = run(url)
    assert result.exit_code == 0
    assert before <= held_by_release(tmp_path / "shop.db")
    assert asked("store", "check", url).exit_code == 0


def test_a_release_has_left_a_store_behind() -> None:
    assert LEFT


def held_by_release(path: Path) -> set[tuple[object, ...]]:
    """The records and the events, which nothing may change."""
    with closing(sqlite3.connect(path)) as db:
        events = db.execute("SELECT source, id, body FROM events").fetchall()
        return {*events, *db.execute("SELECT incident, n, hash FROM records").fetchall()}
