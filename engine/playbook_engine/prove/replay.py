"""Events told to the real engine from an empty incident on: what a witness has to stand up to.

Every delivery is taken as delivered the moment it is decided. Nothing is asked of the encoding here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playbook_engine.decide.advance import advance, opened
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.encode import RowName

INCIDENT = "incident"
_MOST_OUTCOMES = 500


@dataclass(frozen=True)
class Replayed:
    """The last of some events: the incident it met and what was decided. `rows` are those that won."""

    events: tuple[Event, ...]
    before: Incident
    decision: Decision
    rows: frozenset[RowName]

    @property
    def event(self) -> Event:
        return self.events[-1]


def replay(policy: Policy, events: tuple[Event, ...]) -> Replayed:
    """Decides the events in their order, timers and deliveries in between included."""
    incident: Incident | None = None
    for event in events[:-1]:
        incident = settled(policy, advance(policy, incident, event, event.seen_at, INCIDENT))
        incident = waited(policy, incident, _next(events, event).seen_at)
    last = events[-1]
    before = incident if incident is not None else opened(last, INCIDENT, last.seen_at)
    decision = advance(policy, incident, last, last.seen_at, INCIDENT)[0]
    return Replayed(events, before, decision, won(decision))


def _next(events: tuple[Event, ...], event: Event) -> Event:
    return events[events.index(event) + 1]


def settled(policy: Policy, decisions: Iterable[Decision]) -> Incident:
    """The incident after all its deliveries have arrived, and those that this set off."""
    made, count = list(decisions), 0
    waiting = [(each, delivery) for each in made for delivery in each.deliveries if delivery.key not in each.cancels]
    incident = made[-1].incident
    while waiting and count < _MOST_OUTCOMES:
        decision, delivery = waiting.pop(0)
        count += 1
        now = max(decision.now, incident.clock)
        event = Event(
            source="engine",
            id=f"{delivery.key}:delivered",
            type="action.delivered",
            at=now,
            seen_at=now,
            incident=delivery.incident,
            depth=delivery.depth,
            modes=incident.modes,
            data={"key": delivery.key, "message": f"sent-{delivery.key}", "result": {}},
        )
        for after in advance(policy, incident, event, now, INCIDENT):
            incident = after.incident
            waiting += [(after, each) for each in after.deliveries if each.key not in after.cancels]
    return incident


def waited(policy: Policy, incident: Incident, until: int) -> Incident:
    """The incident at an instant (ms UTC), when everything due before has been decided."""
    while incident.wake_at is not None and incident.wake_at <= until:
        decisions = advance(policy, incident, None, incident.wake_at, INCIDENT)
        if not decisions:
            break
        incident = settled(policy, decisions)
    return incident


def won(decision: Decision) -> frozenset[RowName]:
    """The rows that decided, by the decision's own word."""
    because = decision.because
    rows = {RowName("classify", row) for row in because.classify} | {RowName("rules", row) for row in because.rules}
    rows |= {RowName("modes", mode) for mode in decision.marks}
    for section, row in (("ignore", because.ignore), ("route", because.route), ("targets", because.target)):
        rows |= {RowName(section, row)} if row else set()
    if because.respond:
        rows.add(RowName("respond", because.respond, decision.incident.response_of))
    return frozenset(rows)
