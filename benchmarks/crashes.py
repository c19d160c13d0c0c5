"""Processes killed at random moments under load, or at every write; what came of it is compared with a run in peace.

    .venv/bin/python benchmarks/crashes.py [--kills 1000] [--seed 1] [--writes [--step 1]]

The events, the web service and the mail server are those of `tests/crash`, on loopback. A run that comes to its end is
compared byte for byte, its services' own records are counted, and the next begins. With `--writes` a process is
killed before and after each write of a small run, each time in a store of its own. Exits with 1 at the first
difference.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from crash.driver import Runs, campaign, check, runs
from crash.world import world

SMALL = 4
"""Events of the run that is killed at every write."""


def at_random(run: Runs, kills: int, seed: int) -> Counter[str]:
    total: Counter[str] = Counter()
    for found in campaign(run, kills, seed, within=0.8):
        total.update({**found, "runs": 1})
    return total


def at_every_write(run: Runs, place: Path, step: int) -> Counter[str]:
    total: Counter[str] = Counter()
    run.begin(place / "whole")
    assert run.run(writes=str(place / "writes.json")) == 0
    writes = json.loads((place / "writes.json").read_text())
    for n in range(1, len(writes) + 1, step):
        for when in ("before", "after"):
            run.begin(place / f"{when}{n}")
            assert run.run(die=f"{when}:{n}") == -9
            assert run.run() == 0
            total.update({**check(run), "runs": 1})
    return total


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--writes", action="store_true")
    options.add_argument("--step", type=int, default=1, help="at every so-many-th write only")
    asked = options.parse_args()
    logging.disable(logging.ERROR)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, world() as services:
        place = Path(folder)
        with runs(place, services, count=SMALL if asked.writes else 60) as run:
            total = at_every_write(run, place, asked.step) if asked.writes else at_random(run, asked.kills, asked.seed)
    print(f"killed {'at every write' if asked.writes else f'at random, seed {asked.seed}'}: no difference")
    for name, count in total.items():
        print(f"  {name:<20} {count:>8,}")
    print(f"  {'seconds':<20} {time.monotonic() - began:>8,.0f}")


if __name__ == "__main__":
    main()
