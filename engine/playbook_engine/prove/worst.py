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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from playbook_engine.decide.deadlines import due, is_open
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
    spans: Sequence[Cell] | None = None,
) -> Worst:
    """As `worst_due`, for whichever of several deadlines comes first. `spans` are the cells, where they are known."""
    home = department if isinstance(department, str) else department.id
    if spans is None:
        spans = cells_of(policy, home, since, until, names)

    deadlines = _earliest(deadlines)

    def measure(at: int, owner: str) -> int | None:
        answering = policy.departments[owner]
        try:
            return min(due(policy, answering, each, at).at for each in deadlines) - at
        except NeverOpens:
            return None

    def jumps(owner: str) -> list[int]:
        return turns_of(policy, policy.departments[owner], deadlines, since, until)

    elapsed = all(each.kind == "elapsed" for each in deadlines)
    return extremes(policy, home, spans, measure, jumps, constant=elapsed)


def _earliest(deadlines: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    """Without those that another of their kind is never later than: of one kind the shortest comes first."""
    least: dict[str, Deadline] = {}
    for each in sorted(deadlines, key=lambda deadline: deadline.amount):
        least.setdefault(each.kind if each.kind != "by_hours" else repr(each), each)
    return tuple(least.values())


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
    policy: Policy,
    home: str,
    spans: Sequence[Cell],
    measure: Measure,
    jumps: Callable[[str], list[int]] = lambda owner: [],
    *,
    constant: bool = False,
) -> Worst:
    """The extremes of a measure that never grows between two neighbouring `jumps` within a cell.

    A `constant` measure is asked once for each owner and combination of calendars.
    """
    kept: dict[str, list[int]] = {}
    found: dict[Vector, _Found] = {}
    owners: dict[Vector, str] = {}
    looked = 0
    for cell in spans:
        owner = owners.get(cell.open)
        if owner is None:
            owner = _answering(policy, home, cell.since, owners, cell.open)
        if owner not in kept:
            kept[owner] = jumps(owner) if owner else []
        held = found.setdefault(cell.open, _Found(home))
        if constant and owner in held.owners:
            continue
        held.owners.add(owner)
        for at in (cell.since,) if constant else instants(kept[owner], cell.since, cell.until):
            looked += 1
            held.take(at, owner, measure(at, owner) if owner else None)
    overall = _Found(home)
    for each in found.values():
        overall.join(each)
    return Worst(overall.extremes(), {key: each.extremes() for key, each in found.items()}, looked)


def _answering(policy: Policy, home: str, at: int, owners: dict[Vector, str], vector: Vector) -> str:
    """Who answers; "" where nobody will be open any more. Noted for the vector where that alone decides it."""
    try:
        owner = answers_for(policy, home, at)
    except NeverOpens:
        return ""
    if is_open(policy, policy.departments[owner], at):
        owners[vector] = owner
    return owner


_NEVER = 1 << 62


class _Found:
    """The longest and the shortest so far, kept as plain numbers because many are taken."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.owners: set[str] = set()
        self.longest = (-1, 0, "")
        self.shortest = (_NEVER + 1, 0, "")

    def take(self, at: int, owner: str, lasts: int | None) -> None:
        length = _NEVER if lasts is None else lasts
        if length > self.longest[0]:
            self.longest = (length, at, owner)
        if length < self.shortest[0]:
            self.shortest = (length, at, owner)

    def join(self, other: _Found) -> None:
        """Of equals the earliest instant."""
        self.longest = max(self.longest, other.longest, key=lambda each: (each[0], -each[1]))
        self.shortest = min(self.shortest, other.shortest)

    def extremes(self) -> Extremes:
        return Extremes(self._promised(*self.longest), self._promised(*self.shortest))

    def _promised(self, length: int, at: int, owner: str) -> Promised:
        return Promised(at, owner or self.home, None if length == _NEVER else length)


def instants(turns: list[int], since: int, until: int) -> Iterator[int]:
    """The first and the last instant of every piece of a stretch that is cut at these turns."""
    start = since
    index = bisect_left(turns, start + 1)
    while start < until:
        end = min(turns[index], until) if index < len(turns) else until
        yield start
        if end - 1 > start:
            yield end - 1
        start, index = end, index + 1


def turns_of(policy: Policy, owner: Department, deadlines: Iterable[Deadline], since: int, until: int) -> list[int]:
    """The instants, beside openings and closings, at which what a deadline leaves may grow."""
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
