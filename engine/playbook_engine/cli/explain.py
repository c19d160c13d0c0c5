"""`playbook explain`: what would happen with one event, why, why not otherwise, and what follows if nobody acts."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click
from msgspec.structs import replace

from playbook_engine.cli.explained import as_json, print_explanation
from playbook_engine.cli.loading import PLAYBOOK, instant, load_policy
from playbook_engine.cli.output import FORMAT, print_json
from playbook_engine.decide.address import incident_id
from playbook_engine.decide.advance import opened
from playbook_engine.errors import UsageError
from playbook_engine.explain.plan import plan
from playbook_engine.explain.why import Explanation, explain
from playbook_engine.model.event import CUSTOMER_TYPES, Event
from playbook_engine.policy.durations import parse_duration
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.mapping import load_mapping
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Incoming, Sender, SetAside
from playbook_engine.runtime.store import open_store
from playbook_engine.text.nearest import nearest


@click.command("explain")
@PLAYBOOK
@click.option("--event", "file", required=True, metavar="FILE", help="One event in any form `run` reads; - is stdin.")
@click.option("--map", "mapping", metavar="NAME|FILE", help="From a foreign shape, as for `run`.")
@click.option("--now", metavar="TIME", help="When it is decided. Default: when the event says it happened, else now.")
@click.option("--why-not", metavar="ROW", help="Why this row of the playbook did not decide.")
@click.option("--horizon", default="2d", show_default=True, help="How far the plan looks ahead.")
@click.option("--lang", type=click.Choice(["en", "ja"]), default="en", show_default=True, help="Of the conditions.")
@FORMAT
def command(
    path: Path,
    file: str,
    mapping: str | None,
    now: str | None,
    why_not: str | None,
    horizon: str,
    lang: str,
    form: str,
) -> None:
    """Decides one event as if it were the first of its customer, and says why. Nothing is sent or stored."""
    registry = Registry.build()
    policy = load_policy(path, registry)
    event = _admitted(policy, registry, _read(file), mapping, now)
    if event.type not in CUSTOMER_TYPES:
        raise UsageError(f"`{event.type}` needs an incident to happen to; give a message of a customer")
    incident = opened(event, incident_id(event), event.seen_at)
    found = explain(policy, incident, event, event.seen_at)
    if why_not is not None:
        _check_row(found, why_not)
    try:
        ahead = parse_duration(horizon)
    except ValueError as error:
        raise UsageError(f"--horizon {horizon}: {error}") from None
    following = plan(policy, found.decision, ahead)
    if form == "json":
        print_json(as_json(found, following, why_not, lang))
    else:
        print_explanation(policy, event, found, following, why_not, lang)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}; name a file with one event") from None


def _admitted(policy: Policy, registry: Registry, body: bytes, mapping: str | None, now: str | None) -> Event:
    """The first event of the body, stamped as the door would stamp it at `now`."""
    sender = Sender(may_send=MESSAGES | PEOPLE)
    outcome = next(take_in_body(body, sender, load_mapping(mapping) if mapping is not None else None), None)
    if isinstance(outcome, SetAside):
        raise UsageError(outcome.sentence)
    if not isinstance(outcome, Incoming):
        raise UsageError("there is no event in it; write one as a JSON object")
    at = instant(now, policy.timezone) if now is not None or outcome.at is None else outcome.at
    with closing(open_store("memory:")) as store:
        door = Door(Terms.of(policy), store, EventsClock(at), enrich=registry.enrich)
        event = door.admit(_without_future(outcome, at))
    if isinstance(event, Event):
        return event
    raise UsageError(event.sentence if isinstance(event, SetAside) else "this event was said twice")


def _without_future(incoming: Incoming, at: int) -> Incoming:
    return replace(incoming, at=at) if incoming.at is None or incoming.at > at else incoming


def _check_row(found: Explanation, row: str) -> None:
    if found.of(row):
        return
    known = sorted({verdict.id for verdict in found.verdicts})
    near = nearest(row, known)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(known[:12])}"
    raise UsageError(f"no row called `{row}` was asked; {hint}")
