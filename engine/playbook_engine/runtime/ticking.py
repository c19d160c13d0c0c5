"""Input that is waited for, and the time that passes meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

Item = TypeVar("Item")

TICK = 0.2
"""Seconds without input after which what has come due is looked at."""

AHEAD = 64
"""Items that are read before they are asked for."""


class _End:
    """The input is over, or cannot be read any further."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def ticking(items: Iterable[Item], tick: float = TICK) -> Iterator[Item | None]:
    """Every item as it comes; None whenever none has come for `tick` seconds, and at the end.

    Raises what reading raised.
    """
    queue: Queue[Item | _End] = Queue(AHEAD)

    def read() -> None:
        try:
            for item in items:
                queue.put(item)
        except BaseException as error:
            queue.put(_End(error))
        else:
            queue.put(_End())

    Thread(target=read, daemon=True).start()
    while True:
        try:
            item = queue.get(timeout=tick)
        except Empty:
            yield None
            continue
        if isinstance(item, _End):
            if item.error is not None:
                raise item.error
            yield None
            return
        yield item
