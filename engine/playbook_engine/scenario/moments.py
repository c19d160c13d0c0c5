"""Instants as tests write them: how long after the start, the time by the playbook's clocks, or an instant.

20m  1h30m  2d        after the start
09:00  mon 09:00      the first such time at or after the start
2026-06-15T10:00      by the playbook's clocks; with an offset wherever that is
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playbook_engine.policy.durations import parse_duration
from playbook_engine.policy.zones import load_zone

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(?:([a-z]{3}) )?([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def instant(text: str, zone: str) -> int:
    """ISO 8601 as ms UTC; without an offset it is a wall-clock time of `zone`. Raises ValueError.

    >>> instant("2026-06-15T10:00", "Asia/Tokyo") == instant("2026-06-15T01:00Z", "Europe/London")
    True
    """
    said = datetime.fromisoformat(text)
    aware = said if said.tzinfo else said.replace(tzinfo=load_zone(zone))
    return (aware - _EPOCH) // _MS


def moment(text: str, start: int, zone: str) -> int:
    """The instant that is meant in a story that begins at `start`. Raises ValueError."""
    if found := _CLOCK.fullmatch(text):
        return _by_the_clock(found, start, zone)
    return instant(text, zone) if "T" in text else start + parse_duration(text)


def _by_the_clock(found: re.Match[str], start: int, zone: str) -> int:
    day, hour, minute, second = found[1], int(found[2]), int(found[3]), int(found[4] or 0)
    local = local_time(start, zone)
    for ahead in range(9):
        date = (local + timedelta(days=ahead)).date()
        if day and _DAYS[date.weekday()] != day:
            continue
        then = datetime(date.year, date.month, date.day, hour, minute, second, tzinfo=load_zone(zone))
        at = (then - _EPOCH) // _MS
        if at >= start:
            return at
    raise ValueError(f"`{found[0]}` does not come within eight days")


def local_time(at: int, zone: str) -> datetime:
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(load_zone(zone))


def say_moment(at: int, zone: str) -> str:
    """An instant by the clocks of `zone`, to the second.

    >>> say_moment(instant("2026-06-15T10:00", "Asia/Tokyo"), "Asia/Tokyo")
    'Mon 2026-06-15 10:00:00'
    """
    return f"{local_time(at, zone):%a %Y-%m-%d %H:%M:%S}"
