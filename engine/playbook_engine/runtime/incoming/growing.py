"""A file that is still being written: its end is where one waits, and a line counts when it is whole."""

from __future__ import annotations

import time

from playbook_engine.runtime.incoming.read import ByteStream

PAUSE = 0.1
"""Seconds between two looks for more."""


class Growing:
    """Never ends. What is asked for as a whole is given as far as it has been written."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._begun = b""

    def read(self, size: int, /) -> bytes:
        held, self._begun = self._begun[:size], self._begun[size:]
        return held + self._stream.read(size - len(held))

    def readline(self, size: int, /) -> bytes:
        while True:
            more = self._stream.readline(size - len(self._begun))
            self._begun += more
            if self._begun.endswith(b"\n") or len(self._begun) >= size:
                line, self._begun = self._begun, b""
                return line
            if not more:
                time.sleep(PAUSE)
