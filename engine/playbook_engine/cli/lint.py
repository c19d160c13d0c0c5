"""`playbook lint`: everything that is wrong with a playbook, each finding with its place and what to do."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from playbook_engine.cli.lint_key import QUARTER, key_of
from playbook_engine.errors import UsageError
from playbook_engine.lint.finding import SEVERITIES
from playbook_engine.lint.formats import FORMATS
from playbook_engine.lint.rule import PROFILES
from playbook_engine.runtime import kept
from playbook_engine.runtime.clock import SystemClock

FAIL_ON = (*SEVERITIES, "never")
FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True)
class Asked:
    """The options of one call; `now` is ms UTC."""

    paths: tuple[Path, ...]
    form: str
    profile: str
    only: tuple[str, ...]
    fail_on: str
    exit_zero: bool
    sarif_suppressed: bool
    events: Path | None
    pace: int | None
    explain: str | None
    mend: str | None
    diff: bool
    no_ignores: bool
    register: bool
    baseline: Path | None
    adopt: bool
    prune: bool
    since: str | None
    colour: bool
    now: int

    @property
    def lasts(self) -> bool:
        """Whether the answer rests on playbooks alone, and nothing but it is wanted."""
        other = (self.events, self.pace, self.explain, self.mend, self.baseline, self.since)
        acts = self.diff or self.register or self.adopt or self.prune
        return not acts and all(each is None for each in other)


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file, not to stdout.")
@click.option("--profile", type=click.Choice(PROFILES), default="ready", show_default=True, help="How much to ask.")
@click.option("--only", multiple=True, metavar="CODE", help="Only this rule, by its code or name; may be repeated.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True, help="What makes it fail.")
@click.option("--exit-zero", is_flag=True, help="Exit code 0 whatever is found, as for a job that uploads the report.")
@click.option("--sarif-suppressed", is_flag=True, help="List in `sarif` also what is suppressed.")
@click.option("--events", type=click.Path(path_type=Path), metavar="FILE", help="Messages that came before, as volume.")
@click.option("--pace", type=click.IntRange(1, 3600), metavar="N", help="What a department answers by hand in an hour.")
@click.option("--explain", metavar="CODE", help="Print the page of a rule.")
@click.option(
    "--fix", "mend", is_flag=False, flag_value="safe", type=click.Choice(["safe", "unsafe"]), help="Mend what can be."
)
@click.option("--diff", is_flag=True, help="With --fix: print what would change, and change nothing.")
@click.option("--no-ignores", is_flag=True, help="Report what is silenced too.")
@click.option("--suppressions", "register", is_flag=True, help="Print what is silenced, by whom, why and until when.")
@click.option("--baseline", type=FILE, help="A file of findings that are known and not reported.")
@click.option("--write-baseline", "adopt", is_flag=True, help="Write everything found now into the baseline.")
@click.option("--prune-baseline", "prune", is_flag=True, help="Take out of the baseline what is not found any more.")
@click.option("--changed-since", "since", metavar="REV", help="Only findings in parts that differ from a git revision.")
@click.option("--no-cache", "afresh", is_flag=True, help="Look at everything again, and keep no answer.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    form: str,
    output: Path | None,
    profile: str,
    only: tuple[str, ...],
    fail_on: str,
    exit_zero: bool,
    sarif_suppressed: bool,
    events: Path | None,
    pace: int | None,
    explain: str | None,
    mend: str | None,
    diff: bool,
    no_ignores: bool,
    register: bool,
    baseline: Path | None,
    adopt: bool,
    prune: bool,
    since: str | None,
    afresh: bool,
) -> None:
    """Reads playbooks and reports everything found at once. Without a PATH: the current directory.

    Exit code 1 when a finding is at or above --fail-on, 4 when there is nothing to check.
    """
    now, colour = SystemClock().now(), _colour(context, output)
    asked = Asked(
        *(paths or (Path("."),), form, profile, only, fail_on, exit_zero, sarif_suppressed, events, pace, explain),
        *(mend, diff, no_ignores, register, baseline, adopt, prune, since, colour, now - now % QUARTER),
    )
    answer = _answer(asked, None if afresh or not asked.lasts else kept.folder())
    if answer is not None:
        code, text = answer
        _put(context, text, output)
        context.exit(code)


def _answer(asked: Asked, place: Path | None) -> tuple[int, str] | None:
    """The exit code and the report, from the answers kept in a folder where it is there; None for no report."""
    key = key_of(asked.paths, asked.now, asked) if place is not None else ""
    known = kept.kept(place, key) if place is not None else None
    if known is not None:
        return known
    with _nothing_collected():
        from playbook_engine.cli.linted import linted  # the rules and the prover: most of the time of a start

        answer, may_be_kept = linted(asked)
    if place is not None and answer is not None and may_be_kept and key == key_of(asked.paths, asked.now, asked):
        kept.keep(place, key, *answer)
    return answer


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without the garbage collector: what is made here is wanted to the end, and would be looked at again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _colour(context: click.Context, output: Path | None) -> bool:
    """What was asked for, else whether it goes to a terminal."""
    return context.color if context.color is not None else output is None and sys.stdout.isatty()


def _put(context: click.Context, text: str, output: Path | None) -> None:
    """To the file, else to stdout. Raises UsageError for a file that cannot be written."""
    if output is None:
        click.echo(text, nl=False, color=context.color)
        return
    try:
        output.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from None
