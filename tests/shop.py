"""The engine at work on the story's playbook: a store, a carrier, a clock moved by events."""

from __future__ import annotations

from typing import Any

from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Author, Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.clock import Clock, EventsClock
from playbook_engine.runtime.dispatcher import Carrier, Recorder
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.store import Store
from playbook_engine.runtime.stores.memory import MemoryStore
from story import at, compiled


def event(id: str, type: str, when: str | int, **fields: Any) -> Event:
    """An event as the door stamps it, seen when it happened."""
    instant = when if isinstance(when, int) else at(when)
    return Event(source="test", id=id, type=type, at=instant, seen_at=instant, **fields)


def message(id: str, when: str | int, text: str = "hello", person: str = "cleo", **fields: Any) -> Event:
    """A customer's public message; everything one customer writes stands below one post."""
    given = {
        "channel": "x",
        "account": "shop",
        "lang": "en",
        "person": person,
        "author": Author(handle=person, name=person.title()),
        "message": f"m-{id}",
        "conversation": f"post-{person}",
        "text": text,
        **fields,
    }
    return event(id, "message.received", when, **given)


class Shop:
    """One engine, with everything it decided and carried at hand."""

    def __init__(
        self,
        policy: Policy | None = None,
        store: Store | None = None,
        carrier: Carrier | None = None,
        clock: Clock | None = None,
        **options: Any,
    ) -> None:
        self.store = store or MemoryStore()
        self.recorder = Recorder()
        self.decisions: list[Decision] = []
        self.engine = Engine(
            policy or compiled(),
            self.store,
            carrier or self.recorder,
            clock or EventsClock(),
            observers=[self.decisions.append],
            **options,
        )

    def takes(self, *events: Event) -> Shop:
        for each in events:
            self.engine.take(each)
        self.engine.flush()
        return self

    def wakes(self, until: str | int) -> Shop:
        self.engine.wake(until if isinstance(until, int) else at(until))
        self.engine.flush()
        return self

    @property
    def incident(self) -> Incident:
        """The only one there is."""
        (incident,) = self.store.incidents()
        return incident

    def kinds(self) -> list[str]:
        """The type of every decision, in order."""
        return [decision.type for decision in self.decisions]

    def events(self, type: str) -> list[Event]:
        """The stored events of one type."""
        return [each for each in self.store.events() if each.type == type]

    def carried(self, action: str) -> list[str]:
        """The keys of what the dry run recorded, for one action."""
        return [delivery.key for delivery in self.recorder.carried if delivery.action == action]

    def aside(self) -> list[tuple[str, str]]:
        """(reason, place) of everything set aside."""
        return [(letter.reason, letter.place) for letter in self.store.dead_letters()]


def kept(store: Store) -> tuple[list[Any], ...]:
    """Everything a store holds of what happened, to compare two runs byte by byte."""
    return (
        [(record.incident, record.n, record.event, record.body, record.hash) for record in store.records()],
        list(store.events()),
        list(store.deliveries()),
        list(store.incidents()),
        list(store.dead_letters()),
    )
