"""`playbook replay`: a history through a policy in seconds, or through two side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from playbook_engine.cli.history import EVENTS, MAP, going_on, incoming
from playbook_engine.cli.loading import PLAYBOOK, load_policy
from playbook_engine.cli.output import FORMAT, print_json
from playbook_engine.cli.replayed import Shown, print_replayed
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.runtime.incoming.outcomes import Outcome
from playbook_engine.runtime.replaying import Replaying, replay
from playbook_engine.study.replayed import Replayed


@click.command("replay")
@PLAYBOOK
@EVENTS
@MAP
@click.option("--against", type=click.Path(path_type=Path), metavar="PATH", help="Another playbook, side by side.")
@click.option("--until", metavar="TIME", help="Go on after the last event: +2d, or 2026-03-04T18:00.")
@click.option("--processes", type=click.IntRange(1, 1024), help="How many at a time. Default: one for each core.")
@click.option("--quiet", is_flag=True, help="No progress and no notes on stderr.")
@FORMAT
def command(
    path: Path,
    events: str,
    mapping: str | None,
    against: Path | None,
    until: str | None,
    processes: int | None,
    quiet: bool,
    form: str,
) -> None:
    """Takes a history through a policy, timers included, and says what was kept, how fast and at what cost.

    Nothing is sent or stored. The sums are the same for any number of processes. A policy with modes, or with limits
    that hold across incidents, is replayed in one process, and a note says why.
    """
    paths = [path, *([against] if against is not None else [])]
    policies = [load_policy(one) for one in paths]
    with ExitStack() as stack:
        outcomes = list(incoming(events, mapping, stack))
    askings = [
        Replaying(one, loaded_for_replay, Replayed, going_on(until, policy.timezone))
        for one, policy in zip(paths, policies, strict=True)
    ]
    found = replay(askings, outcomes, processes or cores(), progress_of(outcomes, askings, quiet), noted(quiet))
    shown = [Shown(policy, one) for policy, one in zip(policies, found, strict=True)]
    if form == "json":
        said = [one.as_json() for one in shown]
        print_json({"policy": said[0], "against": said[1]} if against is not None else said[0])
    else:
        print_replayed(shown)


def loaded_for_replay(path: Path) -> tuple[Policy, Callable[[Event], Any]]:
    """The policy at a path and its enrichment, in whatever process asks."""
    registry = Registry.build()
    return load_policy(path, registry), registry.enrich


def cores() -> int:
    """Those this process may use, where the system says so."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable is not None else os.cpu_count() or 1


def progress_of(outcomes: list[Outcome], askings: Sequence[Replaying[Any]], quiet: bool) -> Callable[[int], object]:
    """One line on a terminal; silent in pipes and files."""
    total = len(outcomes) * len(askings)
    if quiet or not sys.stderr.isatty():
        return lambda count: None

    def tell(count: int) -> None:
        ends = "\r\x1b[K" if count >= total else ""
        sys.stderr.write(f"\r{count:,} of {total:,} events{ends}")
        sys.stderr.flush()

    return tell


def noted(quiet: bool) -> Callable[[str], object]:
    """Notes go to stderr."""
    return (lambda note: None) if quiet else (lambda note: click.echo(note, err=True))
