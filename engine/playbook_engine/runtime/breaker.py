"""A service that fails again and again is left alone for a while, then tried once. One name for each service.

See https://martinfowler.com/bliki/CircuitBreaker.html. What meets an open breaker has not left: it is tried again by
the outbox, and counts as an attempt, so that nothing waits for ever without a person hearing of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from threading import Lock

from playbook_engine.hookspecs import Undelivered
from playbook_engine.policy.durations import MINUTE, SECOND, say_duration

MOST_FAILURES = 5
"""Failures in a row after which nothing is sent there."""

FIRST_REST = 30 * SECOND
LONGEST_REST = 5 * MINUTE
"""Ms until one call is let through; twice as long after each that fails."""

log = logging.getLogger(__name__)


@dataclass
class _Service:
    failures: int = 0
    rest: int = FIRST_REST
    until: int = 0


class Breaker:
    """How the services have answered of late. Instants are ms UTC; may be asked by several threads."""

    def __init__(self) -> None:
        self._services: dict[str, _Service] = {}
        self._lock = Lock()

    def ask(self, name: str, now: int) -> None:
        """Raises Undelivered while the service is left alone; the first who asks after that is let through."""
        with self._lock:
            service = self._services.get(name)
            if service is None or service.failures < MOST_FAILURES:
                return
            if now < service.until:
                left = service.until - now
                said = f"{name} has failed {service.failures} times in a row and is left alone"
                raise Undelivered("again", said, again_after=left)
            # The others wait for what this one finds, and for one rest at most should it never come back.
            service.until = now + service.rest

    def tell(self, name: str, now: int, failed: bool) -> None:
        """Notes how a call went."""
        with self._lock:
            service = self._services.get(name)
            if not failed:
                if service is not None and service.failures >= MOST_FAILURES:
                    log.warning("%s answers again", name)
                self._services.pop(name, None)
                return
            service = self._services.setdefault(name, _Service())
            service.failures += 1
            if service.failures > MOST_FAILURES:
                service.rest = min(service.rest * 2, LONGEST_REST)
            if service.failures >= MOST_FAILURES:
                service.until = now + service.rest
                rest = say_duration(service.rest)
                log.warning("%s has failed %d times in a row; it is left alone for %s", name, service.failures, rest)
