"""Once an hour everything recorded is put under one hash, and each seal names the one before."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from playbook_engine.runtime import merkle
from playbook_engine.runtime.record import read_record
from playbook_engine.runtime.sealing import HOUR, NOTHING_SEALED, Seal, entries_after, last_seal, seal, seal_hash
from playbook_engine.runtime.store import Store, open_store
from shop import Shop, event, message
from story import at

ENTRIES = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


def split(entries: list[bytes]) -> bytes:
    """The root as RFC 6962 writes it down, for as many entries as it takes."""
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    most = 1
    while most * 2 < len(entries):
        most *= 2
    return sha256(b"\x01" + split(entries[:most]) + split(entries[most:])).digest()


@given(ENTRIES)
def test_the_root_is_that_of_the_standard(entries: list[bytes]) -> None:
    assert merkle.root(entries) == split(entries)


def test_the_root_over_nothing_is_that_of_the_standard() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(ENTRIES, st.data())
def test_an_entry_is_shown_to_be_in_the_tree_at_its_place_only(entries: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    path = merkle.path(entries, index)

    assert merkle.root_from(entries[index], index, len(entries), path) == merkle.root(entries)
    assert merkle.root_from(entries[index] + b"!", index, len(entries), path) != merkle.root(entries)
    assert merkle.root_from(entries[index], index, len(entries), [*path, b""]) is None
    assert merkle.root_from(entries[index], len(entries), len(entries), path) is None
    if path:
        assert merkle.root_from(entries[index], index, len(entries), path[:-1]) is None


def seals(store: Store) -> list[Seal]:
    return [json.decode(body, type=Seal) for body in store.seals()]


@pytest.fixture(params=["memory:", "sqlite:{}/store.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(request.param.format(tmp_path))


def two_hours(store: Store, batch: int = 1) -> Shop:
    shop = Shop(store=store, batch=batch)
    shop.takes(message("1", "mon 10:20", "broken"), message("2", "mon 10:40", "really", person="bo"))
    return shop.takes(message("3", "mon 11:20", "hello?")).wakes("mon 12:05")


def test_every_full_hour_seals_what_was_recorded_before_it(store: Store) -> None:
    two_hours(store)
    made = seals(store)

    assert [each.at for each in made] == [at("mon 11:00"), at("mon 12:00")]
    assert made[-1].records == sum(read_record(record).now < at("mon 12:00") for record in store.records())
    assert made[-1].events == sum(each.seen_at < at("mon 12:00") for each in store.events())
    records, events = entries_after(store, NOTHING_SEALED)
    assert merkle.root(records[: made[0].records] + events[: made[0].events]).hex() == made[0].root
    rest = records[made[0].records : made[1].records] + events[made[0].events : made[1].events]
    assert merkle.root(rest).hex() == made[1].root


def test_each_seal_names_the_one_before(store: Store) -> None:
    two_hours(store)
    first, second = store.seals()

    assert [each.previous for each in seals(store)] == ["", seal_hash(first)]
    assert last_seal(store) == (seals(store)[1], seal_hash(second))


def test_the_same_events_give_the_same_seals_however_many_share_a_commit() -> None:
    once, often = open_store("memory:"), open_store("memory:")
    two_hours(once, batch=1_000)
    two_hours(often, batch=1)

    assert list(once.seals()) == list(often.seals())


def test_an_hour_in_which_nothing_happened_has_no_seal(store: Store) -> None:
    shop = two_hours(store)
    count = len(seals(store))
    shop.wakes("mon 12:50")

    assert len(seals(store)) == count


def test_in_a_busy_hour_so_much_is_sealed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playbook_engine.runtime.sealing.MOST_UNSEALED", 3)
    shop = Shop().takes(*(message(f"{n}", f"mon 10:{n}", person=f"p{n}") for n in range(20, 29)))
    made = seals(shop.store)

    assert [each.at for each in made] == [at("mon 10:23"), at("mon 10:26")]
    assert entries_after(shop.store, made[-1])[0]


def test_a_seal_is_told_once_it_is_committed() -> None:
    told: list[tuple[Seal, str]] = []
    shop = Shop(batch=1_000, sealed=lambda *found: told.append(found))
    shop.engine.take(message("1", "mon 10:20"))
    shop.engine.take(message("2", "mon 11:20", person="bo"))
    assert told == []
    shop.engine.flush()

    assert [(each.at, named) for each, named in told] == [(at("mon 11:00"), last_seal(shop.store)[1])]


def test_a_seal_that_was_taken_back_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(batch=1_000).takes(message("1", "mon 10:20"))

    class Broken(Exception):
        pass

    def fails(*_: object) -> None:
        raise Broken

    with monkeypatch.context() as patched:
        patched.setattr(shop.engine._intake, "take_in", fails)
        with pytest.raises(Broken):
            shop.engine.take(message("2", "mon 11:20", person="bo"))
    assert seals(shop.store) == []
    shop.takes(message("2", "mon 11:20", person="bo"))

    assert [each.at for each in seals(shop.store)] == [at("mon 11:00")]


def test_what_decided_nothing_is_sealed_too(store: Store) -> None:
    shop = Shop(store=store).takes(
        event("s", "mode.switched", "mon 10:20", by="nobody", data={"mode": "x", "on": True})
    )
    made, _ = seal(store, at("mon 10:30")) or (None, "")

    assert shop.aside()[0][0] == "not-switched"
    assert made is not None
    assert (made.records, made.events) == (0, 1)
    assert seal(store, at("mon 10:40")) is None
    assert made.at % HOUR
