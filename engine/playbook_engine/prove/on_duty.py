"""When nobody is there: departments that are shut, people out of hours, levels that tell somebody who sleeps.

Everything asked here depends only on which calendars are open, so it is asked once for every combination that occurs
in the span (cells.py) and then put back on the time line. SEMANTICS 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from playbook_engine.decide.deadlines import is_open
from playbook_engine.decide.telling import available, on_duty, person_for
from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.hours import NeverCloses, NeverOpens
from playbook_engine.policy.policy import Department, Level, Policy
from playbook_engine.policy.timeline import Stretch, merge
from playbook_engine.prove.cells import Cell, local_time, policy_cells, vectors
from playbook_engine.prove.worst import chain_of

MINUTE = 60_000
WEEK_MINUTES = 7 * 24 * 60


@dataclass(frozen=True)
class Uncovered:
    """The stretches (ms UTC, in order and apart) in which something is not there."""

    stretches: tuple[Stretch, ...]

    def __bool__(self) -> bool:
        return bool(self.stretches)

    @property
    def total(self) -> int:
        """Ms in all."""
        return sum(end - start for start, end in self.stretches)

    @property
    def longest(self) -> Stretch:
        """The first of equals; (0, 0) where there is none."""
        return max(self.stretches, key=lambda stretch: (stretch[1] - stretch[0], -stretch[0]), default=(0, 0))

    def minutes_of_week(self, zone: str) -> tuple[Stretch, ...]:
        """The minutes of a local week, 0 being Monday 00:00, that are uncovered in some week; begun ones count."""
        found = []
        for start, end in self.stretches:
            first, last = _minute_of_week(zone, start), _minute_of_week(zone, end - 1) + 1
            if end - start >= WEEK_MINUTES * MINUTE:
                return ((0, WEEK_MINUTES),)
            found += [(first, last)] if first < last else [(first, WEEK_MINUTES), (0, last)]
        return tuple(merge(found))


@dataclass(frozen=True)
class OffDuty:
    """A level that at times tells only people who are out of hours, deputies included.

    `told` are the people whom the engine would tell at the first instant of the first stretch.
    """

    department: str
    ladder: str
    level: str
    told: tuple[str, ...]
    when: Uncovered


@dataclass(frozen=True)
class Coverage:
    """What is not covered in the span; a mapping holds no name that always is.

    `shut`: departments, while neither they nor whoever they hand over to are open. `unattended`: departments, while
    neither the person on duty nor a deputy is in hours. `unreachable`: people who have hours, while neither they nor
    a deputy are in theirs. `off_duty`: levels, for every department that could be answering.
    """

    shut: Mapping[str, Uncovered]
    unattended: Mapping[str, Uncovered]
    unreachable: Mapping[str, Uncovered]
    off_duty: tuple[OffDuty, ...]


def coverage(policy: Policy, since: int, until: int) -> Coverage:
    """Who is not there when, from `since` until `until` (ms UTC)."""
    found = policy_cells(policy, since, until)
    departments = policy.departments
    staffed = [name for name, each in departments.items() if each.on_duty or each.lead]
    return Coverage(
        _some(found, departments, partial(_answered, policy)),
        _some(found, staffed, partial(_attended, policy)),
        _some(found, policy.people, partial(_reached, policy)),
        tuple(_off_duty(policy, found)),
    )


def in_hours(policy: Policy, person: str, at: int) -> bool:
    """Whether a person is working; one without a calendar always is."""
    calendar = policy.people[person].calendar
    return not calendar or policy.calendars[calendar].hours.is_open(at)


def _answered(policy: Policy, department: str, at: int) -> bool:
    return any(is_open(policy, policy.departments[name], at) for name in chain_of(policy, department))


def _attended(policy: Policy, department: str, at: int) -> bool:
    return _reached(policy, on_duty(policy, policy.departments[department], at), at)


def _reached(policy: Policy, person: str, at: int) -> bool:
    return in_hours(policy, available(policy, person, at), at)


def _some(found: tuple[Cell, ...], names: Iterable[str], covered: Callable[[str, int], bool]) -> dict[str, Uncovered]:
    each = {name: uncovered(found, partial(covered, name)) for name in names}
    return {name: when for name, when in each.items() if when}


def uncovered(found: tuple[Cell, ...], covered: Callable[[int], bool]) -> Uncovered:
    """The stretches in which `covered` is false; it may depend on the instant only by which calendars are open."""
    missing = {vector for vector, at in vectors(found).items() if not covered(at)}
    return Uncovered(tuple(merge((cell.since, cell.until) for cell in found if cell.open in missing)))


def told(policy: Policy, department: Department, level: Level, at: int) -> tuple[str, ...]:
    """Whom a level tells at an instant (ms UTC) while a department answers, each once."""
    return tuple(dict.fromkeys(person_for(policy, department, target, at) for target in level.notify))


def _off_duty(policy: Policy, found: tuple[Cell, ...]) -> Iterator[OffDuty]:
    for department in policy.departments.values():
        for ladder, levels in policy.ladders.items():
            for level in levels:
                when = uncovered(found, partial(_heard, policy, department, level))
                if when:
                    people = told(policy, department, level, when.stretches[0][0])
                    yield OffDuty(department.id, ladder, level.id, people, when)


def _heard(policy: Policy, department: Department, level: Level, at: int) -> bool:
    return any(in_hours(policy, person, at) for person in told(policy, department, level, at))


def longest_gap(calendar: Calendar, since: int, until: int) -> tuple[int, int | None] | None:
    """The longest stretch (ms UTC) for which a calendar is shut, of those that touch the span, with its real ends.

    Its end is None where the calendar does not open any more, which no other stretch exceeds; the result is None where
    it is never shut. Of equals it is the first.
    """
    longest: tuple[int, int | None] | None = None
    at = _shut_since(calendar, since)
    while at < until:
        try:
            end = calendar.hours.first_open(at)
        except NeverOpens:
            return at, None
        if end > at and (longest is None or longest[1] is None or end - at > longest[1] - longest[0]):
            longest = at, end
        try:
            at = calendar.hours.next_close(end)
        except (NeverCloses, NeverOpens):
            break
    return longest


def _shut_since(calendar: Calendar, at: int) -> int:
    """`at` where it is open then, else the closing before; `at` too where it has never been open."""
    if calendar.hours.is_open(at):
        return at
    try:
        return calendar.hours.due(at, -1) + 1
    except NeverOpens:
        return at


def _minute_of_week(zone: str, at: int) -> int:
    local = local_time(zone, at)
    return (local.weekday() * 24 + local.hour) * 60 + local.minute
