"""What will happen if nobody acts: the incident's timers worked off, every delivery taken as delivered at once."""

from __future__ import annotations

from dataclasses import dataclass

from playbook_engine.decide.advance import advance
from playbook_engine.model.decision import Decision, Note
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy

MOST_STEPS = 200


@dataclass(frozen=True)
class Happening:
    """One thing of the plan: at `at` (ms UTC), a note or a delivery."""

    at: int
    note: Note | None = None
    delivery: Delivery | None = None


def plan(policy: Policy, decision: Decision, horizon: int) -> tuple[Happening, ...]:
    """Everything from the decision on until `horizon` (ms after it), if no customer and no person does anything."""
    found: list[Happening] = []
    incident = _carried_out(policy, decision, found)
    until = decision.now + horizon
    for _ in range(MOST_STEPS):
        if incident.wake_at is None or incident.wake_at > until:
            break
        now = max(incident.wake_at, incident.clock)
        for made in advance(policy, incident, None, now, incident.id):
            incident = _carried_out(policy, made, found)
    return tuple(found)


def _carried_out(policy: Policy, decision: Decision, found: list[Happening]) -> Incident:
    found += [Happening(note.at, note=note) for note in decision.notes]
    incident = decision.incident
    waiting = list(decision.deliveries)
    for _ in range(MOST_STEPS):
        if not waiting:
            break
        delivery = waiting.pop(0)
        found.append(Happening(decision.now, delivery=delivery))
        for made in advance(policy, incident, _arrived(incident, delivery, decision.now), decision.now, incident.id):
            found += [Happening(note.at, note=note) for note in made.notes]
            incident = made.incident
            waiting += made.deliveries
    return incident


def _arrived(incident: Incident, delivery: Delivery, now: int) -> Event:
    return Event(
        source="engine",
        id=f"plan:{delivery.key}",
        type="action.delivered",
        at=now,
        seen_at=now,
        incident=incident.id,
        depth=delivery.depth,
        modes=incident.modes,
        data={"key": delivery.key, "message": f"plan:{delivery.key}", "result": {}},
    )
