"""`playbook diff`: two playbooks as they are written, as they decide every message, and as they met recorded ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import click

from playbook_engine.cli.diff_words import Told, as_json, as_markdown, as_text
from playbook_engine.cli.history import MAP, incoming
from playbook_engine.cli.loading import load_policy
from playbook_engine.cli.output import print_json
from playbook_engine.cli.prove import first_day
from playbook_engine.cli.replay import cores, loaded_for_replay, noted, progress_of
from playbook_engine.errors import UsageError
from playbook_engine.prove.changes import changes
from playbook_engine.prove.comparison import KINDS, compare
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.runtime.replaying import Replaying, replay
from playbook_engine.runtime.revisions import put_out
from playbook_engine.study.decided import Deciding, Impact, impact


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--events", metavar="FILE", help="Recorded events that both are put: JSON lines, an array or an e-mail.")
@MAP
@click.option("--max-changed", metavar="N|N%", help="How many recorded messages may be decided otherwise.")
@click.option("--allow", metavar="KIND,…", default="", help=f"What may change: {', '.join(KINDS)}, or all.")
@click.option("--since", metavar="TIME", help="Where the year begins over which calendars are looked at; today.")
@click.option("--budget", type=click.IntRange(1), default=CONFLICTS, show_default=True, help="Conflicts a question.")
@click.option("--processes", type=click.IntRange(1, 1024), help="How many at a time. Default: one for each core.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True,
    help="How to print.",
)  # fmt: skip
@click.pass_context
def command(
    context: click.Context,
    old: str,
    new: str,
    events: str | None,
    mapping: str | None,
    max_changed: str | None,
    allow: str,
    since: str | None,
    budget: int,
    processes: int | None,
    form: str,
) -> None:
    """Compares two playbooks: what is written otherwise, which messages are decided otherwise, and how many were.

    OLD and NEW are paths, or a revision of git as REV:PATH, or REV for what the other one names (else the folder
    you are in). Exit code 1 where something changes that is not allowed, 5 where it is not known.
    """
    allowed = _allowed(allow)
    if max_changed is not None and events is None:
        raise UsageError("--max-changed counts recorded messages; name them with --events FILE")
    with ExitStack() as stack:
        paths = _placed(old, new, stack)
        policies = [load_policy(path) for path in paths]
        found = _impact(paths, events, mapping, processes) if events is not None else None
    compared = compare(policies[0], policies[1], first_day(policies[1], since), budget)
    excess = _excess(found, max_changed) if found is not None and max_changed is not None else ""
    refused = tuple(kind for kind in compared.kinds if kind not in allowed)
    code = 1 if refused or excess else 5 if compared.inconclusive else 0
    told = Told(
        ((old, paths[0]), (new, paths[1])),
        (policies[0], policies[1]),
        changes(*policies),
        compared,
        found,
        refused,
        excess,
        code,
    )
    if form == "json":
        print_json(as_json(told))
    else:
        click.echo(as_markdown(told) if form == "markdown" else as_text(told))
    context.exit(code)


def _allowed(written: str) -> frozenset[str]:
    named = frozenset(each.strip() for each in written.split(",") if each.strip())
    unknown = sorted(named.difference((*KINDS, "all")))
    if unknown:
        raise UsageError(f"--allow {unknown[0]}: no change is called so; there are {', '.join(KINDS)}, and all")
    return frozenset(KINDS) if "all" in named else named


# Where the two are.


def _placed(old: str, new: str, stack: ExitStack) -> list[Path]:
    """The two as they stand on disk, what only git has in a folder that is gone afterwards."""
    there = [Path(each) if Path(each).exists() else None for each in (old, new)]
    return [
        path if path is not None else _put_out(said, other, stack)
        for said, path, other in zip((old, new), there, reversed(there), strict=True)
    ]


def _put_out(said: str, other: Path | None, stack: ExitStack) -> Path:
    revision, colon, path = said.partition(":")
    place = Path(path) if colon and path else other or Path()
    if not place.exists() and not place.parent.is_dir():
        raise UsageError(f"`{said}` is no path; of a revision write REV:PATH, for instance `main:playbook`")
    into = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    return put_out(place, revision, into)


# What was recorded.


def _impact(paths: Iterable[Path], events: str, mapping: str | None, processes: int | None) -> Impact:
    with ExitStack() as stack:
        outcomes = list(incoming(events, mapping, stack))
    askings = [Replaying(path, loaded_for_replay, Deciding) for path in paths]
    progress = progress_of(outcomes, askings, False)
    before, after = replay(askings, outcomes, processes or cores(), progress, noted(False))
    return impact(before, after)


def _excess(found: Impact, written: str) -> str:
    """What is said where more is decided otherwise than may be; "" where not. Raises UsageError."""
    number, percent = written.removesuffix("%"), written.endswith("%")
    try:
        most = float(number) if percent else int(number)
    except ValueError:
        raise UsageError(f"--max-changed {written}: not a number; write for instance 20 or 1%") from None
    reached = 100 * found.changed / found.messages if percent and found.messages else found.changed
    return f"more than {written} of the recorded messages are decided otherwise" if reached > most else ""
