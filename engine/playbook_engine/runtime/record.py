"""How a decision is kept: without the incident after it, of which it holds the digest."""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct

from playbook_engine.model.decision import Because, Decision, Note
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import Event
from playbook_engine.runtime.store import encode


class RecordedDecision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of `Decision`; `state` is SHA-256 of the incident after it, `engine` the mark of what decided."""

    incident: str
    event: str
    type: str
    now: int
    state: str
    engine: str = ""
    policy: str = ""
    because: Because = Because()
    notes: tuple[Note, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    cancels: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    emits: tuple[Event, ...] = ()


def recorded(decision: Decision, state: bytes, engine: str = "") -> bytes:
    """The body of the decision's record; `state` is the incident as it is stored."""
    return encode(
        RecordedDecision(
            incident=decision.incident.id,
            event=decision.event,
            type=decision.type,
            now=decision.now,
            state=sha256(state).hexdigest(),
            engine=engine,
            policy=decision.policy,
            because=decision.because,
            notes=decision.notes,
            deliveries=decision.deliveries,
            cancels=decision.cancels,
            binds=decision.binds,
            marks=decision.marks,
            emits=decision.emits,
        )
    )
