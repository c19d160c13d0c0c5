"""A shift begins or ends in an hour that the clocks leave out or repeat.

What it finds
Shifts within the next 400 days that begin or end at a wall-clock time which does not occur on that date, or occurs
twice. The evidence lists the dates with the time that is counted.

Why it matters
On such a night the people of the shift and the engine may mean two instants an hour apart. A deadline that one of them
thinks kept is broken for the other.

Avoid
```yaml
calendars:
  late:
    timezone: Europe/London
    open: {daily: [17:00-01:30]}
```

Prefer
```yaml
calendars:
  late:
    timezone: Europe/London
    open: {daily: [17:00-00:30]}
```
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.hours import OpenHours
from playbook_engine.policy.opening import Shift
from playbook_engine.policy.zones import load_zone

DAYS = 400
_NONE = timedelta()


def check(subject: Subject) -> Iterator[Found]:
    today = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=subject.now)).date()
    for name, calendar in subject.policy.calendars.items():
        zone = load_zone(calendar.hours.zone)
        found = [
            said
            for change in _changes(calendar.hours.zone, today)
            for day in (change - timedelta(days=1), change)
            for shift in _shifts(calendar.hours, day)
            for edge in (shift.opens, shift.closes)
            if (said := _hazard(zone, day, edge, change))
        ]
        if found:
            message = f"a shift of `{name}` begins or ends in an hour that clocks in {zone.key} leave out or repeat"
            remedy = "move that end of the shift out of the hour, or give the dates hours of their own in `except`"
            yield Found(("calendars", name, "open"), message, remedy, evidence=tuple(dict.fromkeys(found)))


@cache
def _changes(zone: str, today: date) -> tuple[date, ...]:
    """The dates in the next 400 days on which the clocks change."""
    days = [today + timedelta(days=step) for step in range(DAYS + 1)]
    offsets = [datetime.combine(day, time(), load_zone(zone)).utcoffset() for day in days]
    return tuple(day for day, one, other in zip(days, offsets, offsets[1:], strict=False) if one != other)


def _shifts(hours: OpenHours, day: date) -> tuple[Shift, ...]:
    """The shifts that begin on a date."""
    dated = dict(hours.exceptions)
    if day in dated:
        return dated[day]
    return hours.holiday if day in hours.holidays else hours.weekly[day.weekday()]


def _hazard(zone: ZoneInfo, day: date, edge: int, change: date) -> str:
    """What is wrong with a wall-clock time, in seconds from the midnight that begins `day`; "" for nothing."""
    wall = datetime.combine(day, time(), zone) + timedelta(seconds=edge)
    turn = _turn(wall)
    if wall.date() != change or turn == _NONE:
        return ""
    if turn > _NONE:
        return f"{wall:%Y-%m-%d %H:%M} occurs twice: the first is meant, not the one {_said(turn)} later"
    if _turn(wall - timedelta(minutes=1)) == _NONE:
        return ""  # the very instant of the change, by whichever clock
    return f"{wall:%Y-%m-%d %H:%M} does not occur: it is taken for {wall - turn:%H:%M}"


def _turn(wall: datetime) -> timedelta:
    """How far the two readings of a time are apart: negative for one that clocks jump over, 0 for all others."""
    return (wall.utcoffset() or _NONE) - (wall.replace(fold=1).utcoffset() or _NONE)


def _said(turn: timedelta) -> str:
    minutes = int(turn.total_seconds()) // 60
    return "an hour" if minutes == 60 else f"{minutes} minutes"


RULE = Rule("PB305", "clock-change-in-shift", "warning", check, tier="C")
