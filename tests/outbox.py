"""An outbox worked off without an engine: a carrier that says what it is told to, and what came of each delivery."""

from __future__ import annotations

from collections.abc import Callable

from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.runtime.dispatcher import Dispatcher, Recorder
from playbook_engine.runtime.store import StoredDelivery
from playbook_engine.runtime.stores.memory import MemoryStore

Answer = Callable[[Delivery, int], Receipt]


class Carrier:
    """Says what it is told to say, and remembers what it was given."""

    dry = False

    def __init__(self, answer: Answer = lambda delivery, now: Receipt(), promise: str = "key") -> None:
        self.answer = answer
        self.promised = promise
        self.carried: list[tuple[str, int]] = []
        self.asked: list[str] = []
        self.went = Receipt("again")

    def promise(self, delivery: Delivery) -> str:
        return self.promised

    def carry(self, delivery: Delivery, now: int) -> Receipt:
        self.carried.append((delivery.key, now))
        return self.answer(delivery, now)

    def ask(self, delivery: Delivery, now: int) -> Receipt:
        self.asked.append(delivery.key)
        return self.went


class Desk:
    """An outbox with its dispatcher, worked off as the engine does."""

    def __init__(self, carrier: Carrier | Recorder | None = None) -> None:
        self.store = MemoryStore()
        self.carrier = carrier or Carrier()
        self.dispatcher = Dispatcher(self.store, self.carrier)

    def put(self, key: str, now: int = 0, **fields: object) -> None:
        given = {"incident": "i1", "action": "send", "channel": "x", "parameters": {"text": key}, **fields}
        assert self.dispatcher.put(Delivery(key=key, **given), now)  # type: ignore[arg-type]

    def drain(self, now: int) -> list[Event]:
        told: list[Event] = []
        self.dispatcher.stale = True
        while (row := self.dispatcher.pick(now)) is not None:
            leaving, events = self.dispatcher.intend(row, now)
            if leaving is not None:
                receipt = self.dispatcher.carry(leaving, now)
                events = self.dispatcher.settle(leaving, receipt, now)
            told += events
        waiting = self.store.next_due()
        assert waiting is None or waiting.at > now, "nothing is left that could leave now"
        return told

    def row(self, key: str) -> StoredDelivery:
        found = self.store.delivery(key)
        assert found is not None
        return found

    def statuses(self) -> dict[str, str]:
        return {row.key: row.status for row in self.store.deliveries()}


def types(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.data["key"], event.type) for event in events]
