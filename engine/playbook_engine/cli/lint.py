"""`playbook lint`: everything that is wrong with a playbook, each finding with its place and what to do."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from playbook_engine.cli.linting import Linter, history_of
from playbook_engine.cli.output import table
from playbook_engine.errors import UsageError
from playbook_engine.lint.applying import difference
from playbook_engine.lint.baseline import written
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import SEVERITIES
from playbook_engine.lint.formats import FORMATS, render
from playbook_engine.lint.lint import Selection
from playbook_engine.lint.rule import PROFILES, Rule
from playbook_engine.registry import Registry
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.text.nearest import nearest

FAIL_ON = (*SEVERITIES, "never")
FILE = click.Path(path_type=Path, dir_okay=False)


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
) -> None:
    """Reads playbooks and reports everything found at once. Without a PATH: the current directory.

    Exit code 1 when a finding is at or above --fail-on, 4 when there is nothing to check.
    """
    registry = Registry.build()
    rules = (*built_in(), *registry.advice())
    if explain is not None:
        click.echo(_page(_called(explain, rules)))
        return
    wanted = Selection(profile, frozenset(_called(name, rules).code for name in only))
    linter = Linter(registry, rules, wanted, SystemClock().now(), history=history_of(events, pace))
    linter = linter.knowing(baseline, adopt)
    paths = paths or (Path("."),)
    if adopt or prune:
        _keep(linter, paths, baseline, adopt)
        return
    if register:
        _print_register(linter, paths)
        return
    if mend or diff:
        _mend(linter, paths, mend == "unsafe", diff)
    if not diff:
        report = replace(linter.report(paths, fail_on, no_ignores, since), show_suppressed=sarif_suppressed)
        _put(context, render(report, form, _colour(context, output)), output)
        context.exit(4 if not report.lines else 1 if report.fails and not exit_zero else 0)


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


def _called(name: str, rules: tuple[Rule, ...]) -> Rule:
    """The rule of a code or name. Raises UsageError naming the nearest."""
    for rule in rules:
        if name.upper() == rule.code.upper() or name == rule.name:
            return rule
    near = nearest(name, [each for rule in rules for each in (rule.code, rule.name)])
    raise UsageError(f"no lint rule is called `{name}`" + (f"; did you mean `{near}`?" if near else ""))


def _page(rule: Rule) -> str:
    locked = ", locked" if rule.locked else ""
    head = f"{rule.code} {rule.name} ({rule.severity}, {rule.confidence}, profile {rule.profile}{locked})"
    return f"{head}\n\n{rule.doc.strip()}"


def _keep(linter: Linter, paths: tuple[Path, ...], baseline: Path | None, adopt: bool) -> None:
    if baseline is None:
        raise UsageError("no file is named for the baseline; add --baseline FILE")
    known = linter.known(paths) if adopt else linter.pruned(paths)
    baseline.write_text(written(known), "utf-8")
    click.echo(f"{len(known)} known findings in {baseline}")


def _print_register(linter: Linter, paths: tuple[Path, ...]) -> None:
    rows = [("what", "where", "by", "until", "days left", "reason", "place"), *linter.register(paths)]
    click.echo(table(rows) if len(rows) > 1 else "nothing is silenced")


def _mend(linter: Linter, paths: tuple[Path, ...], unsafe: bool, diff: bool) -> None:
    """Writes what fixes make of the files, or with `diff` prints the difference only."""
    for path in paths:
        for file, (before, after) in linter.mended(path, unsafe).items():
            if diff:
                click.echo(difference(file, before.decode(), after.decode()), nl=False)
            else:
                Path(file).write_bytes(after)
                click.echo(f"mended {file}", err=True)
