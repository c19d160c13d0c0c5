"""`playbook report`: a history through a policy as one page with plots."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from playbook_engine.cli.history import EVENTS, MAP, going_on, incoming
from playbook_engine.cli.loading import PLAYBOOK, load_policy
from playbook_engine.cli.replay import cores, loaded_for_replay, noted, progress_of
from playbook_engine.errors import UsageError
from playbook_engine.runtime.replaying import Replaying, replay
from playbook_engine.study.page import page
from playbook_engine.study.replayed import Replayed


@click.command("report")
@PLAYBOOK
@EVENTS
@MAP
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The page, as HTML.")
@click.option("--until", metavar="TIME", help="Go on after the last event: +2d, or 2026-03-04T18:00.")
@click.option("--processes", type=click.IntRange(1, 1024), help="How many at a time. Default: one for each core.")
@click.option("--quiet", is_flag=True, help="No progress and no notes on stderr.")
def command(
    path: Path,
    events: str,
    mapping: str | None,
    output: Path,
    until: str | None,
    processes: int | None,
    quiet: bool,
) -> None:
    """Takes a history through a policy as `replay` does, and writes one self-contained page of it.

    The page fetches nothing. It holds counts and names of the playbook, nothing that customers wrote.
    """
    policy = load_policy(path)
    with ExitStack() as stack:
        outcomes = list(incoming(events, mapping, stack))
    askings = [Replaying(path, loaded_for_replay, Replayed, going_on(until, policy.timezone))]
    progress = progress_of(outcomes, askings, quiet)
    found = replay(askings, outcomes, processes or cores(), progress, noted(quiet))[0]
    try:
        output.write_text(page(found, policy.name, policy.digest, policy.timezone), "utf-8")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}; name another file") from None
    if not quiet:
        click.echo(f"wrote {output}", err=True)
