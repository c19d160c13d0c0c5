"""The least and the most time that a deadline leaves, in every situation of the year: exact, by the real `due`.

Between two instants at which a calendar opens, closes, or at which a deadline counted back meets a closing time, what
is left only shrinks, so the ends of such pieces are all that has to be looked at (worst.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.decide.deadlines import due
from playbook_engine.policy.hours import NeverOpens
from playbook_engine.policy.policy import Deadline, Policy, Target
from playbook_engine.prove.outcomes import Bounds
from playbook_engine.prove.times import Situation
from playbook_engine.prove.worst import instants, turns_of


class DueBounds:
    """What `Prover` asks for its `promises`, of one playbook from `since` until `until` (ms UTC)."""

    def __init__(self, policy: Policy, since: int, until: int) -> None:
        self._policy, self._since, self._until = policy, since, until
        self._found: dict[tuple[Deadline, str, int], Bounds] = {}
        self._turns: dict[tuple[tuple[Deadline, ...], str], list[int]] = {}

    def __call__(self, target: Target, step: str, department: str, situation: Situation) -> Bounds:
        deadline = target.deadlines[step]
        key = (deadline, department, id(situation))
        if key not in self._found:
            self._found[key] = self._bounds(deadline, department, situation)
        return self._found[key]

    def _bounds(self, deadline: Deadline, department: str, situation: Situation) -> Bounds:
        if deadline.kind == "elapsed":
            return deadline.amount, deadline.amount
        lasting = [self.lasts(deadline, department, at) for at in self.moments((deadline,), department, situation)]
        known = [each for each in lasting if each is not None]
        return min(known, default=0), max(known) if len(known) == len(lasting) and known else None

    def lasts(self, deadline: Deadline, department: str, at: int) -> int | None:
        """Ms from an instant to the deadline; None where the calendar does not open for so long any more."""
        try:
            return due(self._policy, self._policy.departments[department], deadline, at).at - at
        except NeverOpens:
            return None

    def moments(self, deadlines: tuple[Deadline, ...], department: str, situation: Situation) -> Iterator[int]:
        """The instants of a situation at which what the deadlines leave can be longest or shortest."""
        key = (deadlines, department)
        if key not in self._turns:
            owner = self._policy.departments[department]
            self._turns[key] = turns_of(self._policy, owner, deadlines, self._since, self._until)
        for since, until in zip(situation.since, situation.until, strict=True):
            yield from instants(self._turns[key], since, until)
