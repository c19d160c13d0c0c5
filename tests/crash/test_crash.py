"""A process that is killed anywhere, and started again, ends as if nobody had killed it.

`benchmarks/crashes.py` does the same at every write and at a thousand random moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.driver import Runs, campaign, check, runs
from crash.worker import WRITES
from crash.world import World, world

RARE = {"rollback", "stop_waking", "set_aside", "only_engine"}
"""Nothing goes wrong in these runs, and an engine takes its place without writing."""


@pytest.fixture
def outside() -> Iterator[World]:
    with world() as services:
        yield services


@pytest.fixture
def run(tmp_path: Path, outside: World) -> Iterator[Runs]:
    with runs(tmp_path, outside, count=24) as started:
        yield started


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_kind_of_write(when: str, run: Runs) -> None:
    kinds = sorted({*WRITES} - RARE)
    run.count = 40
    for n, kind in enumerate(kinds):
        number = 1 if kind == "put_policy" else n % 3 + 1
        assert run.run(die=f"{when}:{kind}:{number}") == -9, kind
    assert run.run() == 0
    assert check(run)["deaths"] == len(kinds)


def test_killed_at_random_moments_under_load(run: Runs) -> None:
    found = list(campaign(run, kills=12, seed=7, within=0.6))
    assert sum(each["deaths"] for each in found) >= 12


@pytest.mark.parametrize("taken", [False, True])
def test_killed_while_a_service_is_at_it(taken: bool, run: Runs, outside: World) -> None:
    outside.kill = lambda number, by_now: run.pid if by_now is taken and number % 7 == 0 else 0
    while run.run():
        pass
    found = check(run)
    assert found["deaths"] > 1
    assert found["again with their key"] > 0 or not taken
