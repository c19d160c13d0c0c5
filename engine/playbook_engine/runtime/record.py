"""How a decision is kept: without the incident after it, of which it holds the digest, and without what is personal."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from playbook_engine.decide.facts import Remembered
from playbook_engine.model.decision import Because, Decision, Note
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.apologies import apologises
from playbook_engine.runtime.personal import (
    NOTHING_PERSONAL,
    personal_of,
    public_delivery,
    public_event,
    public_incident,
    salted,
)
from playbook_engine.runtime.store import Record, Store, encode

FORGOTTEN = "person.forgotten"
"""The type of a record that decides nothing: it says that what was personal is gone. `binds` are the threads left."""

QUOTING_NOTES = ("draft-refused", "duty-waived")
"""Notes whose `because` is a person's free text."""


class RecordedDecision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of `Decision`, deliveries without parameters; `engine` is the mark of what decided.

    `state` is SHA-256 of the incident's public part after it. `given` is SHA-256 of the public part of the event,
    `said` the salted digest of the event's personal part, `told` that of this decision's; all are "" where there is
    no such part, and for timers, which are not stored. `read` names what conditions and evidence read in a text.
    """

    incident: str
    event: str
    type: str
    now: int
    state: str
    engine: str = ""
    policy: str = ""
    given: str = ""
    said: str = ""
    told: str = ""
    read: tuple[str, ...] = ()
    because: Because = Because()
    notes: tuple[Note, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    cancels: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    emits: tuple[Event, ...] = ()


class Told(Struct, frozen=True, omit_defaults=True):
    """The personal part of a decision: the parameters of each delivery, and why a person refused or waived."""

    parameters: tuple[dict[str, Any], ...] = ()
    because: tuple[str, ...] = ()


NOTHING_TOLD = Told()


def recorded(decision: Decision, event: Event | None, secret: bytes, engine: str = "") -> RecordedDecision:
    """The decision's record; `event` is the one it was made of as it is stored, None for a timer."""
    told = told_by(decision)
    said = personal_of(event) if event is not None else NOTHING_PERSONAL
    return RecordedDecision(
        incident=decision.incident.id,
        event=decision.event,
        type=decision.type,
        now=decision.now,
        state=digest_of(decision.incident),
        engine=engine,
        policy=decision.policy,
        given=sha256(encode(public_event(event, said))).hexdigest() if event is not None else "",
        said=salted(secret, encode(said)) if said != NOTHING_PERSONAL else "",
        told=salted(secret, encode(told)) if told != NOTHING_TOLD else "",
        read=_read(decision, event),
        because=decision.because,
        notes=tuple(replace(note, because="") if note.kind in QUOTING_NOTES else note for note in decision.notes),
        deliveries=tuple(public_delivery(delivery) for delivery in decision.deliveries),
        cancels=decision.cancels,
        binds=decision.binds,
        marks=decision.marks,
        emits=tuple(public_event(emitted) for emitted in decision.emits),
    )


def told_by(decision: Decision) -> Told:
    """The personal part of a decision."""
    because = tuple(note.because for note in decision.notes if note.kind in QUOTING_NOTES)
    return Told(
        tuple(delivery.parameters for delivery in decision.deliveries),
        because if any(because) else (),
    )


def digest_of(incident: Incident) -> str:
    """What records hold of an incident: SHA-256 of its public part."""
    return sha256(encode(public_incident(incident))).hexdigest()


def _read(decision: Decision, event: Event | None) -> tuple[str, ...]:
    if event is None or not event.text:
        return ()
    if event.type == "message.sent":
        return ("apology",) if apologises(event.text, event.lang) else ()
    known = decision.incident.message_facts.get("personal_data") is True
    return ("personal_data",) if known and not decision.because.ignore else ()


def remembered(record: RecordedDecision) -> Remembered:
    """What the record says that an erased text said."""
    stale = (note.because for note in record.notes if note.kind == "draft-stale")
    return Remembered(record.because, record.read, next(stale, ""))


def read_record(record: Record) -> RecordedDecision:
    """A record as it is kept."""
    return json.decode(record.body, type=RecordedDecision)


def whole_record(store: Store, record: Record) -> RecordedDecision:
    """A record with what its deliveries say, as far as the outbox still has it, and without salted digests.

    So the same decision is the same in every store.
    """
    kept = read_record(record)
    rows = [(delivery, store.delivery(delivery.key)) for delivery in kept.deliveries]
    event = event_of(store, kept.event) if any(note.kind in QUOTING_NOTES for note in kept.notes) else None
    because = str(event.data.get("because", "")) if event is not None else ""
    return replace(
        kept,
        said="",
        told="",
        notes=tuple(replace(note, because=because) if note.kind in QUOTING_NOTES else note for note in kept.notes),
        deliveries=tuple(row.delivery if row is not None else delivery for delivery, row in rows),
    )


def event_of(store: Store, key: str) -> Event | None:
    """The event of a key, `source#id`. A source may hold the sign that ends it."""
    places = [at for at, sign in enumerate(key) if sign == "#"]
    found = (store.event(key[:at], key[at + 1 :]) for at in places)
    return next((event for event in found if event is not None), None)
