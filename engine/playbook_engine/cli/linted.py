"""What `playbook lint` does where its answer is not kept: reports made, fixes written, pages and registers printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playbook_engine.cli.linting import Linter, history_of
from playbook_engine.cli.output import table
from playbook_engine.errors import UsageError
from playbook_engine.lint.applying import difference
from playbook_engine.lint.baseline import written
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.formats import render
from playbook_engine.lint.lint import Selection
from playbook_engine.lint.rule import Rule
from playbook_engine.registry import Registry
from playbook_engine.text.nearest import nearest

if TYPE_CHECKING:
    from playbook_engine.cli.lint import Asked


def linted(asked: Asked) -> tuple[tuple[int, str] | None, bool]:
    """The exit code and the report, None where something else was asked for; and whether the answer may be kept.

    What plugins of others look at is not known, and so theirs may not.
    """
    registry = Registry.build()
    rules = (*built_in(), *registry.advice())
    if asked.explain is not None:
        click.echo(_page(_called(asked.explain, rules)))
        return None, False
    wanted = Selection(asked.profile, frozenset(_called(name, rules).code for name in asked.only))
    linter = Linter(registry, rules, wanted, asked.now, history=history_of(asked.events, asked.pace))
    return _done(linter.knowing(asked.baseline, asked.adopt), asked), registry.only_ours


def _done(linter: Linter, asked: Asked) -> tuple[int, str] | None:
    paths = asked.paths
    if asked.adopt or asked.prune:
        _keep(linter, paths, asked.baseline, asked.adopt)
        return None
    if asked.register:
        _print_register(linter, paths)
        return None
    if asked.mend or asked.diff:
        _mend(linter, paths, asked.mend == "unsafe", asked.diff)
    if asked.diff:
        return None
    report = linter.report(paths, asked.fail_on, asked.no_ignores, asked.since)
    text = render(replace(report, show_suppressed=asked.sarif_suppressed), asked.form, asked.colour)
    return 4 if not report.lines else 1 if report.fails and not asked.exit_zero else 0, text


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
