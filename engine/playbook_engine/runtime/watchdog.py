"""Timers that come late: counted, logged, and told to one person, once for each time nothing was running.

A timer decides as of its own instant, so lateness changes no decision; but whoever relies on a ladder has to know
that for a while nobody was told anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from playbook_engine.decide.telling import available, notice
from playbook_engine.model.delivery import Delivery
from playbook_engine.policy.durations import MINUTE, SECOND, say_duration
from playbook_engine.policy.policy import Policy

LATE = MINUTE
"""Ms after which a timer counts as late."""

WHY = "nothing was running then, or it could not keep up"

log = logging.getLogger(__name__)


@dataclass
class Watchdog:
    """`late` and `worst` (ms) are of the whole run. `seen` hears how late each timer was, in ms."""

    seen: Callable[[int], object] = lambda lateness: None
    late: int = 0
    worst: int = 0
    _first: tuple[str, int] | None = field(default=None)
    _count: int = 0
    _worst: int = 0

    def worked_off(self, id: str, due: int, now: int) -> None:
        """Notes that what was due at `due` is worked off at `now`; `id` is its incident's, "" for a mode."""
        lateness = max(0, now - due)
        self.seen(lateness)
        if lateness <= LATE:
            return
        self.late += 1
        self.worst = max(self.worst, lateness)
        if id and self._first is None:
            self._first = (id, due)
        self._count += 1
        self._worst = max(self._worst, lateness)

    def alarm(self, policy: Policy, now: int) -> Delivery | None:
        """What tells the person for undecided matters, when all that was due has been worked off; None if on time."""
        if not self._count:
            return None
        first, count, worst = self._first, self._count, self._worst
        self._first, self._count, self._worst = None, 0, 0
        behind = say_duration(worst // SECOND * SECOND)
        said = f"{count} timer{'s were' if count > 1 else ' was'} late, the worst by {behind}; {WHY}"
        log.warning("%s", said)
        if first is None:
            return None
        incident, due = first
        person = available(policy, policy.undecided.person, now)
        return notice(policy, incident, f"{incident}:late:{due}", person, said, at=now)
