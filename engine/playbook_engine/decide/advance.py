"""One incident moved on to an instant: the timers due by then, in order, then the event. SEMANTICS 3."""

from __future__ import annotations

from playbook_engine.decide.address import thread_key
from playbook_engine.decide.decide import decide
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.model.incident import INCIDENT_VERSION, Incident, Timer
from playbook_engine.policy.policy import Policy

MOST_TIMERS = 10_000
"""More timers than this between two events is our fault, not a customer's; the rest waits for the next wake-up."""


def advance(
    policy: Policy,
    incident: Incident | None,
    event: Event | None,
    now: int,
    incident_id: str,
    previous: str = "",
) -> tuple[Decision, ...]:
    """Decides every timer due by `now` as of its own instant, then `event`, then what fell due by that.

    Without an event it is a wake-up; one that comes late, twice or for nothing changes nothing. `previous` names the
    incident this one follows, where the event opens it. The last decision holds the incident to be stored.
    """
    decisions: list[Decision] = []
    if incident is not None:
        incident = _work_off(policy, incident, now, decisions)
    if event is not None:
        incident = incident or opened(event, incident_id, now, previous)
        decision = decide(policy, incident, event, max(incident.clock, now))
        decisions.append(decision)
        _work_off(policy, decision.incident, now, decisions)
    return tuple(decisions)


def opened(event: Event, incident_id: str, now: int, previous: str = "") -> Incident:
    """The incident that an event opens, before the event is decided."""
    return Incident(
        version=INCIDENT_VERSION,
        id=incident_id,
        threads=(thread_key(event),),
        channel=event.channel,
        account=event.account,
        public=event.public,
        origin=event.origin,
        customer=event.person if event.type == "message.received" else "",
        author=event.author,
        lang=event.lang,
        opened_at=event.at,
        opened_by=event.key,
        previous=previous,
        clock=now,
        modes=event.modes,
        last_activity_at=now,
    )


def _work_off(policy: Policy, incident: Incident, now: int, decisions: list[Decision]) -> Incident:
    for _ in range(MOST_TIMERS):
        if not incident.timers or incident.timers[0].due > now:
            break
        timer = incident.timers[0]
        at = max(incident.clock, timer.due)
        decision = decide(policy, incident, timer_event(incident, timer, at), at, timer)
        decisions.append(decision)
        incident = decision.incident
    return incident


def timer_event(incident: Incident, timer: Timer, at: int) -> Event:
    """The event that a timer coming due is; its id says which timer."""
    name = ":".join(part for part in (timer.name, timer.duty, str(timer.level), timer.subject) if part)
    return Event(
        source="engine",
        id=f"timer:{incident.id}:{timer.due}:{name}",
        type="timer.due",
        at=timer.due,
        seen_at=at,
        channel=incident.channel,
        account=incident.account,
        public=incident.public,
        origin=incident.origin,
        person=incident.customer,
        incident=incident.id,
        modes=incident.modes,
    )
