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
    incident = _carried_out(policy, (decision,), found)
    until = decision.now + horizon
    for _ in range(MOST_STEPS):
        if incident.wake_at is None or incident.wake_at > until:
            break
        now = max(incident.wake_at, incident.clock)
        incident = _carried_out(policy, advance(policy, incident, None, now, incident.id), found)
    return tuple(found)


def _carried_out(policy: Policy, made: tuple[Decision, ...], found: list[Happening]) -> Incident:
    """The incident when all that these decisions send has arrived; as in the engine, nothing leaves before the last."""
    incident, now = made[-1].incident, made[-1].now
    waiting = _noted(made, found)
    for _ in range(MOST_STEPS):
        if not waiting:
            break
        delivery = waiting.pop(0)
        found.append(Happening(now, delivery=delivery))
        more = advance(policy, incident, _arrived(incident, delivery, now), now, incident.id)
        incident = more[-1].incident
        cancelled = {key for decision in more for key in decision.cancels}
        waiting = [each for each in (*waiting, *_noted(more, found)) if each.key not in cancelled]
    return incident


def _noted(made: tuple[Decision, ...], found: list[Happening]) -> list[Delivery]:
    """Takes up the notes of decisions; gives what they send and do not take back."""
    found += [Happening(note.at, note=note) for decision in made for note in decision.notes]
    cancelled = {key for decision in made for key in decision.cancels}
    return [each for decision in made for each in decision.deliveries if each.key not in cancelled]


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
