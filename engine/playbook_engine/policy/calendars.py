"""Business calendars for aware datetimes, and everything else that reads or answers opening hours.

>>> from datetime import datetime, timedelta
>>> desk = Calendar.from_weekly("Asia/Tokyo", {"mon-fri": [["09:00", "12:00"], ["13:00", "18:00"]]})
>>> friday = datetime.fromisoformat("2026-07-03T17:00+09:00")
>>> desk.due(friday, timedelta(hours=2)).isoformat()      # Monday 10:00 in Tokyo
'2026-07-06T01:00:00+00:00'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from playbook_engine.policy.hours import NeverCloses, NeverOpens, OpenHours
from playbook_engine.policy.opening import (
    CalendarError,
    Shift,
    parse_dates,
    parse_days,
    parse_shift,
    parse_shifts,
    parse_time_of_day,
    shift_between,
)
from playbook_engine.policy.timeline import OutOfYears
from playbook_engine.policy.zones import UnknownZone, load_zone, zone_names

__all__ = [
    "Calendar",
    "CalendarError",
    "NeverCloses",
    "NeverOpens",
    "OpenHours",
    "OutOfYears",
    "Segments",
    "Shift",
    "UnknownZone",
    "load_zone",
    "parse_dates",
    "parse_days",
    "parse_shift",
    "parse_shifts",
    "parse_time_of_day",
    "zone_names",
]

Segments = Sequence[Sequence[str]]
"""Pairs of opening and closing time, each `HH:MM` or `HH:MM:SS`, as in `[["09:00", "12:00"]]`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Calendar:
    """When something is open. Datetimes go in aware, with any offset, and come out in UTC, exact to the ms.

    `hours` answers the same questions in integer milliseconds, and more. What the answers mean stands in
    `playbook_engine.policy.hours`.
    """

    hours: OpenHours

    @classmethod
    def from_weekly(
        cls,
        timezone: str,
        weekly: Mapping[str, Segments],
        holidays: Iterable[str | date] = (),
        overrides: Mapping[str, Segments] | None = None,
        breaks: Mapping[str, Segments] | None = None,
    ) -> Calendar:
        """A calendar of weekly hours by day, in the wall-clock time of `timezone`.

        `weekly` has the days `mon` to `sun`, ranges of them, `daily` and `holiday`; a day that is absent is
        closed. `holidays` are dates with the hours of `holiday`, by default none. `overrides` give a date
        hours of its own (`[]` closes it), also where it is a holiday; `breaks` are cut out of a date. A
        segment whose end is not after its start runs on into the next day. Dates may be ranges, as in
        `2026-12-29..2027-01-03`. Raises CalendarError, and UnknownZone, for what cannot be understood.
        """
        hours = OpenHours.of(
            timezone,
            {day: _shifts(segments) for day, segments in weekly.items()},
            [each for day in holidays for each in ([day] if isinstance(day, date) else parse_dates(day))],
            _dated(overrides or {}),
            _dated(breaks or {}),
        )
        if not hours.ever_opens():
            raise CalendarError("this calendar never opens; give `weekly` hours on some day")
        return cls(hours)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at `at`. The closing instant itself is shut."""
        return self.hours.is_open(_instant(at))

    def due(self, start: datetime, open_time: timedelta) -> datetime:
        """The earliest instant by which `open_time` has passed since `start`; zero gives `start` itself.

        A deadline that falls on closing time stays there. A negative `open_time` goes back, to the latest
        instant from which so much open time passes until `start`. Raises NeverOpens.
        """
        return _moment(self.hours.due(_instant(start), _length(open_time)))

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """The open time between two instants, as real elapsed time; negative when `end` is the earlier."""
        return self.hours.open_time(_instant(start), _instant(end)) * _MILLISECOND

    def next_open(self, at: datetime) -> datetime:
        """The first opening after `at`, also where it is open at `at`. Raises NeverOpens."""
        return _moment(self.hours.next_open(_instant(at)))

    def next_close(self, at: datetime) -> datetime:
        """The first closing after `at`, also where it is shut at `at`. Raises NeverCloses and NeverOpens."""
        return _moment(self.hours.next_close(_instant(at)))


def _shifts(segments: Segments) -> tuple[Shift, ...]:
    if isinstance(segments, str):
        return parse_shifts(segments)
    return tuple(parse_shift(each) if isinstance(each, str) else _pair(each) for each in segments)


def _pair(segment: Sequence[str]) -> Shift:
    if len(segment) != 2 or not all(isinstance(end, str) for end in segment):
        raise CalendarError(f"`{segment}` is not a pair of times; write it as ['09:00', '17:00']")
    return shift_between(*segment)


def _dated(dated: Mapping[str, Segments]) -> dict[date, tuple[Shift, ...]]:
    found: dict[date, tuple[Shift, ...]] = {}
    for text, segments in dated.items():
        for day in parse_dates(text):
            if day in found:
                raise CalendarError(f"{day} is given twice, the second time by `{text}`; keep one of them")
            found[day] = _shifts(segments)
    return found


def _instant(at: datetime) -> int:
    """Ms UTC; what is finer is cut off."""
    if at.utcoffset() is None:
        raise CalendarError(f"`{at.isoformat()}` has no UTC offset; give the datetime a tzinfo")
    return (at - _EPOCH) // _MILLISECOND


def _moment(at: int) -> datetime:
    return _EPOCH + at * _MILLISECOND


def _length(span: timedelta) -> int:
    """Whole ms, to the nearest."""
    return (span + _MILLISECOND / 2) // _MILLISECOND
