"""`playbook prove`: what holds for every message, or a message for which it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from playbook_engine.cli.loading import instant, load_policy
from playbook_engine.cli.output import FORMAT, moment, print_json
from playbook_engine.errors import UsageError
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.zones import load_zone
from playbook_engine.prove.case import Case
from playbook_engine.prove.certificate import as_json, certificate
from playbook_engine.prove.proving import names, verdicts
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.prove.verdict import Detail, Verdict
from playbook_engine.text.nearest import nearest

SIGNS = {"holds": "✓", "inconclusive": "?", "broken": "✗"}
WORDS = {"holds": "proved", "inconclusive": "inconclusive", "broken": "broken"}


@click.command("prove")
@click.argument("path", type=click.Path(path_type=Path), default=Path("."))
@click.option("--only", multiple=True, metavar="NAME", help="Only this property or claim; may be repeated.")
@click.option("--since", metavar="TIME", help="Where the year begins over which calendars are looked at; today.")
@click.option("--budget", type=click.IntRange(1), default=CONFLICTS, show_default=True, help="Conflicts a question.")
@click.option("--certificate", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write what was proved.")
@click.option("--details", is_flag=True, help="Print also what holds, part by part.")
@FORMAT
@click.pass_context
def command(
    context: click.Context,
    path: Path,
    only: tuple[str, ...],
    since: str | None,
    budget: int,
    file: Path | None,
    details: bool,
    form: str,
) -> None:
    """Proves of a playbook, over all messages and a year of calendars, what must hold of each, and what it claims.

    Exit code 1 when something is broken, 5 when something is neither proved nor broken.
    """
    policy = load_policy(path)
    case = Case(policy, _day(policy, since), budget)
    wanted = frozenset(_named(case, name) for name in only)
    found = []
    for verdict in verdicts(case, wanted):
        found.append(verdict)
        if form == "text":
            click.echo("\n".join(_told(policy, verdict, details)))
    if form == "json":
        print_json({"version": 1, "policy": policy.digest, "verdicts": [as_json(verdict) for verdict in found]})
    if file is not None:
        said = json.dumps(certificate(case, found, version("playbook-engine")), ensure_ascii=False, indent=1)
        file.write_text(said + "\n", "utf-8")
    kinds = {verdict.kind for verdict in found}
    context.exit(1 if "broken" in kinds else 5 if "inconclusive" in kinds else 0)


def _day(policy: Policy, since: str | None) -> int:
    """The beginning of that day in the playbook's zone, in ms UTC."""
    local = moment(instant(since, policy.timezone)).astimezone(load_zone(policy.timezone))
    return round(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def _named(case: Case, name: str) -> str:
    known = names(case)
    for each in known:
        if name.casefold() == each.casefold():
            return each
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(known)}"
    raise UsageError(f"no property and no claim is called `{name}`; {hint}")


def _told(policy: Policy, verdict: Verdict, details: bool) -> Iterator[str]:
    word = WORDS[verdict.kind]
    held = len(verdict.of("holds"))
    counted = f" ({held} of {len(verdict.details)} parts hold)" if verdict.kind != "holds" else ""
    yield f"{SIGNS[verdict.kind]} {verdict.code:<4} {verdict.title}: {word}{counted}"
    for detail in verdict.details:
        if details or detail.kind != "holds":
            yield from _part(policy, detail)


def _part(policy: Policy, detail: Detail) -> Iterator[str]:
    place = f"  [{detail.place}]" if detail.place is not None else ""
    yield f"     {SIGNS[detail.kind]} {detail.said}{place}"
    for line in detail.evidence:
        yield f"         {line}"
    for number, replayed in enumerate(detail.replayed, 1):
        head = f"message {number}" if len(detail.replayed) > 1 else "for instance"
        yield f"         {head}, as the engine has replayed it:"
        for event in replayed.events:
            yield f"           {_event(policy, event)}"
        yield f"           → {_decided(replayed.decision.because.__struct_fields__, replayed.decision.because)}"


def _event(policy: Policy, event: Event) -> str:
    at = moment(event.seen_at).astimezone(load_zone(policy.timezone))
    marks = [event.channel, event.lang, "automatic" if event.automatic else "", "" if event.public else "private"]
    followers = event.author.followers
    marks += [f"{followers:,} followers" if followers is not None else "", *event.modes]
    marks += [f"{name}: {value}" for name, value in event.enrichment.items()]
    said = f": {json.dumps(event.text, ensure_ascii=False)}" if event.text else ""
    return f"{at:%a %Y-%m-%d %H:%M:%S} {event.type} ({', '.join(each for each in marks if each)}){said}"


def _decided(fields: tuple[str, ...], because: object) -> str:
    """The rows that decided, and the facts that came of the message."""
    shown = []
    for name in fields:
        value = getattr(because, name)
        if value and name != "reason":
            listed = ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value
            shown.append(f"{name} {', '.join(listed) if isinstance(listed, tuple) else listed}")
    return "; ".join(shown) or "nothing"
