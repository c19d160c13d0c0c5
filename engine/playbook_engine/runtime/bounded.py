"""Calls into plugins in bounded time. A thread cannot be stopped: one that takes too long is left to itself."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import Generic, TypeVar

Result = TypeVar("Result")

MOST_LEFT = 8
"""Calls of one plugin that may still be running when it is asked again."""


class TooLong(Exception):
    """The call was given up; it may still come to its end."""


class Full(TooLong):
    """Too many calls are still running: this one was never begun."""


class Call(Generic[Result]):
    """One call in a thread of its own, which does not keep the process alive."""

    def __init__(self, function: Callable[[], Result]) -> None:
        self._function = function
        self._results: list[Result] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def result(self, limit: float) -> Result:
        """What the function gave or raised, within `limit` seconds. Raises TooLong."""
        self._thread.join(limit)
        if self._thread.is_alive():
            raise TooLong
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._function())
        except BaseException as error:
            self._error = error


class Bounded:
    """The calls of one plugin. Raises Full while too many earlier ones are still running."""

    def __init__(self) -> None:
        self._left: list[Call[object]] = []
        self._lock = Lock()

    def start(self, function: Callable[[], Result]) -> Call[Result]:
        with self._lock:
            self._left = [call for call in self._left if call.is_running]
            if len(self._left) >= MOST_LEFT:
                raise Full
            call: Call[Result] = Call(function)
            self._left.append(call)  # type: ignore[arg-type]
        return call

    def within(self, limit: int, function: Callable[[], Result]) -> Result:
        """What the function gives within `limit` ms. Raises TooLong, or what the function raised."""
        return self.start(function).result(limit / 1000)
