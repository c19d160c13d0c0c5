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

    def start(self, row: StoredDelivery, call: Callable[[], Receipt]) -> None:
        """Begins a call, which never raises."""
        self._incidents[row.delivery.incident] += 1
        self._lanes[self._lane_of(row.delivery)] += 1
        Thread(target=lambda: self._finished.put((row, call())), daemon=True).start()

    def wait(self, seconds: float | None = None) -> None:
        """Until a call has ended, for so many seconds at most."""
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
            row, receipt = self._ready.pop() if self._ready else self._finished.get()
            self._incidents[row.delivery.incident] -= 1
            self._lanes[self._lane_of(row.delivery)] -= 1
            yield row, receipt
