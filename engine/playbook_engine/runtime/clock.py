"""The only place that asks the machine for the time."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """An instant in ms UTC that never runs back.

    `by_hand` says that `reach` alone moves it: then everything is decided and delivered as of the instant it
    was due. A clock that goes by itself may be ahead of what is due, and deliveries see that they are late.
    """

    by_hand: bool

    def now(self) -> int: ...

    def reach(self, at: int) -> None:
        """Sees to it that `now` is not before `at`."""


class SystemClock:
    """The machine's clock. One that is set back stands still until it has caught up."""

    by_hand = False

    def __init__(self) -> None:
        self._latest = 0

    def now(self) -> int:
        self._latest = max(self._latest, time.time_ns() // 1_000_000)
        return self._latest

    def reach(self, at: int) -> None:
        self._latest = max(self._latest, at)


class EventsClock:
    """A clock that stands where the last event or timer put it."""

    by_hand = True

    def __init__(self, at: int = 0) -> None:
        self._at = at

    def now(self) -> int:
        return self._at

    def reach(self, at: int) -> None:
        self._at = max(self._at, at)
