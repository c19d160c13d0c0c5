"""A real event and the incident it met, said in the formulas of an encoding: the other way round from a witness.

It shows that what happens is among what the proofs speak of. The tests put real events to it, and find every formula
to say what the engine decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playbook_engine.decide.facts import account_id, enriched
from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident
from playbook_engine.policy.fold import fold
from playbook_engine.policy.personal import personal_data
from playbook_engine.prove.encode import Encoding
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.inputs import NO_ACCOUNT, OTHER_LANGUAGE, declared
from playbook_engine.prove.outcomes import Outcomes
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.texts import TextValue, found
from playbook_engine.prove.values import OneOf, Ranked, SetOf, Value


def said(encoding: Encoding, incident: Incident, event: Event, now: int) -> tuple[Formula, ...]:
    """The literals that say which event came to which incident (as it was before), seen at `now` (ms UTC)."""
    given = dict(_message(encoding, event))
    given |= _remembered(encoding, incident, event)
    given |= _circumstances(encoding, incident, event, now)
    values = encoding.inputs.values
    return tuple(literal for name, value in given.items() for literal in pinned(values[name], value))


def promised_in(outcomes: Outcomes, replayed: Replayed) -> Iterator[Formula]:
    """The literals that say when the steps that the last event made us owe are due, by the engine's own word."""
    if replayed.decision.because.target:
        opened = {each.step: each for each in replayed.decision.incident.duties if each.since == replayed.event.at}
        for step in STEPS:
            duty = opened.get(step)
            lasts = duty.deadline - duty.since if duty is not None and duty.unmet else None
            yield from pinned(outcomes.facts[f"{step}.due_in"], lasts)


def pinned(value: Value, known: FactValue | None) -> Iterator[Formula]:
    """The literals that say that a value is the one that is known; None where it is missing."""
    if isinstance(value, TextValue):
        for atom, formula in value.atoms.items():
            yield formula if found(atom, str(known)) else -formula
    elif isinstance(value, SetOf):
        for name, formula in value.members.items():
            yield formula if isinstance(known, tuple) and name in known else -formula
        yield value.given if known is not None else -value.given
    elif isinstance(value, Ranked):
        for index, formula in enumerate(value.reaches):
            yield formula if known is not None and _reaches(value, index, known) else -formula
    elif isinstance(value, OneOf):
        for each, formula in value.members.items():
            yield formula if type(each) is type(known) and each == known else -formula


def _reaches(value: Ranked, index: int, known: FactValue) -> bool:
    least = value.values[index]
    if isinstance(least, int) and isinstance(known, int):
        return not index or known >= least  # the lowest stands for everything below the next
    return value.values.index(known) >= index


def _message(encoding: Encoding, event: Event) -> Iterator[tuple[str, FactValue | None]]:
    channel, account, lang = (encoding.inputs.one_of(name) for name in ("channel", "account", "lang"))
    others = [each for each in channel.members if each not in encoding.inputs.named("channel")]
    yield "channel", event.channel if event.channel in channel.members else others[0]
    name = account_id(event.channel, event.account)
    yield "account", name if name in account.members else NO_ACCOUNT
    yield "origin", event.origin
    spoken = event.lang if event.lang in lang.members else OTHER_LANGUAGE
    yield "lang", spoken if event.lang else None
    yield "public", event.public
    yield "automatic", event.automatic
    yield "personal_data", personal_data(event.text)
    yield "attachments", event.attachments
    yield "author.followers", event.author.followers
    yield "author.verified", event.author.verified
    yield "text", fold(event.text)
    yield "author.handle", fold(event.author.handle)
    yield "author.name", fold(event.author.name)
    yield "mode", event.modes
    told = enriched(encoding.policy, event)
    for fact in declared(encoding.policy):
        if fact.enriched_by:
            yield f"told.{fact.name}", told.get(fact.name)


def _remembered(encoding: Encoding, incident: Incident, event: Event) -> Iterable[tuple[str, FactValue | None]]:
    forgotten = incident.stage == "resolved" and event.type == "message.received"  # reopened, it begins afresh
    for fact in declared(encoding.policy):
        yield f"held.{fact.name}", None if forgotten else incident.facts.get(fact.name)


def _circumstances(
    encoding: Encoding, incident: Incident, event: Event, now: int
) -> Iterator[tuple[str, FactValue | None]]:
    edited = event.type == "message.edited"
    at = incident.answering_at if edited else event.at
    opened_at = incident.opened_at if incident.messages else event.at
    yield "edited", edited
    yield "late", at < now
    yield "taken", bool(incident.taken_by) and (edited or (bool(incident.target) and incident.stage != "resolved"))
    yield "known_before", not edited and not incident.messages and _has_history(incident)
    yield "before.reopened", incident.reopened > 0
    yield "before.stage", incident.stage
    yield "before.department", incident.department
    if incident.home:
        yield "before.home", incident.home
    yield "incident.messages", incident.messages + (0 if edited else 1)
    yield "incident.public_turns", incident.public_turns
    yield "incident.age", now - opened_at
    yield "incident.level", incident.level
    yield "incident.tags", incident.tags
    for name, instant in (("now", now), ("was", at)):
        yield name, encoding.inputs.situation_at(instant)


def _has_history(incident: Incident) -> bool:
    return incident.stage != "new" or bool(incident.department or incident.public_turns or incident.tags)
