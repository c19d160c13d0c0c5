"""The open stretches of a calendar in UTC, worked out span by span when first asked for.

Time is cut into spans of 52 weeks, so that the span of an instant is one division. A span in which the
weekly hours alone decide, and leave nothing or everything open, costs nothing: an opening thousands of
years away is found at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import TypeVar

from playbook_engine.errors import PlaybookError
from playbook_engine.policy.opening import Shift
from playbook_engine.policy.zones import DAY_SECONDS, EPOCH_DAY, instants, load_zone

Shifts = tuple[Shift, ...]
Stretch = tuple[int, int]
Kept = TypeVar("Kept")

SPAN_DAYS = 364
SPAN = SPAN_DAYS * DAY_SECONDS * 1000
FIRST_SPAN = (date(1900, 1, 1).toordinal() - EPOCH_DAY) // SPAN_DAYS
END_SPAN = (date(9990, 12, 31).toordinal() - EPOCH_DAY) // SPAN_DAYS + 1
"""The first span of all, and the one after the last."""

_KEPT = 256
# A shift ends at most two days after its date begins; zones stand up to a day off, or leave out a whole day.
_DAYS_BEFORE, _DAYS_AFTER = 4, 2


class OutOfYears(PlaybookError):
    """An instant before 1900 or after 9990."""


@dataclass(frozen=True, slots=True)
class Span:
    """The open stretches within one span, in order and apart, and the open ms up to the end of each."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    passed: tuple[int, ...]

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> Span:
        pairs = tuple(stretches)
        return cls(
            tuple(opens for opens, _ in pairs),
            tuple(closes for _, closes in pairs),
            tuple(accumulate(closes - opens for opens, closes in pairs)),
        )

    @property
    def total(self) -> int:
        return self.passed[-1] if self.passed else 0

    def until(self, at: int) -> int:
        """Open ms from the begin of the span to `at`."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        left = self.closes[index] - at
        return self.passed[index] - left if left > 0 else self.passed[index]


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The local dates of a span that own open time, as ordinals, and when each closes for the last time."""

    dates: tuple[int, ...]
    closes: tuple[int, ...]


_SHUT = Span((), (), ())
_NO_DAYS = OpenDays((), ())


class Timeline:
    """What `weekly` (Monday first), `dated` (in its place on a date) and `breaks` leave open in a zone.

    Dates are ordinals. Spans and days that were worked out are kept, up to a bound.
    """

    def __init__(
        self, zone: str, weekly: tuple[Shifts, ...], dated: Mapping[int, Shifts], breaks: Mapping[int, Shifts]
    ) -> None:
        self.zone = load_zone(zone)
        self._weekly = weekly
        self._dated = dated
        self._breaks = breaks
        self._never = not any(weekly)
        self._always = _covers_the_week(weekly)
        self._special = frozenset(
            (day - EPOCH_DAY + margin) // SPAN_DAYS
            for day in (*dated, *breaks)
            for margin in (-_DAYS_AFTER, _DAYS_BEFORE)
        )
        self.changes_until = END_SPAN
        """From the begin of this span on it neither opens nor closes any more."""
        if self._never or self._always:
            self.changes_until = max(self._special, default=FIRST_SPAN - 2) + 2
        self._spans: dict[int, Span] = {}
        self._days: dict[int, OpenDays] = {}

    def span(self, number: int) -> Span:
        """The span that holds the instants from `number * SPAN` on. Raises OutOfYears."""
        span = self._spans.get(number)
        return span if span is not None else self._measured(number)

    def days(self, number: int) -> OpenDays:
        """The open days among the 364 dates that begin with that span. Raises OutOfYears."""
        days = self._days.get(number)
        return days if days is not None else self._closing(number)

    def _measured(self, number: int) -> Span:
        _check(number)
        begin, end = number * SPAN, (number + 1) * SPAN
        if number not in self._special and (self._never or self._always):
            return _SHUT if self._never else _keep(self._spans, number, Span.of([(begin, end)]))
        first = number * SPAN_DAYS + EPOCH_DAY
        near = range(first - _DAYS_BEFORE, first + SPAN_DAYS + _DAYS_AFTER)
        wall = merge(stretch for day in near for stretch in self._owned(day))
        stretches = cut(merge(self._in_utc(wall)), self._cuts(near))
        span = Span.of((max(a, begin), min(b, end)) for a, b in stretches if a < end and b > begin)
        return _keep(self._spans, number, span)

    def _closing(self, number: int) -> OpenDays:
        _check(number)
        if self._never and number not in self._special:
            return _NO_DAYS
        first = number * SPAN_DAYS + EPOCH_DAY
        cuts = self._cuts(range(first - _DAYS_BEFORE, first + SPAN_DAYS + _DAYS_AFTER))
        closing = []
        for day in range(first, first + SPAN_DAYS):
            if stretches := cut(merge(self._in_utc(self._owned(day))), cuts):
                closing.append((day, stretches[-1][1]))
        days = OpenDays(tuple(day for day, _ in closing), tuple(at for _, at in closing))
        return _keep(self._days, number, days)

    def _owned(self, day: int) -> list[Stretch]:
        """The shifts that start on a date, in seconds of wall-clock time since 1970."""
        shifts = self._dated.get(day)
        if shifts is None:
            shifts = self._weekly[(day - 1) % 7]
        midnight = (day - EPOCH_DAY) * DAY_SECONDS
        return [(midnight + shift.opens, midnight + shift.closes) for shift in shifts]

    def _cuts(self, days: range) -> list[Stretch]:
        if not self._breaks:
            return []
        wall = []
        for day in sorted(self._breaks.keys() & set(days)):
            midnight = (day - EPOCH_DAY) * DAY_SECONDS
            wall += [(midnight + shift.opens, midnight + shift.closes) for shift in self._breaks[day]]
        return merge(self._in_utc(wall))

    def _in_utc(self, wall: Iterable[Stretch]) -> list[Stretch]:
        found = (instants(self.zone, opens, closes) for opens, closes in wall)
        return [stretch for stretch in found if stretch is not None]


def merge(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in stretches that neither overlap nor touch, in order."""
    merged: list[Stretch] = []
    for opens, closes in sorted(stretches):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def cut(stretches: list[Stretch], cuts: list[Stretch]) -> list[Stretch]:
    """What is left of merged `stretches` without merged `cuts`."""
    left = stretches
    for start, end in cuts:
        left = [
            piece
            for opens, closes in left
            for piece in ((opens, min(closes, start)), (max(opens, end), closes))
            if piece[0] < piece[1]
        ]
    return left


def _covers_the_week(weekly: tuple[Shifts, ...]) -> bool:
    week = [
        ((day + turn) * DAY_SECONDS + shift.opens, (day + turn) * DAY_SECONDS + shift.closes)
        for turn in (-7, 0)
        for day, shifts in enumerate(weekly)
        for shift in shifts
    ]
    return any(opens <= 0 and closes >= 7 * DAY_SECONDS for opens, closes in merge(week))


def _check(number: int) -> None:
    # One more at either end, because what opens or closes on the edge is told by the neighbour.
    if not FIRST_SPAN - 1 <= number <= END_SPAN:
        raise OutOfYears("calendars reach from 1900 to 9990; the instant lies outside, check its unit")


def _keep(kept: dict[int, Kept], number: int, made: Kept) -> Kept:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[number] = made
    return made
