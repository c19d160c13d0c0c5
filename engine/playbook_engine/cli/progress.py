"""Progress of long work on stderr, where a person watches."""

from __future__ import annotations

import sys
from types import TracebackType

EVERY = 500


class Progress:
    """Counts on one line of a terminal; silent in pipes and files."""

    def __init__(self, shown: bool, what: str = "events") -> None:
        self._what = what
        self._shown = shown and sys.stderr.isatty()
        self._count = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown and self._count >= EVERY:
            sys.stderr.write("\r\x1b[K")

    def done(self, count: int) -> None:
        self._count = count
        if self._shown and count % EVERY == 0:
            sys.stderr.write(f"\r{count:,} {self._what}")
            sys.stderr.flush()
