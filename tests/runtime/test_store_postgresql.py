"""What a store on PostgreSQL promises beyond the contract of all stores. Each test has a real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from playbook_engine.errors import StoreError
from playbook_engine.runtime.store import open_store, transaction
from postgresql_server import Server

pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")

from playbook_engine.runtime.stores._postgresql_address import read_address
from playbook_engine.runtime.stores._postgresql_store import PostgresqlStore

SECRET = "hunter2-and-more"


def impatient(url: str) -> PostgresqlStore:
    return PostgresqlStore(read_address(url.removeprefix("postgresql:")), patience=0.05)


def test_a_store_is_as_it_was_when_it_is_opened_again(postgresql: Server) -> None:
    url = postgresql.store()
    for clock in (0, 7):
        store = open_store(url)
        assert store.clock() == clock
        store.put_clock(7)
        store.close()


def test_two_schemas_of_a_database_are_two_stores(postgresql: Server) -> None:
    first, second = open_store(postgresql.store()), open_store(postgresql.store())
    first.only_engine()
    second.only_engine()
    with transaction(first), transaction(second):
        first.put_clock(1)
        second.put_clock(2)
    assert (first.clock(), second.clock()) == (1, 2)
    first.close()
    second.close()


def test_a_second_writer_is_told_who_has_to_go(postgresql: Server) -> None:
    url = postgresql.store()
    first, second = open_store(url), impatient(url)
    with transaction(first), pytest.raises(StoreError, match=r"another process holds it .* within 0.05 s; wait"):
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


def test_a_store_has_one_engine_until_its_process_ends(postgresql: Server) -> None:
    url = postgresql.store()
    other = subprocess.Popen([sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"holds\n"
    store = impatient(url)
    with pytest.raises(StoreError, match="a store has one engine"):
        store.only_engine()
    store.close()
    other.kill()
    other.communicate()
    after = open_store(url)
    after.only_engine()
    after.close()


def test_a_password_is_found_by_its_reference_and_told_by_nothing(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgresql.run(f"CREATE ROLE guarded LOGIN PASSWORD '{SECRET}'; CREATE SCHEMA guarded AUTHORIZATION guarded")
    hba = postgresql.folder / "data" / "pg_hba.conf"
    hba.write_text("local all guarded scram-sha-256\n" + hba.read_text())
    postgresql.run("SELECT pg_reload_conf()")
    url = postgresql.address("guarded:${env:SHOP_PASSWORD}")
    monkeypatch.setenv("SHOP_PASSWORD", SECRET)
    store = open_store(url)
    assert SECRET not in store.name + repr(vars(store))
    store.close()
    monkeypatch.setenv("SHOP_PASSWORD", SECRET + "!")
    with pytest.raises(StoreError, match="cannot be opened") as refused:
        open_store(url)
    assert SECRET not in str(refused.value)
    monkeypatch.delenv("SHOP_PASSWORD")
    with pytest.raises(StoreError, match=r"SHOP_PASSWORD.*no such variable"):
        open_store(url)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://shop:{SECRET}@db/shop",
        f"postgresql://shop@db/shop?password={SECRET}",
        f"postgresql://shop:{SECRET}%@db/shop",
        f"postgres://shop:{SECRET}@db/shop",
    ],
)
def test_an_address_that_holds_a_password_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        open_store(url)
    assert SECRET not in str(refused.value)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="see that the server runs"):
        open_store(f"postgresql://shop@/shop?host={tmp_path}")


def test_a_database_that_cannot_hold_every_text_is_refused(postgresql: Server) -> None:
    postgresql.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="LATIN1, which cannot hold every text; make one"):
        open_store(postgresql.address(database="latin"))


def test_a_schema_of_another_program_is_left_alone(postgresql: Server) -> None:
    url = postgresql.store()
    schema = url.rpartition("%3D")[2]
    postgresql.run(f"CREATE TABLE {schema}.threads (mine text)")
    with pytest.raises(StoreError, match="tables of another program"):
        open_store(url)
    postgresql.run(f"DROP TABLE {schema}.threads")
    open_store(url).close()


def test_a_server_that_can_only_be_read_is_said(postgresql: Server) -> None:
    url = postgresql.store()
    open_store(url).close()
    store = open_store(url + "%20-cdefault_transaction_read_only%3Don")
    with pytest.raises(StoreError, match="it can only be read"):
        store.put_clock(1)
    store.close()


def test_a_full_disk_of_the_server_is_said_and_leaves_nothing_half(postgresql: Server) -> None:
    url = postgresql.store()
    store = open_store(url)
    schema = url.rpartition("%3D")[2]
    postgresql.run(
        f"CREATE FUNCTION {schema}.fills() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$; "
        f"CREATE TRIGGER fills BEFORE INSERT ON {schema}.policies EXECUTE FUNCTION {schema}.fills()"
    )

    def write() -> None:
        with transaction(store):
            store.put_clock(2)
            store.put_policy("d", "{}")

    with pytest.raises(StoreError, match="the server's disk is full; make room"):
        write()
    assert (store.clock(), store.in_transaction) == (0, False)
    store.close()


def test_a_lost_connection_ends_the_transaction_and_says_what_to_do(postgresql: Server) -> None:
    store = open_store(postgresql.store())
    assert isinstance(store, PostgresqlStore)
    pid = store._db.info.backend_pid

    def write() -> None:
        with transaction(store):
            store.put_clock(2)
            postgresql.run(f"SELECT pg_terminate_backend({pid}, 5000)")
            store.put_clock(3)

    with pytest.raises(StoreError, match="the connection was lost"):
        write()
    assert not store.in_transaction
    store.close()
