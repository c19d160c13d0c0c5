"""Sources of plugins, each read on a thread of its own, again and again."""

from __future__ import annotations

import logging
import time
from threading import Event as Signal
from threading import Thread

from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.secrets import reveal
from playbook_engine.serve.entrances import Reading
from playbook_engine.serve.loop import Busy, Loop

FIRST_REST = 5.0
"""Seconds after the first failure in a row; each further one doubles them, up to `LONGEST_REST`."""

LONGEST_REST = 600.0

log = logging.getLogger(__name__)


class Reader:
    """Hands in what one source gives; the next document is asked for when the last one is committed."""

    def __init__(self, reading: Reading, loop: Loop, stopped: Signal) -> None:
        self._reading, self._loop, self._stopped = reading, loop, stopped
        self._failures = 0

    def start(self) -> None:
        Thread(target=self._run, name=f"source {self._reading.source.name}", daemon=True).start()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._read_once()
                self._failures = 0
                rest = self._reading.every / 1_000
            except Exception as error:
                self._failures += 1
                rest = min(FIRST_REST * 2 ** (self._failures - 1), LONGEST_REST)
                name = self._reading.source.name
                log.warning("the source %s failed (%s); asked again in %g s", name, type(error).__name__, rest)
            self._stopped.wait(rest)

    def _read_once(self) -> None:
        settings = self._reading.settings.with_secrets(lambda text: reveal(text, self._reading.settings.folder))
        for document in self._reading.source.read(settings):
            self._hand_in(document)
            if self._stopped.is_set():
                return

    def _hand_in(self, document: bytes) -> None:
        outcomes = list(take_in_body(document, self._reading.sender, self._reading.mapping))
        while True:
            try:
                self._loop.hand_in(outcomes).result()
                return
            except Busy:
                if self._stopped.is_set():
                    raise
                time.sleep(0.5)
