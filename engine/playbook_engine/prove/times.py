"""Which calendars are open together: the few situations of a year that conditions can tell apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from playbook_engine.decide.promising import answers_for
from playbook_engine.policy.conditions import facts_read
from playbook_engine.policy.hours import NeverOpens
from playbook_engine.policy.policy import Policy

YEAR = 366 * 86_400_000
LATEST = 7 * 86_400_000
"""How long before it is seen a message may have been written (ms); the door cuts off what is earlier."""


@dataclass(frozen=True)
class Situation:
    """What is open, and who answers for each department that hands over while it is closed.

    `since` are the instants (ms UTC) at which a stretch of it begins, and `until` those at which it has ended.
    """

    open: frozenset[str]
    answering: tuple[tuple[str, str], ...]
    since: tuple[int, ...]
    until: tuple[int, ...]

    def answers(self, department: str) -> str:
        """The department that answers for one."""
        return dict(self.answering).get(department, department)


def calendars_used(policies: Iterable[Policy]) -> tuple[str, ...]:
    """The calendars that conditions or departments ask, by name."""
    found: set[str] = set()
    for policy in policies:
        claimed = {fact for proof in policy.proofs for fact in facts_read(proof.assume) | facts_read(proof.claim)}
        found |= {*policy.calendars_read, *(name for name in policy.calendars if f"open.{name}" in claimed)}
        found |= {department.calendar for department in policy.departments.values() if department.calendar}
    return tuple(sorted(found))


def situations(policy: Policy, since: int, until: int) -> tuple[Situation, ...]:
    """The distinct situations from `since` to `until` (ms UTC), the one with the first stretch first.

    Between two neighbouring openings or closings nothing changes, so one look at each of them is exact.
    """
    names = calendars_used((policy,))
    stretches = {name: policy.calendars[name].hours.open_stretches(since, until) for name in names}
    edges = sorted({since, *(edge for pairs in stretches.values() for pair in pairs for edge in pair if edge < until)})
    opens = {name: [pair[0] for pair in pairs] for name, pairs in stretches.items()}
    found: dict[tuple[frozenset[str], tuple[tuple[str, str], ...]], tuple[list[int], list[int]]] = {}
    handing = [name for name, each in policy.departments.items() if each.when_closed and each.when_closed.department]
    for at, end in zip(edges, (*edges[1:], until), strict=True):
        now_open = frozenset(
            name
            for name in names
            if (index := bisect_right(opens[name], at) - 1) >= 0 and at < stretches[name][index][1]
        )
        answering = tuple((name, _answers_for(policy, name, at)) for name in handing)
        starts, ends = found.setdefault((now_open, answering), ([], []))
        starts.append(at)
        ends.append(end)
    return tuple(
        Situation(now_open, answering, tuple(starts), tuple(ends))
        for (now_open, answering), (starts, ends) in found.items()
    )


def side_by_side(
    one: tuple[Situation, ...], other: tuple[Situation, ...]
) -> tuple[tuple[Situation, ...], tuple[Situation, ...]]:
    """The situations of two playbooks over the same span, cut so that those of the same number are at the same time."""
    begins = [sorted((at, index) for index, each in enumerate(listed) for at in each.since) for listed in (one, other)]
    edges = sorted({at for listed in begins for at, _ in listed})
    end = max(at for each in one for at in each.until)
    found: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for at, until in zip(edges, (*edges[1:], end), strict=True):
        key = tuple(listed[bisect_right(listed, at, key=lambda each: each[0]) - 1][1] for listed in begins)
        starts, ends = found.setdefault((key[0], key[1]), ([], []))
        starts.append(at)
        ends.append(until)
    spans = [(key, tuple(starts), tuple(ends)) for key, (starts, ends) in found.items()]
    return (
        tuple(replace(one[key[0]], since=since, until=until) for key, since, until in spans),
        tuple(replace(other[key[1]], since=since, until=until) for key, since, until in spans),
    )


def _answers_for(policy: Policy, department: str, at: int) -> str:
    """ "" where nobody will ever be open again: the engine leaves that undecided."""
    try:
        return answers_for(policy, department, at)
    except NeverOpens:
        return ""
