"""The shipped playbooks with their stories, and every decision of them taken up again from a store."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Incoming, Sender
from playbook_engine.runtime.past import Past, replayed
from playbook_engine.runtime.playbooks import load
from playbook_engine.runtime.store import Store, open_store
from shop import Shop
from story import DAY

PLAYBOOKS = Path(__file__).parents[1] / "playbooks"
SHIPPED = ("minimal", "airline", "minato")


@cache
def shipped(name: str) -> tuple[Policy, tuple[Event, ...]]:
    """A shipped playbook and the events of its story as the door stamps them."""
    policy = load(PLAYBOOKS / name).policy
    assert policy is not None
    door = Door(Terms.of(policy), open_store("memory:"), EventsClock())
    with (PLAYBOOKS / name / "events.jsonl").open("rb") as stream:
        incoming = list(take_in(stream, Sender(may_send=MESSAGES | PEOPLE)))
    admitted = [door.admit(outcome) for outcome in incoming if isinstance(outcome, Incoming)]
    return policy, tuple(event for event in admitted if isinstance(event, Event))


@cache
def lived(name: str) -> tuple[Past, ...]:
    """Every decision of a shipped story, timers, outcomes and modes among them, taken up again from the store."""
    policy, events = shipped(name)
    shop = Shop(policy).takes(*events).wakes(events[-1].seen_at + 2 * DAY)
    return tuple(pasts(shop.store, policy))


def pasts(store: Store, policy: Policy) -> Iterator[Past]:
    for incident in store.incidents():
        yield from replayed(store, incident.id, lambda digest: policy)
