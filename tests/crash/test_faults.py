"""What a disk, a lock, a service or a clock does to a run: it stops with a sentence or goes on, and loses nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.driver import Runs, check, check_promises, runs
from crash.world import World, world
from playbook_engine.runtime.store import open_store

NOBODY = 65_534


@pytest.fixture
def outside() -> Iterator[World]:
    with world() as services:
        yield services


@pytest.fixture
def run(tmp_path: Path, outside: World) -> Iterator[Runs]:
    with runs(tmp_path, outside, count=24) as started:
        yield started


def pages(url: str) -> int:
    with sqlite3.connect(url.removeprefix("sqlite:")) as db:
        return int(db.execute("PRAGMA page_count").fetchone()[0])


def test_a_store_that_is_full_says_so_and_goes_on_where_there_is_room(run: Runs) -> None:
    open_store(run.url).close()
    empty, stopped = pages(run.url), 0
    for more in range(2, 60, 14):
        stopped += run.run(pages=empty + more) == 2
    assert stopped > 1
    assert all("full" in line for line in run.said), run.said
    assert run.run() == 0
    check(run)


def test_a_full_disk_says_so_and_goes_on_where_there_is_room(run: Runs) -> None:
    open_store(run.url).close()
    said = [run.run(bytes=size) for size in range(400_000, 1_000_000, 150_000)]
    assert said.count(2) > 1
    assert {*said} <= {0, 2}
    assert run.run() == 0
    check(run)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become nobody")
def test_a_file_that_may_not_be_written_is_named_and_left_as_it_is(outside: World) -> None:
    place = Path(tempfile.mkdtemp())
    try:
        place.chmod(0o755)
        with runs(place, outside, count=12) as run:
            assert run.run(die="after:commit:9") == -9
            before = (place / "s.db").read_bytes()
            assert run.run(user=NOBODY) == 2
            assert "s.db" in run.said[-1]
            assert (place / "s.db").read_bytes() == before
            assert run.run() == 0
            check(run)
    finally:
        shutil.rmtree(place)


def test_a_locked_store_is_waited_for_and_then_named(run: Runs) -> None:
    assert run.run(die="after:commit:9") == -9
    with sqlite3.connect(run.url.removeprefix("sqlite:"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run.run(patience=0.2) == 2
        assert "another process holds" in run.said[-1]
        other.execute("ROLLBACK")
    assert run.run() == 0
    check(run)


def test_a_service_that_is_down_is_left_alone_and_every_letter_comes_to_an_end(run: Runs, outside: World) -> None:
    outside.down = lambda number: True
    assert run.run() == 0
    store = open_store(run.url)
    ends = {row.status for row in store.deliveries() if row.leaving.channel != "email"}
    letters = [letter.place for letter in store.dead_letters() if letter.reason == "not-delivered"]
    dead = [row.key for row in store.deliveries("dead")]
    waiting = [row for row in store.deliveries("waiting") if row.held != "again"]
    store.close()
    assert "delivered" not in ends
    assert (sorted(letters), waiting) == (sorted(dead), [])
    assert dead
    check_promises(run)
    assert len(outside.asked) < 6 * len(dead)


def test_killed_while_a_service_comes_and_goes(run: Runs, outside: World) -> None:
    outside.down = lambda number: number % 50 > 35
    outside.pause = 0.002
    while run.killed_at_random(3, within=0.5):
        pass
    check_promises(run)


# On a clock that goes by itself, several calls under way


def test_killed_at_random_moments_with_several_calls_under_way(run: Runs) -> None:
    run.more = {"wall": True}
    while run.killed < 8 and run.killed_at_random(11, within=0.6):
        pass
    assert run.run() == 0
    check_promises(run)


HOUR = 3_600_000


@pytest.mark.parametrize("steps", [(0, HOUR, 0), (HOUR, 0, HOUR), (0, -HOUR, HOUR)])
def test_a_clock_that_is_set_forward_and_back(steps: tuple[int, ...], run: Runs) -> None:
    run.more = {"wall": True, "steps": steps}
    run.killed_after(0.6)
    assert run.run() == 0
    check_promises(run)
