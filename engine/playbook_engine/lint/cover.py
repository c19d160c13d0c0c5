"""When somebody is on duty, counted over the next 400 days. SEMANTICS 6.4 and 7.

Somebody on duty without hours of their own works those of the department: a desk that is shut is not staffed, although
its people would be told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from playbook_engine.decide.deadlines import is_open
from playbook_engine.decide.telling import available
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.durations import MINUTE, WEEK
from playbook_engine.policy.policy import Department, Policy
from playbook_engine.policy.timeline import Stretch
from playbook_engine.prove.cells import say_local
from playbook_engine.prove.on_duty import Uncovered, in_hours, uncovered
from playbook_engine.prove.worst import chain_of

_SHOWN = 7


def said_stretch(zone: str, stretch: Stretch) -> str:
    """By the clock of a zone: `from Fri 2026-07-03 18:00 to Mon 2026-07-06 09:00 (63h)`."""
    start, end = stretch
    return f"from {say_local(zone, start)} to {say_local(zone, end)} ({say_hours(end - start)})"


def weekly(zone: str, missing: Uncovered) -> tuple[str, ...]:
    """The stretches by day and time, those that come most often first, with how often and when first."""
    first: dict[str, int] = {}
    times: Counter[str] = Counter()
    for start, end in missing.stretches:
        begin, until = say_local(zone, start).split(), say_local(zone, end).split()
        said = f"{begin[0]} {begin[2]} - {until[0]} {until[2]}"
        said += f", {say_hours(end - start)}" if end - start >= WEEK else ""
        times[said] += 1
        first.setdefault(said, start)
    ordered = sorted(times, key=lambda said: (-times[said], first[said]))
    lines = [f"{said}: {_often(times[said], say_local(zone, first[said]))}" for said in ordered]
    more = (f"and {len(lines) - _SHOWN} more such times",) if len(lines) > _SHOWN else ()
    return (*lines[:_SHOWN], *more)


def _often(times: int, first: str) -> str:
    day = first.split()[1]
    return f"once, on {day}" if times == 1 else f"{times} times in 400 days, the first on {day}"


def say_hours(length: int) -> str:
    """Whole minutes in hours: 63h, or 9h30m; a customer does not count in days."""
    hours, minutes = divmod(length // MINUTE, 60)
    return f"{hours}h{minutes}m" if minutes else f"{hours}h"


def missing(subject: Subject, covered: Callable[[int], bool]) -> Uncovered:
    """When `covered` is false; it may depend on the instant (ms UTC) only by which calendars are open."""
    return Uncovered(()) if all(map(covered, subject.moments)) else uncovered(subject.cells, covered)


def zone_of(policy: Policy, department: str) -> str:
    """The zone of a department's clock."""
    calendar = policy.departments[department].calendar
    return policy.calendars[calendar].hours.zone if calendar else policy.timezone


def attended(policy: Policy, home: str, at: int) -> bool:
    """Whether somebody is on duty for a department, or for one that it hands over to."""
    return any(somebody(policy, policy.departments[name], at) for name in chain_of(policy, home))


def answering(policy: Policy, home: str, at: int) -> bool:
    """Whether a department is open, or one that it hands over to."""
    return any(is_open(policy, policy.departments[name], at) for name in chain_of(policy, home))


def told_when_closed(policy: Policy, home: str) -> bool:
    """Whether customers are told at once that nobody is there now."""
    closed = [policy.departments[name].when_closed for name in chain_of(policy, home)]
    return any(each is not None and each.template for each in closed)


def somebody(policy: Policy, department: Department, at: int) -> bool:
    """Whether somebody is on duty for this very department."""
    entries = department.on_duty or ((("", department.lead),) if department.lead else ())
    open_now = is_open(policy, department, at)
    for calendar, person in entries:
        on = policy.calendars[calendar].hours.is_open(at) if calendar else open_now
        if on and reached(policy, person, at):
            return True
    if not entries:
        return open_now
    person = entries[0][1]  # told while nobody's turn it is, and so are the deputies
    return bool(policy.people[person].calendar) and reached(policy, person, at)


def reached(policy: Policy, person: str, at: int) -> bool:
    """Whether a person, or a deputy who steps in, is within their hours; without hours, always."""
    return in_hours(policy, available(policy, person, at), at)
