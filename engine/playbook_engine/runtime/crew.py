"""Calls under way, each in a thread: a stuck one keeps back its own incident, and one place among those it goes to.

Never two of one incident, so that what is said there keeps its order. All methods are the engine's own thread's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread

from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.runtime.store import StoredDelivery

MOST = 16
"""Calls under way at one time."""

Finished = tuple[StoredDelivery, Receipt]


class Crew:
    """`lane_of` names where a delivery goes, and `width_of` how many calls that place takes at one time."""

    def __init__(self, lane_of: Callable[[Delivery], str], width_of: Callable[[str], int], most: int = MOST) -> None:
        self._lane_of = lane_of
        self._width_of = width_of
        self._most = most
        self._lanes: Counter[str] = Counter()
        self._incidents: Counter[str] = Counter()
        self._finished: SimpleQueue[Finished] = SimpleQueue()
        self._ready: list[Finished] = []
        self._given: list[Finished] = []
        self._taken_on: list[StoredDelivery] = []

    @property
    def busy(self) -> int:
        """How many calls are under way, or have ended and were not asked for yet."""
        return self._incidents.total()

    @property
    def is_full(self) -> bool:
        return self.busy >= self._most

    def is_free(self, delivery: Delivery) -> bool:
        """Whether it may be begun now."""
        lane = self._lane_of(delivery)
        return not self._incidents[delivery.incident] and self._lanes[lane] < self._width_of(lane)

    def take_on(self, row: StoredDelivery) -> None:
        """Makes room for a call that begins as soon as its intent is on the disk."""
        self._count(row, 1)
        self._taken_on.append(row)

    def start(self, call: Callable[[StoredDelivery], Receipt]) -> None:
        """Begins what was taken on; `call` never raises."""
        for row in self._taken_on:
            Thread(target=lambda row=row: self._finished.put((row, call(row))), daemon=True).start()
        self._taken_on.clear()

    def committed(self) -> None:
        """What has ended is known on the disk."""
        self._given.clear()

    def rolled_back(self) -> None:
        """What was given out is given out again, and what was taken on has not begun."""
        for row, _ in self._given:
            self._count(row, 1)
        for row in self._taken_on:
            self._count(row, -1)
        self._ready = [*self._given, *self._ready]
        self._given.clear()
        self._taken_on.clear()

    def wait(self, seconds: float | None = None) -> None:
        """Until a call has ended, for so many seconds at most."""
        if self._ready:
            return
        try:
            self._ready.append(self._finished.get(timeout=seconds))
        except Empty:
            return

    @property
    def has_finished(self) -> bool:
        return bool(self._ready) or not self._finished.empty()

    def finished(self) -> Iterator[Finished]:
        """What has ended since, in the order in which it did."""
        while self.has_finished:
            row, receipt = self._ready.pop(0) if self._ready else self._finished.get()
            self._count(row, -1)
            self._given.append((row, receipt))
            yield row, receipt

    def _count(self, row: StoredDelivery, by: int) -> None:
        self._incidents[row.delivery.incident] += by
        self._lanes[self._lane_of(row.delivery)] += by
        if not self._incidents[row.delivery.incident]:
            del self._incidents[row.delivery.incident]
