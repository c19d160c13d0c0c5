"""A decision of the past, taken up again: what it knew is rebuilt by deciding again all that came before it.

A store keeps no incident as it was, only as it is; but it keeps every event, and of every decision the digest of
the incident after it. So each step is known to have come out as it did then, or not to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from playbook_engine.decide.advance import opened, timer_event
from playbook_engine.decide.decide import decide
from playbook_engine.errors import StoreError
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Timer
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.personal import forgotten_incident
from playbook_engine.runtime.record import FORGOTTEN, RecordedDecision, digest_of, event_of, read_record, remembered
from playbook_engine.runtime.store import Store


@dataclass(frozen=True)
class Past:
    """One recorded decision with what it was made of; `incident` is as it was before.

    `same` says whether deciding again gave, here and at every decision before, the incident that was recorded;
    `decision` is what it gave. Where the text is `forgotten`, the record tells what was read in it.
    """

    n: int
    record: RecordedDecision
    policy: Policy
    incident: Incident
    event: Event
    timer: Timer | None
    same: bool
    decision: Decision
    forgotten: bool


def decisions_of(store: Store, incident: str) -> tuple[RecordedDecision, ...]:
    """What was decided in one incident, in order; none where the store does not know it."""
    kept = (read_record(record) for record in store.records(incident))
    return tuple(record for record in kept if record.type != FORGOTTEN)


def replayed(store: Store, incident: str, policy_of: Callable[[str], Policy], personal: bool = True) -> Iterator[Past]:
    """Every decision of an incident, one after the other, each under the policy that `policy_of` gives for its digest.

    Without `personal` every text counts as forgotten. Raises StoreError where an event or a timer that a decision was
    made of is not to be found.
    """
    now_stored, before, same = store.incident(incident), None, True
    kept = [read_record(record) for record in store.records(incident)]
    ends = [n for n, record in enumerate(kept, 1) if record.type == FORGOTTEN or not personal]
    last_forgotten = max(ends, default=0)
    for n, record in enumerate(kept, start=1):
        if record.type == FORGOTTEN:
            before = forgotten_incident(before, record.binds) if before is not None else None
            continue
        policy = policy_of(record.policy)
        event, timer = _happened(store, record, before, now_stored)
        if before is None:
            before = opened(event, incident, record.now, now_stored.previous if now_stored is not None else "")
        forgotten = n <= last_forgotten
        memory = remembered(record) if forgotten and timer is None else None
        decision = decide(policy, before, event, record.now, timer, memory)
        same = same and digest_of(decision.incident) == record.state
        yield Past(n, record, policy, before, event, timer, same, decision, forgotten)
        before = decision.incident


def _happened(
    store: Store, record: RecordedDecision, before: Incident | None, now_stored: Incident | None
) -> tuple[Event, Timer | None]:
    if record.type == "timer.due":
        return _timer(record, before)
    event = event_of(store, record.event)
    if event is None:
        raise StoreError(f"`{record.event}` is not in {store.name} any more; what it decided cannot be rebuilt")
    return _as_linked(event, record.incident, now_stored), None


def _timer(record: RecordedDecision, before: Incident | None) -> tuple[Event, Timer]:
    for timer in before.timers if before is not None else ():
        assert before is not None
        event = timer_event(before, timer, record.now)
        if event.key == record.event:
            return event, timer
    raise StoreError(
        f"`{record.event}` came from a timer that is not there when all before it is decided again; "
        "was the playbook or the engine another one then?"
    )


def _as_linked(event: Event, incident: str, now_stored: Incident | None) -> Event:
    """Whichever way round two incidents were named, the younger was decided; see `Intake`."""
    if event.type != "incident.linked" or "into" not in event.data:
        return event
    other = str(event.data["into"]) if event.incident == incident else event.incident
    elder = now_stored.merged_into if now_stored is not None else ""
    return replace(event, incident=incident, data={**event.data, "into": elder or other})
