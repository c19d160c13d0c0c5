"""When something is open, in integer milliseconds: the arithmetic behind every promise in open time.

What the answers mean:

- Open stretches are half-open: at 18:00 a desk of 09:00-18:00 is shut.
- Open time is real elapsed time: on the day the clocks go back, 00:00-24:00 holds 25 hours.
- Each local date owns the shifts that start on it, also where they run on past midnight. A holiday or an
  exception replaces what its own date owns, and leaves the night shift of the day before alone.
- An exception wins over a holiday of the same date, and breaks are cut out of whatever is open.
- A deadline is the earliest instant that will do, so one that falls on closing time stays there. Going back
  it is the latest, so a start that falls on opening time stays there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from playbook_engine.errors import PlaybookError
from playbook_engine.policy.opening import HOLIDAY, WEEK, Shift, spread
from playbook_engine.policy.timeline import (
    END_SPAN,
    FIRST_SPAN,
    SPAN,
    SPAN_DAYS,
    Shifts,
    Stretch,
    Timeline,
    merge,
)
from playbook_engine.policy.zones import EPOCH_DAY, local_day

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NeverOpens(PlaybookError):
    """There is no further opening, or not as much open time, in the direction asked."""


class NeverCloses(PlaybookError):
    """There is no closing time to come: it stays open for good."""


@dataclass(frozen=True)
class OpenHours:
    """Weekly hours, what replaces them on dates, and a zone; equal and hashed by content.

    `weekly` has seven entries, Monday first. A date in `holidays` has the `holiday` shifts (by default none)
    and a date in `exceptions` its own; `breaks` are cut out. Shifts of a day that overlap or touch are one.
    Instants are ms UTC from 1900 to 9990; beyond, every method raises OutOfYears.
    """

    zone: str
    weekly: tuple[Shifts, ...]
    holiday: Shifts = ()
    holidays: tuple[date, ...] = ()
    exceptions: tuple[tuple[date, Shifts], ...] = ()
    breaks: tuple[tuple[date, Shifts], ...] = ()
    _timeline: Timeline = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        canonical = {
            "weekly": tuple(_joined(shifts) for shifts in self.weekly),
            "holiday": _joined(self.holiday),
            "holidays": tuple(sorted(set(self.holidays))),
            "exceptions": _by_date(dict(self.exceptions)),
            "breaks": _by_date(dict(self.breaks)),
        }
        for name, part in canonical.items():
            object.__setattr__(self, name, part)
        dated = {day.toordinal(): self.holiday for day in self.holidays}
        dated |= {day.toordinal(): shifts for day, shifts in self.exceptions}
        cut_out = {day.toordinal(): shifts for day, shifts in self.breaks}
        object.__setattr__(self, "_timeline", Timeline(self.zone, self.weekly, dated, cut_out))

    @classmethod
    def of(
        cls,
        zone: str,
        weekly: Mapping[str, Iterable[Shift]],
        holidays: Iterable[date] = (),
        exceptions: Mapping[date, Iterable[Shift]] | None = None,
        breaks: Mapping[date, Iterable[Shift]] | None = None,
    ) -> OpenHours:
        """From mappings: `weekly` by day keys (`mon`, `mon-fri`, `daily`, `holiday`), the others by date.

        Raises UnknownZone, and CalendarError for a key that is no day or a day that two keys name.
        """
        days = spread(weekly)
        return cls(
            zone,
            tuple(days.get(day, ()) for day in WEEK),
            days.get(HOLIDAY, ()),
            tuple(holidays),
            _by_date(exceptions or {}),
            _by_date(breaks or {}),
        )

    def __reduce__(self) -> tuple[type[OpenHours], tuple[object, ...]]:
        parts = (self.zone, self.weekly, self.holiday, self.holidays, self.exceptions, self.breaks)
        return OpenHours, parts

    def ever_opens(self) -> bool:
        """Whether there is any open time at all, from 1970 on."""
        spans = range(self._timeline.changes_until)
        return any(self.weekly) or any(self._timeline.span(number).opens for number in spans)

    def is_open(self, at: int) -> bool:
        span = self._timeline.span(at // SPAN)
        index = bisect_right(span.opens, at) - 1
        return index >= 0 and at < span.closes[index]

    def open_time(self, start: int, end: int) -> int:
        """Open ms between two instants; negative, and otherwise the same, when `end` lies before `start`."""
        if end < start:
            return -self.open_time(end, start)
        span = self._timeline.span
        first, last = start // SPAN, end // SPAN
        between = sum(span(number).total for number in range(first, last))
        return between + span(last).until(end) - span(first).until(start)

    def due(self, start: int, open_ms: int) -> int:
        """The earliest instant by which `open_ms` of open time have passed since `start`.

        Zero is `start` itself, open or not. A negative amount goes back: the latest instant from which so
        much open time passes until `start`. Raises NeverOpens where there is not that much.
        """
        if open_ms < 0:
            return self._back(start, -open_ms)
        if open_ms == 0:
            return start
        number = start // SPAN
        span = self._timeline.span(number)
        wanted = span.until(start) + open_ms
        while wanted > span.total:
            wanted -= span.total
            number += 1
            if number == END_SPAN:
                raise NeverOpens(f"{self} does not open for {_spoken(open_ms)} after {_written(start)}")
            span = self._timeline.span(number)
        index = bisect_left(span.passed, wanted)
        return span.closes[index] - (span.passed[index] - wanted)

    def _back(self, start: int, open_ms: int) -> int:
        number = start // SPAN
        span = self._timeline.span(number)
        left = span.until(start) - open_ms
        while left < 0:
            number -= 1
            if number < FIRST_SPAN:
                raise NeverOpens(f"{self} was not open for {_spoken(open_ms)} before {_written(start)}")
            span = self._timeline.span(number)
            left += span.total
        index = bisect_right(span.passed, left)
        return span.closes[index] - (span.passed[index] - left)

    def next_open(self, at: int) -> int:
        """The first opening after `at`; where it is open at `at`, the one after the next closing.

        Raises NeverOpens where there is none.
        """
        for number in range(at // SPAN, self._timeline.changes_until):
            opens = self._timeline.span(number).opens
            index = bisect_right(opens, at)
            if index < len(opens) and opens[index] == number * SPAN and self.is_open(opens[index] - 1):
                index += 1
            if index < len(opens):
                return opens[index]
        already = "is open for good" if self.is_open(at) else "does not open any more"
        raise NeverOpens(f"{self} {already} after {_written(at)}")

    def next_close(self, at: int) -> int:
        """The first closing after `at`; where it is shut at `at`, the end of the next open stretch.

        Raises NeverCloses where it stays open for good, NeverOpens where it stays shut.
        """
        for number in range(at // SPAN, self._timeline.changes_until):
            closes = self._timeline.span(number).closes
            index = bisect_right(closes, at)
            if index == len(closes):
                continue
            if closes[index] < (number + 1) * SPAN or not self.is_open(closes[index]):
                return closes[index]
        if self.is_open(at):
            raise NeverCloses(f"{self} does not close any more after {_written(at)}")
        raise NeverOpens(f"{self} does not open any more after {_written(at)}")

    def first_open(self, at: int) -> int:
        """`at` where it is open, else the next opening. Raises NeverOpens."""
        return at if self.is_open(at) else self.next_open(at)

    def open_days_due(self, at: int, days: int) -> int:
        """The last closing time of the `days`-th open day after the local date of `at` (`days` from 1).

        An open day is a date that owns open time; with a night shift it closes on the following morning.
        Raises NeverOpens.
        """
        if days < 1:
            raise ValueError(f"open days are counted from 1, not {days}")
        self._timeline.span(at // SPAN)  # refuses an instant that has no date
        today = local_day(self._timeline.zone, at)
        wanted = days
        for number in range((today - EPOCH_DAY) // SPAN_DAYS, END_SPAN):
            found = self._timeline.days(number)
            index = bisect_right(found.dates, today) + wanted - 1
            if index < len(found.dates):
                return found.closes[index]
            wanted = index - len(found.dates) + 1
        raise NeverOpens(f"{self} does not open on {days} more days after {_written(at)}")

    def open_stretches(self, start: int, end: int) -> tuple[Stretch, ...]:
        """The open stretches from `start` to `end`, cut off at both, in order and apart."""
        return tuple(merge(self._pieces(start, end)))

    def longest_closed_gap(self, start: int, end: int) -> Stretch:
        """The longest shut stretch from `start` to `end`, the first of equals; `(start, start)` for none."""
        longest, shut_from = (start, start), start
        for opens, closes in (*self.open_stretches(start, end), (end, end)):
            if opens - shut_from > longest[1] - longest[0]:
                longest = (shut_from, opens)
            shut_from = closes
        return longest

    def _pieces(self, start: int, end: int) -> Iterator[Stretch]:
        if end <= start:
            return
        for number in range(start // SPAN, -(-end // SPAN)):
            span = self._timeline.span(number)
            index = bisect_right(span.closes, start)
            while index < len(span.opens) and span.opens[index] < end:
                yield max(span.opens[index], start), min(span.closes[index], end)
                index += 1

    def __str__(self) -> str:
        return f"the calendar in `{self.zone}`"


def _joined(shifts: Iterable[Shift]) -> Shifts:
    return tuple(Shift(*ends) for ends in merge((shift.opens, shift.closes) for shift in shifts))


def _by_date(dated: Mapping[date, Iterable[Shift]]) -> tuple[tuple[date, Shifts], ...]:
    return tuple((day, _joined(dated[day])) for day in sorted(dated))


def _written(at: int) -> str:
    return (_EPOCH + timedelta(milliseconds=at)).strftime("%Y-%m-%d %H:%M UTC")


def _spoken(open_ms: int) -> str:
    minutes = open_ms // 60_000
    return f"{minutes // 60} h {minutes % 60} min" if minutes else f"{open_ms} ms"
