"""What deadlines of two playbooks leave at the same instants, each by its own department's calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from playbook_engine.policy.policy import Deadline, Policy
from playbook_engine.prove.bounds import lasts_from
from playbook_engine.prove.times import Situation
from playbook_engine.prove.worst import instants, turns_of

Owned: TypeAlias = tuple[Deadline, str]
"""A deadline, and the department that owes it."""


class Across:
    """When a playbook's deadline comes after another's, over messages written from `since` until `until` (ms UTC)."""

    def __init__(self, other: Policy, policy: Policy, since: int, until: int) -> None:
        self._other, self._policy, self._since, self._until = other, policy, since, until
        self._turns: dict[tuple[Owned, Owned], list[int]] = {}

    def is_later(self, late: Owned, soon: Owned, situation: Situation) -> bool:
        """Whether at some instant of the situation the playbook's deadline comes after the other's."""
        if late[0].kind == soon[0].kind == "elapsed":
            return late[0].amount > soon[0].amount
        return any(True for _ in self.instants(late, soon, situation))

    def instants(self, late: Owned, soon: Owned, situation: Situation, soonest: int = 0) -> Iterator[int]:
        """The first such instants of each piece of the situation; where it is any, others may lie between them."""
        if late[0] == soon[0] and self._hours(self._policy, late[1]) == self._hours(self._other, soon[1]):
            return
        turns = self._turns_of(late, soon)
        for since, until in zip(situation.since, situation.until, strict=True):
            for at in instants(turns, max(since, soonest), until):
                if self._is_later(late, soon, at):
                    yield at

    def _hours(self, policy: Policy, department: str) -> object:
        calendar = policy.departments[department].calendar
        return policy.calendars[calendar].hours if calendar else None

    def _is_later(self, late: Owned, soon: Owned, at: int) -> bool:
        slow = lasts_from(self._policy, self._policy.departments[late[1]], late[0], at)
        quick = lasts_from(self._other, self._other.departments[soon[1]], soon[0], at)
        return quick is not None and (slow is None or slow > quick)

    def _turns_of(self, late: Owned, soon: Owned) -> list[int]:
        key = (late, soon)
        if key not in self._turns:
            turns: set[int] = set()
            for policy, (deadline, department) in ((self._policy, late), (self._other, soon)):
                owner = policy.departments[department]
                turns.update(turns_of(policy, owner, (deadline,), self._since, self._until))
            self._turns[key] = sorted(turns)
        return self._turns[key]
