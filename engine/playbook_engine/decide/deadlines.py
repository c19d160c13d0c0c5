"""When a step is due, and when its ladder speaks.

Every function takes instants in ms UTC and returns them so. SEMANTICS 5.1, 6.1, 6.2 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from playbook_engine.model.duty import Duty, PinnedLevel
from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.policy import Deadline, Department, Level, Policy

DAY = 86_400_000


@dataclass(frozen=True)
class Due:
    """A deadline and its measure: elapsed time, or `open_time` (ms) of a calendar."""

    at: int
    calendar: str = ""
    open_time: int = 0


def calendar_of(policy: Policy, department: Department | None) -> Calendar | None:
    """The owner's calendar; None for a department that is always open."""
    if department is None or not department.calendar:
        return None
    return policy.calendars[department.calendar]


def is_open(policy: Policy, department: Department | None, at: int) -> bool:
    calendar = calendar_of(policy, department)
    return calendar is None or calendar.hours.is_open(at)


def next_opening(policy: Policy, department: Department | None, at: int) -> int:
    """`at` itself while the department is open."""
    calendar = calendar_of(policy, department)
    return at if calendar is None or calendar.hours.is_open(at) else calendar.hours.next_open(at)


def due(policy: Policy, department: Department, deadline: Deadline, since: int) -> Due:
    """When a step promised at `since` is due by the owner's calendar.

    By the hours: when open at `since`, the one for open hours; when closed, the earlier of the one for closed
    hours from `since` and the one for open hours from the next opening. A department without a calendar is
    always open, and its open time is elapsed time.
    """
    calendar = calendar_of(policy, department)
    match deadline.kind:
        case "elapsed":
            return Due(since + deadline.amount)
        case "open_time" if calendar is not None:
            at = calendar.hours.due(since, deadline.amount)
            return Due(at, department.calendar, deadline.amount)
        case "open_time":
            return Due(since + deadline.amount)
        case "open_days" if calendar is not None:
            at = calendar.hours.open_days_due(since, deadline.amount)
            return Due(at, department.calendar, calendar.hours.open_time(since, at))
        case "open_days":
            return Due(since + deadline.amount * DAY)
        case _:
            return _due_by_hours(policy, department, deadline, since)


def _due_by_hours(policy: Policy, department: Department, deadline: Deadline, since: int) -> Due:
    assert deadline.when_open is not None
    assert deadline.when_closed is not None
    if is_open(policy, department, since):
        return due(policy, department, deadline.when_open, since)
    closed = due(policy, department, deadline.when_closed, since)
    opened = due(policy, department, deadline.when_open, next_opening(policy, department, since))
    return min(closed, opened, key=lambda option: option.at)


def pin_levels(policy: Policy, ladder: str, since: int, promised: Due) -> tuple[PinnedLevel, ...]:
    """The instants of a ladder, fixed when its duty is opened."""
    return tuple(_pin(policy, level, since, promised) for level in policy.ladders.get(ladder, ()))


def _pin(policy: Policy, level: Level, since: int, promised: Due) -> PinnedLevel:
    if level.percent is None:
        return PinnedLevel(level.id, promised.at + (level.overdue or 0))
    if level.percent == 0:
        return PinnedLevel(level.id, since)
    if level.percent == 100:
        return PinnedLevel(level.id, promised.at, 0 if promised.calendar else None)
    if not promised.calendar:
        return PinnedLevel(level.id, since + (promised.at - since) * level.percent // 100)
    used = promised.open_time * level.percent // 100
    at = policy.calendars[promised.calendar].hours.due(since, used) if used else since
    return PinnedLevel(level.id, at, promised.open_time - used)


def paused(policy: Policy, duty: Duty, at: int) -> Duty:
    """The duty with its open time stopped at `at`; a duty that counts elapsed time is not stopped."""
    calendar = policy.calendars.get(duty.calendar)
    if calendar is None or duty.paused or not duty.unmet or at >= duty.deadline:
        return duty
    return replace(duty, paused=True, open_left=calendar.hours.open_time(at, duty.deadline))


def resumed(policy: Policy, duty: Duty, at: int) -> Duty:
    """The duty with the open time that was left counted from `at`, and its levels moved with it."""
    calendar = policy.calendars.get(duty.calendar)
    if calendar is None or not duty.paused:
        return duty
    deadline = calendar.hours.due(at, duty.open_left) if duty.open_left else at

    def moved(level: PinnedLevel) -> PinnedLevel:
        if level.name in duty.fired:
            return level
        if level.open_left is None:
            return replace(level, at=deadline + level.at - duty.deadline) if level.at > duty.deadline else level
        left = duty.open_left - level.open_left
        return replace(level, at=calendar.hours.due(at, left) if left > 0 else at)

    levels = tuple(moved(level) for level in duty.levels)
    return replace(duty, paused=False, open_left=0, deadline=deadline, levels=levels)
