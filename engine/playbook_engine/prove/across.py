"""What deadlines of two playbooks leave at the same instants, each by its own department's calendar."""

from __future__ import annotations

from playbook_engine.policy.policy import Deadline, Policy
from playbook_engine.prove.bounds import lasts_from
from playbook_engine.prove.times import Situation
from playbook_engine.prove.worst import instants, turns_of

Owned = tuple[Deadline, str]
"""A deadline, and the department that owes it."""


class Across:
    """`later` for a playbook and another, over messages written from `since` until `until` (ms UTC)."""

    def __init__(self, old: Policy, new: Policy, since: int, until: int) -> None:
        self._old, self._new, self._since, self._until = old, new, since, until
        self._found: dict[tuple[Owned, Owned, int], bool] = {}

    def later(self, new: Owned, old: Owned, situation: Situation) -> bool:
        """Whether at some instant of the situation the new playbook's deadline comes after the old one's."""
        if new[0].kind == old[0].kind == "elapsed":
            return new[0].amount > old[0].amount
        if new[0] == old[0] and self._hours(self._new, new[1]) == self._hours(self._old, old[1]):
            return False
        key = (new, old, id(situation))
        if key not in self._found:
            self._found[key] = any(self._is_later(new, old, at) for at in self._moments(new, old, situation))
        return self._found[key]

    def _hours(self, policy: Policy, department: str) -> object:
        calendar = policy.departments[department].calendar
        return policy.calendars[calendar].hours if calendar else None

    def _is_later(self, new: Owned, old: Owned, at: int) -> bool:
        slow = lasts_from(self._new, self._new.departments[new[1]], new[0], at)
        quick = lasts_from(self._old, self._old.departments[old[1]], old[0], at)
        return quick is not None and (slow is None or slow > quick)

    def _moments(self, new: Owned, old: Owned, situation: Situation) -> tuple[int, ...]:
        turns: set[int] = set()
        for policy, (deadline, department) in ((self._new, new), (self._old, old)):
            turns.update(turns_of(policy, policy.departments[department], (deadline,), self._since, self._until))
        stretches = zip(situation.since, situation.until, strict=True)
        return tuple(at for since, until in stretches for at in instants(sorted(turns), since, until))
