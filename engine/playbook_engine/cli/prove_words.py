"""What `playbook prove` prints: for an auditor who reads every line of it once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import click

from playbook_engine.cli.output import moment
from playbook_engine.explain.sentences import say_condition
from playbook_engine.model.decision import Because
from playbook_engine.model.event import Event, FactValue
from playbook_engine.policy.conditions import Always
from playbook_engine.policy.policy import Policy, Proof
from playbook_engine.policy.zones import load_zone
from playbook_engine.prove.case import Case
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.verdict import KINDS, Detail, Kind, Verdict
from playbook_engine.text.width import width

SIGNS: Mapping[Kind, str] = {"holds": "✓", "inconclusive": "?", "broken": "✗"}
COLOURS: Mapping[Kind, str] = {"holds": "green", "inconclusive": "yellow", "broken": "red"}
WORDS: Mapping[Kind, str] = {"holds": "proved", "inconclusive": "inconclusive", "broken": "broken"}

_LINE = 110
"""Places in a line; a word that is longer stands in a line of its own."""

_SHOWN = 300
"""How much is shown of what a customer writes (characters)."""


def say_claim(proof: Proof) -> str:
    """A claim in words: what is assumed, and what then holds."""
    claim = say_condition(proof.claim)
    return f"always {claim}" if proof.assume == Always() else f"where {say_condition(proof.assume)}, {claim}"


def say_head(case: Case) -> str:
    """Of what is proved here, and over which span of time."""
    zone = load_zone(case.policy.timezone)
    since, until = (f"{moment(at).astimezone(zone):%Y-%m-%d}" for at in (case.since, case.until - 1))
    return f"{case.policy.name}: every message, and the calendars from {since} to {until} ({case.policy.timezone})"


def say_sum(found: Iterable[Verdict], questions: int) -> str:
    kinds = [verdict.kind for verdict in found]
    counted = [f"{kinds.count(kind)} {WORDS[kind]}" for kind in KINDS if kind in kinds or kind == "holds"]
    return f"{', '.join(counted)}; {questions:,} questions answered"


def say_verdict(policy: Policy, verdict: Verdict, details: bool) -> Iterator[str]:
    """The lines of one verdict. What holds is shown part by part only with `details`."""
    sign = click.style(SIGNS[verdict.kind], fg=COLOURS[verdict.kind])
    claim = next((proof for proof in policy.proofs if proof.id == verdict.code), None)
    head = f"{verdict.code:<5}{verdict.title}" if claim is None else f"{claim.id}: {say_claim(claim)}"
    lines = _wrapped(f"{head}: {_word(verdict)}", _LINE - 7)
    yield f"{sign} {next(lines)}"
    yield from (f"       {line}" for line in lines)
    for detail in verdict.details:
        if details or detail.kind != "holds":
            yield from _part(policy, detail)


def _word(verdict: Verdict) -> str:
    parts, held = len(verdict.details), len(verdict.of("holds"))
    if verdict.kind != "holds":
        return f"{WORDS[verdict.kind]}, {held} of {parts} parts hold" if parts > 1 else WORDS[verdict.kind]
    if not parts:
        return "proved, there is nothing here that could break it"
    return "proved, all events" + (f", in {parts} parts" if parts > 1 else "")


def _part(policy: Policy, detail: Detail) -> Iterator[str]:
    place = f"  [{detail.place}]" if detail.place is not None else ""
    lines = _wrapped(f"{detail.said}{place}", _LINE - 9)
    yield f"       {click.style(SIGNS[detail.kind], fg=COLOURS[detail.kind])} {next(lines)}"
    yield from (f"         {line}" for line in lines)
    yield from (f"         {line}" for evidence in detail.evidence for line in _wrapped(evidence, _LINE - 9))
    for number, replayed in enumerate(detail.replayed, 1):
        head = f"message {number}" if len(detail.replayed) > 1 else "for instance"
        yield f"         {head}, as the engine has replayed it:"
        for line in _timeline(policy, replayed):
            yield from (f"           {piece}" for piece in _wrapped(line, _LINE - 11))


def _timeline(policy: Policy, replayed: Replayed) -> Iterator[str]:
    yield from say_events(policy, replayed)
    yield from say_outcome(policy, replayed)


def say_events(policy: Policy, replayed: Replayed) -> Iterator[str]:
    """A line for each event of a timeline."""
    yield from (_event(policy, event) for event in replayed.events)


def say_outcome(policy: Policy, replayed: Replayed) -> Iterator[str]:
    """What was decided of the last event, what leaves at once and what is due when."""
    decision = replayed.decision
    yield f"→ {_decided(decision.because)}"
    leaving = (f"{each.action} {each.parameters.get('template') or each.person}" for each in decision.deliveries)
    if decision.deliveries:
        yield f"→ leaves at once: {', '.join(dict.fromkeys(map(str.strip, leaving)))}"
    for duty in decision.incident.duties:
        if duty.since == replayed.event.at and duty.unmet:
            yield f"→ {duty.step} due {_clock(policy, duty.deadline)}"


def _clock(policy: Policy, at: int) -> str:
    """By the playbook's clock, to the millisecond where that tells: promises jump between two of them."""
    said = f"{moment(at).astimezone(load_zone(policy.timezone)):%a %Y-%m-%d %H:%M:%S}"
    return f"{said}.{at % 1000:03}" if at % 1000 else said


def _event(policy: Policy, event: Event) -> str:
    marks = [event.channel, event.lang, "automatic" if event.automatic else "", "" if event.public else "private"]
    marks += ["" if event.origin == "mention" else event.origin, f"by {event.by}" if event.by else ""]
    followers = event.author.followers
    marks += [f"{followers:,} followers" if followers is not None else "", *event.modes]
    marks += [f"{name}: {_name(value)}" for name, value in event.enrichment.items()]
    marks += [f"written {_clock(policy, event.at)}" if event.at < event.seen_at else ""]
    said = f": {json.dumps(event.text[:_SHOWN], ensure_ascii=False)}" if event.text else ""
    return f"{_clock(policy, event.seen_at)} {event.type} ({', '.join(each for each in marks if each)}){said}"


def _decided(because: Because) -> str:
    """The rows that decided, and the facts that came of the message."""
    facts = tuple(f"{name} {_name(value)}" for name, value in because.facts.items())
    named = {
        "ignored by": (because.ignore,),
        "classify": because.classify,
        "facts": facts,
        "route": (because.route,),
        "target": (because.target,),
        "respond": (because.respond,),
        "rules": because.rules,
        "for people only": ("yes" if because.human_only else "",),
    }
    shown = {name: ", ".join(filter(None, listed)) for name, listed in named.items()}
    return "; ".join(f"{name} {listed}" for name, listed in shown.items() if listed) or "nothing is decided"


def _name(value: FactValue) -> str:
    """A value as a playbook writes it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _wrapped(text: str, most: int) -> Iterator[str]:
    """The text in lines of so many places; wide characters take two."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer) > most:
            yield line
            line = word
        else:
            line = longer
    yield line
