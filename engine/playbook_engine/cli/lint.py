"""`playbook lint`: everything that is wrong with a playbook, each finding with its place and what to do."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click

from playbook_engine.cli.loading import load_any
from playbook_engine.decide.facts import account_id
from playbook_engine.errors import UsageError
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import SEVERITIES
from playbook_engine.lint.formats import FORMATS, render
from playbook_engine.lint.history import NO_HISTORY, Arrival, History
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.report import Report
from playbook_engine.lint.rule import PROFILES, Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.registry import Registry
from playbook_engine.runtime.clock import SystemClock
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.outcomes import MESSAGES, Incoming, Sender
from playbook_engine.text.nearest import nearest

FAIL_ON = (*SEVERITIES, "never")


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")
@click.option("--profile", type=click.Choice(PROFILES), default="ready", show_default=True, help="How much to ask.")
@click.option("--only", multiple=True, metavar="CODE", help="Only this rule, by its code or name; may be repeated.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True, help="What makes it fail.")
@click.option("--events", type=click.Path(path_type=Path), metavar="FILE", help="Messages that came before, as volume.")
@click.option("--pace", type=click.IntRange(1, 3600), metavar="N", help="What a department answers by hand in an hour.")
@click.option("--explain", metavar="CODE", help="Print the page of a rule.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    form: str,
    profile: str,
    only: tuple[str, ...],
    fail_on: str,
    events: Path | None,
    pace: int | None,
    explain: str | None,
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
    now = SystemClock().now()
    history = _history(events, pace)
    report = Report((), {}, rules, profile, version("playbook-engine"))
    for path in paths or (Path("."),):
        loaded = load_any(path, registry)
        actions = {**registry.actions, **ACTIONS}
        subject = Subject(
            loaded.document, loaded.policy, loaded.problems, loaded.lock, now, actions, registry.send_rates, history
        )
        found = lint(subject, rules, wanted)
        report = Report(
            (*report.findings, *found), {**report.lines, **loaded.document.lines}, rules, profile, report.version
        )
    click.echo(render(report, form), nl=False)
    context.exit(4 if not report.lines else 1 if report.fails(fail_on) else 0)


def _history(events: Path | None, pace: int | None) -> History:
    """The messages of a file that customers wrote. Raises UsageError for one that cannot be read or holds none."""
    if events is None:
        if pace is not None:
            raise UsageError("--pace goes with --events FILE; without messages there is nothing to answer")
        return NO_HISTORY
    try:
        with events.open("rb") as stream:
            taken = tuple(take_in(stream, Sender(may_send=MESSAGES), name=events.name))
    except OSError as error:
        raise UsageError(f"{events} cannot be read: {error.strerror}; name a file of events") from None
    found = [
        Arrival(each.at, account_id(each.channel, each.account), not each.public)
        for each in taken
        if isinstance(each, Incoming) and each.type == "message.received" and each.at is not None
    ]
    if not found:
        raise UsageError(f"{events} holds no message with a time; name a file of events")
    return History.of(found, pace or 0)


def _called(name: str, rules: tuple[Rule, ...]) -> Rule:
    """The rule of a code or name. Raises UsageError naming the nearest."""
    for rule in rules:
        if name.upper() == rule.code.upper() or name == rule.name:
            return rule
    known = [each for rule in rules for each in (rule.code, rule.name)]
    near = nearest(name, known)
    raise UsageError(f"no lint rule is called `{name}`" + (f"; did you mean `{near}`?" if near else ""))


def _page(rule: Rule) -> str:
    locked = ", locked" if rule.locked else ""
    head = f"{rule.code} {rule.name} ({rule.severity}, {rule.confidence}, profile {rule.profile}{locked})"
    return f"{head}\n\n{rule.doc.strip()}"
