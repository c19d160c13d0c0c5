"""The least and the most time that a deadline leaves, in every situation of the year: exact, by the real `due`.

Between two instants at which a calendar opens, closes, or at which a deadline counted back meets a closing time, what
is left only shrinks, so the ends of such pieces are all that has to be looked at (worst.py). What a deadline leaves
depends on its owner only by the owner's calendar, so it is worked out once for each calendar.
"""

from __future__ import annotations

from playbook_engine.decide.deadlines import due
from playbook_engine.policy.hours import NeverOpens
from playbook_engine.policy.policy import Deadline, Department, Policy, Target
from playbook_engine.prove.outcomes import Bounds
from playbook_engine.prove.times import Situation
from playbook_engine.prove.worst import instants, turns_of


class DueBounds:
    """What `Prover` asks for its `promises`, of one playbook from `since` until `until` (ms UTC)."""

    def __init__(self, policy: Policy, since: int, until: int) -> None:
        self._policy, self._since, self._until = policy, since, until
        self._deadlines = tuple({each: None for target in policy.targets for each in target.deadlines.values()})
        self._found: dict[tuple[Deadline, str, int], Bounds] = {}
        self._lasting: dict[tuple[Deadline, str, int], tuple[int | None, ...]] = {}
        self._later: dict[tuple[Deadline, Deadline, str, int], bool] = {}
        self._moments: dict[tuple[str, int], tuple[int, ...]] = {}
        self._turns: dict[str, list[int]] = {}
        self._seen: dict[int, Situation] = {}
        """By their identity, the situations asked about, which keeps them apart for good."""

    def __call__(self, target: Target, step: str, department: str, situation: Situation) -> Bounds:
        return self._bounds(target.deadlines[step], department, situation)

    def later(self, slow: Deadline, quick: Deadline, department: str, situation: Situation) -> bool:
        """Whether at some instant of the situation `slow` is due after `quick`, for the same department."""
        if slow == quick:
            return False
        if slow.kind == quick.kind and slow.kind != "by_hours":
            return slow.amount > quick.amount
        key = (slow, quick, self._policy.departments[department].calendar, self._number(situation))
        if key not in self._later:
            self._later[key] = self._is_later(slow, quick, department, situation)
        return self._later[key]

    def _is_later(self, slow: Deadline, quick: Deadline, department: str, situation: Situation) -> bool:
        most, least = self._bounds(slow, department, situation)[1], self._bounds(quick, department, situation)[0]
        if most is not None and most <= least:
            return False
        pairs = zip(*(self._lasts(each, department, situation) for each in (quick, slow)), strict=True)
        return any(one is not None and (other is None or other > one) for one, other in pairs)

    def _bounds(self, deadline: Deadline, department: str, situation: Situation) -> Bounds:
        if deadline.kind == "elapsed":
            return deadline.amount, deadline.amount
        key = (deadline, self._policy.departments[department].calendar, self._number(situation))
        if key not in self._found:
            lasting = self._lasts(deadline, department, situation)
            known = [each for each in lasting if each is not None]
            self._found[key] = min(known, default=0), max(known) if known and len(known) == len(lasting) else None
        return self._found[key]

    def extremes(self, deadline: Deadline, department: str, situation: Situation, soonest: int) -> tuple[int, ...]:
        """The first instants from `soonest` on (ms UTC) at which the deadline leaves the most, and the least."""
        owner = self._policy.departments[department]
        pairs = zip(self._lasts(deadline, department, situation), self._moments_of(owner, situation), strict=True)
        left = [(lasts, at) for lasts, at in pairs if lasts is not None and at >= soonest]
        if not left:
            return ()
        most, least = max(left, key=lambda each: (each[0], -each[1])), min(left)
        return most[1], least[1]

    def _number(self, situation: Situation) -> int:
        self._seen[id(situation)] = situation
        return id(situation)

    def _lasts(self, deadline: Deadline, department: str, situation: Situation) -> tuple[int | None, ...]:
        """Ms from each of the moments to the deadline; None where the calendar does not open for so long any more."""
        owner = self._policy.departments[department]
        key = (deadline, owner.calendar, self._number(situation))
        if key not in self._lasting:
            moments = self._moments_of(owner, situation)
            self._lasting[key] = tuple(lasts_from(self._policy, owner, deadline, at) for at in moments)
        return self._lasting[key]

    def _moments_of(self, owner: Department, situation: Situation) -> tuple[int, ...]:
        """The instants of a situation at which what any of the deadlines leaves can be longest or shortest."""
        name = owner.calendar
        key = (name, self._number(situation))
        if key not in self._moments:
            if name not in self._turns:
                self._turns[name] = turns_of(self._policy, owner, self._deadlines, self._since, self._until)
            stretches = zip(situation.since, situation.until, strict=True)
            turns = self._turns[name]
            self._moments[key] = tuple(at for since, until in stretches for at in instants(turns, since, until))
        return self._moments[key]


def lasts_from(policy: Policy, owner: Department, deadline: Deadline, at: int) -> int | None:
    """Ms from an instant to the deadline; None where the calendar does not open for so long any more."""
    if deadline.kind == "elapsed":
        return deadline.amount
    try:
        return due(policy, owner, deadline, at).at - at
    except NeverOpens:
        return None
