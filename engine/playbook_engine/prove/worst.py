"""The longest and the shortest that a promise can take, over every instant at which a customer may write.

`decide.deadlines.due` is run itself, at the few instants where its answer can turn. Within a cell (cells.py) the same
department answers; there, as the message comes later, its deadline either stays (the wait gets shorter) or moves
along (the wait stays), except where it jumps: over a closing time, from which the open time is counted back to the
message, and at the begin of a local date for deadlines in open days. So between two jumps the wait never grows: it is
longest at the first instant and shortest at the last. SEMANTICS 6.1, 6.2 and 6.4.

A message is taken to be seen when it is written: whoever answers at that instant makes the promise.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from playbook_engine.decide.deadlines import due
from playbook_engine.decide.promising import answers_for
from playbook_engine.policy.hours import NeverCloses, NeverOpens, OpenHours
from playbook_engine.policy.policy import Deadline, Department, Policy
from playbook_engine.prove.cells import Cell, Vector, day_begins, policy_cells


@dataclass(frozen=True, slots=True)
class Promised:
    """What one message is promised: written at `at`, answered by `department`, due after `lasts` ms.

    `lasts` is None where the promise never comes due, because the calendar does not open for so long any more.
    """

    at: int
    department: str
    lasts: int | None

    @property
    def due(self) -> int | None:
        return None if self.lasts is None else self.at + self.lasts


@dataclass(frozen=True, slots=True)
class Extremes:
    """The longest and the shortest promise, each with the first instant that attains it."""

    longest: Promised
    shortest: Promised


@dataclass(frozen=True)
class Worst:
    """Over the whole span, and apart for every combination of open calendars that occurs in it.

    `looked` counts the instants at which the real function was asked.
    """

    overall: Extremes
    by_open: Mapping[Vector, Extremes]
    looked: int


Measure = Callable[[int, str], int | None]
"""How long (ms) from an instant for the department that answers then; None for ever."""


def worst_due(
    policy: Policy,
    department: Department | str,
    deadline: Deadline,
    since: int,
    until: int,
    names: Iterable[str] = (),
) -> Worst:
    """How long `deadline` takes for a message to a department written from `since` until `until` (ms UTC).

    While the department is closed the one it hands over to answers, by its own calendar. `names` are further calendars
    to keep apart in `by_open`, beside those of the departments that may answer. Raises ValueError for an empty span.
    """
    return worst_of(policy, department, (deadline,), since, until, names)


def worst_of(
    policy: Policy,
    department: Department | str,
    deadlines: tuple[Deadline, ...],
    since: int,
    until: int,
    names: Iterable[str] = (),
) -> Worst:
    """As `worst_due`, for whichever of several deadlines comes first."""
    home = department if isinstance(department, str) else department.id
    spans = cells_of(policy, home, since, until, names)

    def measure(at: int, owner: str) -> int | None:
        try:
            return min(due(policy, policy.departments[owner], each, at).at for each in deadlines) - at
        except NeverOpens:
            return None

    def jumps(owner: str) -> list[int]:
        return _jumps(policy, policy.departments[owner], deadlines, since, until)

    return extremes(policy, home, spans, measure, jumps)


def cells_of(policy: Policy, home: str, since: int, until: int, names: Iterable[str] = ()) -> tuple[Cell, ...]:
    """The cells of the calendars of everybody who may answer for a department, and of further ones."""
    if until <= since:
        raise ValueError("a span ends after it begins")
    calendars = {policy.departments[name].calendar for name in chain_of(policy, home)} - {""}
    return policy_cells(policy, since, until, sorted(calendars | set(names)))


def chain_of(policy: Policy, home: str) -> tuple[str, ...]:
    """A department and those it hands over to while it is closed, in order; acyclic once a policy exists."""
    chain, name = [home], _next(policy, home)
    while name and name not in chain:
        chain.append(name)
        name = _next(policy, name)
    return tuple(chain)


def _next(policy: Policy, name: str) -> str:
    closed = policy.departments[name].when_closed
    return closed.department if closed is not None else ""


def extremes(
    policy: Policy, home: str, spans: tuple[Cell, ...], measure: Measure, jumps: Callable[[str], list[int]]
) -> Worst:
    """The extremes of a measure that never grows between two neighbouring `jumps` within a cell."""
    kept: dict[str, list[int]] = {}
    by_open: dict[Vector, Extremes] = {}
    looked = 0
    for cell in spans:
        owner = _answering(policy, home, cell.since)
        if owner not in kept:
            kept[owner] = jumps(owner) if owner else []
        for at in _asked(kept[owner], cell):
            looked += 1
            found = Promised(at, owner or home, measure(at, owner) if owner else None)
            held = by_open.get(cell.open)
            by_open[cell.open] = Extremes(found, found) if held is None else _wider(held, found)
    overall = next(iter(by_open.values()))
    for each in by_open.values():
        overall = _wider(_wider(overall, each.longest), each.shortest)
    return Worst(overall, by_open, looked)


def _answering(policy: Policy, home: str, at: int) -> str:
    """ "" where nobody will be open any more."""
    try:
        return answers_for(policy, home, at)
    except NeverOpens:
        return ""


def _asked(jumps: list[int], cell: Cell) -> Iterator[int]:
    """The first and the last instant of every piece of a cell."""
    start = cell.since
    index = bisect_left(jumps, start + 1)
    while start < cell.until:
        end = min(jumps[index], cell.until) if index < len(jumps) else cell.until
        yield start
        if end - 1 > start:
            yield end - 1
        start, index = end, index + 1


def _wider(held: Extremes, found: Promised) -> Extremes:
    longest = found if _rank(found, -1) < _rank(held.longest, -1) else held.longest
    shortest = found if _rank(found, 1) < _rank(held.shortest, 1) else held.shortest
    return held if (longest, shortest) == (held.longest, held.shortest) else Extremes(longest, shortest)


def _rank(found: Promised, sign: int) -> tuple[int, int, int]:
    """In the order of length, for ever last, and of equals the earliest first; the other way round with -1."""
    return sign * (found.lasts is None), sign * (found.lasts or 0), found.at


def _jumps(policy: Policy, owner: Department, deadlines: Iterable[Deadline], since: int, until: int) -> list[int]:
    if not owner.calendar:
        return []
    hours = policy.calendars[owner.calendar].hours
    found: set[int] = set()
    for deadline in plain(deadlines):
        if deadline.kind == "open_time":
            found.update(_counted_back(hours, deadline.amount, since, until))
        elif deadline.kind == "open_days":
            found.update(day_begins(hours.zone, since, until))
    return sorted(found)


def plain(deadlines: Iterable[Deadline]) -> Iterator[Deadline]:
    """The deadlines without a choice by the hours: both sides of one instead of it."""
    for deadline in deadlines:
        sides = (deadline.when_open, deadline.when_closed)
        given = [side for side in sides if side is not None]
        yield from plain(given) if given else (deadline,)


def _counted_back(hours: OpenHours, amount: int, since: int, until: int) -> Iterator[int]:
    """The instants from which a deadline no longer falls on or before a closing time but after the next opening."""
    at = since
    while True:
        try:
            at = hours.next_close(at)
        except (NeverOpens, NeverCloses):
            return
        try:
            jump = hours.due(at, -amount) + 1
        except NeverOpens:  # it has not been open for so long before
            continue
        if jump >= until:
            return
        yield jump
