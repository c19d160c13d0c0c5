"""`playbook explain`: what would happen with one event, or did; why, why not otherwise, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from playbook_engine.cli.explain_case import Case, kept, told
from playbook_engine.cli.explain_json import as_json
from playbook_engine.cli.explained import Explained, print_explained
from playbook_engine.cli.loading import LANG, PLAYBOOK, language, load_any
from playbook_engine.cli.output import FORMAT, print_json
from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.explain.plan import plan
from playbook_engine.explain.rows import every_row, other_names
from playbook_engine.explain.what_if import what_if
from playbook_engine.explain.why import Explanation, Verdict, explain
from playbook_engine.policy.durations import parse_duration
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.text.nearest import nearest

INCONCLUSIVE = 5


@dataclass(frozen=True)
class Asked:
    """What the command line said."""

    path: Path
    event: str | None
    mapping: str | None
    now: str | None
    store: str | None
    incident: str | None
    decision: str | None
    why_not: str | None
    horizon: str
    lang: str | None
    form: str


@click.command("explain")
@PLAYBOOK
@click.option("--event", metavar="FILE", help="One event in any form `run` reads; - is stdin.")
@click.option("--map", "mapping", metavar="NAME|FILE", help="From a foreign shape, as for `run`.")
@click.option("--now", metavar="TIME", help="When it is decided. Default: when the event says it happened, else now.")
@click.option("--store", metavar="URL", help="Explain a decision that this store holds, in place of an event.")
@click.option("--incident", metavar="ID", help="List its decisions, and explain the latest one about a message.")
@click.option("--decision", metavar="EVENT", help="The decision of this event, by its key `source#id`.")
@click.option("--why-not", metavar="ROW", help="What became of this row, in whatever section it stands.")
@click.option("--horizon", default="2d", show_default=True, help="How far the plan looks ahead.")
@LANG
@FORMAT
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Decides one event and says why, what nearly matched, and what follows if nobody acts.

    An event of a file is decided as if it were the first of its customer. A decision of the past is made again from
    what the store holds; the exit code is 5 where it does not come out as it was recorded. Nothing is sent or stored.
    """
    asked = Asked(**options)
    _check(asked)
    ahead = _length(asked.horizon)
    case = _case(asked)
    found = explain(case.policy, case.incident, case.event, case.now, case.timer)
    explained = Explained(
        case,
        found,
        plan(case.policy, found.decision, ahead),
        what_if(case.policy, case.incident, case.event, case.now, found, case.timer),
        _rows_called(case.policy, found, asked.why_not),
    )
    if asked.form == "json":
        print_json(as_json(explained, language(asked.lang)))
    else:
        print_explained(explained, language(asked.lang))
    context.exit(INCONCLUSIVE if case.past is not None and not case.past.same else 0)


def _check(asked: Asked) -> None:
    """Which options go together. Raises UsageError."""
    if (asked.event is None) == (asked.store is None):
        raise UsageError("give either --event FILE, or --store with --incident or --decision")
    if asked.store is not None and not asked.incident and not asked.decision:
        raise UsageError("--store needs --incident ID or --decision EVENT to say what to explain")
    told_only = {"--map": asked.mapping, "--now": asked.now} if asked.store is not None else {}
    kept_only = {"--incident": asked.incident, "--decision": asked.decision} if asked.store is None else {}
    for option in (name for name, value in {**told_only, **kept_only}.items() if value is not None):
        raise UsageError(f"{option} goes with {'--event' if option in told_only else '--store'}; leave it out")


def _case(asked: Asked) -> Case:
    registry = Registry.build()
    loaded = load_any(asked.path, registry)
    policy = loaded.policy
    if policy is None:
        raise PlaybookProblems(loaded.problems, loaded.document.lines)
    if asked.store is not None:
        return kept(policy, registry, asked.store, asked.incident or "", asked.decision or "")
    return told(policy, registry, asked.event or "", asked.mapping, asked.now)


def _length(horizon: str) -> int:
    try:
        return parse_duration(horizon)
    except ValueError as error:
        raise UsageError(f"--horizon {horizon}: {error}") from None


def _rows_called(policy: Policy, found: Explanation, row: str | None) -> tuple[Verdict, ...]:
    """The rows of that name. Raises UsageError where there is none: what else bears it, or the nearest name."""
    if row is None:
        return ()
    if rows := found.of(row):
        return rows
    known = sorted({each.id for each in every_row(policy)})
    if what := other_names(policy).get(row):
        raise UsageError(f"`{row}` is {what}, not a row that decides; name a row, such as {', '.join(known[:6])}")
    near = nearest(row, known)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(known[:12])}"
    raise UsageError(f"no row of the playbook is called `{row}`; {hint}")
