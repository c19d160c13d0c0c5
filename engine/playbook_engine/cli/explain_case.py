"""What `playbook explain` is to explain: an event that is told, or a decision that a store holds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from playbook_engine.cli.loading import instant
from playbook_engine.cli.stored import opened as opened_store
from playbook_engine.decide.address import incident_id
from playbook_engine.decide.advance import opened
from playbook_engine.errors import UsageError
from playbook_engine.model.event import CUSTOMER_TYPES, Event
from playbook_engine.model.incident import Incident, Timer
from playbook_engine.policy.policy import Policy
from playbook_engine.registry import Registry
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.mapping import load_mapping
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Incoming, Sender, SetAside
from playbook_engine.runtime.past import Past, decisions_of, replayed
from playbook_engine.runtime.playbooks import recompiled
from playbook_engine.runtime.record import RecordedDecision
from playbook_engine.runtime.store import Store, open_store
from playbook_engine.text.nearest import nearest


@dataclass(frozen=True)
class Case:
    """One event, and the incident as it was before it. `past` is set for a recorded decision.

    `decisions` are all that were made in the incident, where a whole incident was asked for.
    """

    policy: Policy
    incident: Incident
    event: Event
    now: int
    timer: Timer | None = None
    past: Past | None = None
    decisions: tuple[RecordedDecision, ...] = ()


def told(policy: Policy, registry: Registry, file: str, mapping: str | None, now: str | None) -> Case:
    """The event in a file, as if it were the first of its customer. Raises UsageError."""
    event = _admitted(policy, registry, file, mapping, now)
    if event.type not in CUSTOMER_TYPES:
        raise UsageError(f"`{event.type}` needs an incident to happen to; give a message of a customer")
    return Case(policy, opened(event, incident_id(event), event.seen_at), event, event.seen_at)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}; name a file with one event") from None


def _admitted(policy: Policy, registry: Registry, file: str, mapping: str | None, now: str | None) -> Event:
    """The first event of the file, stamped as the door would stamp it at `now`. Raises UsageError."""
    sender, name = Sender(may_send=MESSAGES | PEOPLE), "stdin" if file == "-" else file
    outcome = next(take_in_body(_read(file), sender, load_mapping(mapping) if mapping is not None else None), None)
    if isinstance(outcome, SetAside):
        raise UsageError(f"{name}: {outcome.sentence}")
    if not isinstance(outcome, Incoming):
        raise UsageError(f"{name}: there is no event in it; write one as a JSON object")
    at = instant(now, policy.timezone) if now is not None or outcome.at is None else outcome.at
    with closing(open_store("memory:")) as store:
        door = Door(Terms.of(policy), store, EventsClock(at), enrich=registry.enrich)
        event = door.admit(_without_future(outcome, at))
    if isinstance(event, Event):
        return event
    raise UsageError(f"{name}: {event.sentence if isinstance(event, SetAside) else 'this event was said twice'}")


def _without_future(incoming: Incoming, at: int) -> Incoming:
    return replace(incoming, at=at) if incoming.at is None or incoming.at > at else incoming


def kept(policy: Policy, registry: Registry, place: str, incident: str, decision: str) -> Case:
    """The decision of an event's key; of an incident alone its latest one about a message. Raises UsageError."""
    with closing(opened_store(place)) as store:
        id = incident or store.decided_in(decision)
        if not id:
            raise UsageError(
                f"`{decision}` decided nothing in {store.name}; give an event's key as `source#id`, "
                "or --incident to see all that was decided in one"
            )
        decisions = decisions_of(store, id)
        if not decisions:
            raise UsageError(_no_incident(store, id))
        key = decision or _latest(decisions)
        if all(record.event != key for record in decisions):
            raise UsageError(_no_decision(key, id, decisions))
        past = _found(replayed(store, id, _policies(policy, registry, store)), key)
    if past.forgotten and past.timer is None:
        raise UsageError(
            f"what was said in the incident `{id}` was forgotten; what was read in it stands in "
            f"`playbook audit show {place} --incident {id} --format json`"
        )
    listed = () if decision else decisions
    return Case(past.policy, past.incident, past.event, past.record.now, past.timer, past, listed)


def _found(pasts: Iterator[Past], key: str) -> Past:
    return next(past for past in pasts if past.record.event == key)


def _latest(decisions: tuple[RecordedDecision, ...]) -> str:
    messages = [record for record in decisions if record.type == "message.received"]
    return (messages or decisions)[-1].event


def _no_incident(store: Store, id: str) -> str:
    known = [incident.id for incident in store.incidents()]
    near = nearest(id, known)
    hint = f"did you mean `{near}`?" if near else f"it has {', '.join(known[-6:]) or 'none yet'}"
    return f"no incident is called `{id}` in {store.name}; {hint}"


def _no_decision(key: str, id: str, decisions: tuple[RecordedDecision, ...]) -> str:
    near = nearest(key, [record.event for record in decisions])
    hint = f"did you mean `{near}`?" if near else f"its latest is `{decisions[-1].event}`"
    return f"`{key}` decided nothing in the incident `{id}`; {hint}"


def _policies(policy: Policy, registry: Registry, store: Store) -> Callable[[str], Policy]:
    """The policy of a digest: the playbook's own, else the store's text of it, where that still makes the same one."""
    known = {policy.digest: policy}

    def policy_of(digest: str) -> Policy:
        if digest not in known:
            text = store.policy(digest)
            again = recompiled(text, f"policy {digest[:12]}", registry.actions) if text else None
            known[digest] = again if again is not None and again.digest == digest else policy
        return known[digest]

    return policy_of
