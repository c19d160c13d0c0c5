"""Microseconds per call of every question to a calendar, beside walking the days one by one.

    python benchmarks/calendars.py

The walk keeps nothing between calls and asks the zone for every opening and closing it passes; it stands
for the obvious way to do it. Both must agree before anything is timed.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial

from playbook_engine.policy.calendars import OpenHours, parse_shifts
from playbook_engine.policy.zones import DAY_SECONDS, EPOCH_DAY, instants, load_zone, local_day

HOUR = 3_600_000
DAY = 24 * HOUR


def office(zone: str) -> OpenHours:
    """Split week-days, a short Saturday, and the sixteen holidays of Japan in each of five years."""
    months_days = [(1, 1), (1, 12), (2, 11), (2, 23), (3, 20), (4, 29), (5, 3), (5, 4)]
    months_days += [(5, 5), (7, 20), (8, 11), (9, 21), (9, 23), (10, 12), (11, 3), (11, 23)]
    return OpenHours.of(
        zone,
        {"mon-fri": parse_shifts(["09:00-12:00", "13:00-18:00"]), "sat": parse_shifts("10:00-16:00")},
        [date(year, month, day) for year in range(2024, 2029) for month, day in months_days],
    )


class DayByDay:
    """The same answers, by walking."""

    def __init__(self, hours: OpenHours) -> None:
        self.hours, self.zone, self.holidays = hours, load_zone(hours.zone), set(hours.holidays)

    def stretches(self, at: int, step: int = 1) -> Iterator[tuple[int, int]]:
        day = local_day(self.zone, at) - step
        while True:
            shifts = self.hours.weekly[(day - 1) % 7]
            if date.fromordinal(day) in self.holidays:
                shifts = self.hours.holiday
            midnight = (day - EPOCH_DAY) * DAY_SECONDS
            for shift in shifts[::step]:
                found = instants(self.zone, midnight + shift.opens, midnight + shift.closes)
                if found:
                    yield found
            day += step

    def is_open(self, at: int) -> bool:
        return next(opens <= at for opens, closes in self.stretches(at) if closes > at)

    def due(self, start: int, open_ms: int) -> int:
        left = abs(open_ms)
        for opens, closes in self.stretches(start, 1 if open_ms > 0 else -1):
            begin, end = (max(opens, start), closes) if open_ms > 0 else (opens, min(closes, start))
            if end - begin >= left:
                return begin + left if open_ms > 0 else end - left
            left -= max(0, end - begin)
        raise AssertionError

    def open_time(self, start: int, end: int) -> int:
        passed = 0
        for opens, closes in self.stretches(start):
            if opens >= end:
                return passed
            passed += max(0, min(closes, end) - max(opens, start))
        raise AssertionError

    def next_open(self, at: int) -> int:
        return next(opens for opens, _ in self.stretches(at) if opens > at)

    def next_close(self, at: int) -> int:
        return next(closes for _, closes in self.stretches(at) if closes > at)


def microseconds(ask: Callable[[], object]) -> float:
    timer = timeit.Timer(ask)
    calls, _ = timer.autorange()
    return min(timer.repeat(repeat=3, number=calls)) / calls * 1e6


def questions(start: int) -> list[tuple[str, Callable[[OpenHours | DayByDay], object]]]:
    return [
        ("is_open", lambda hours: hours.is_open(start)),
        ("due, 1 h", lambda hours: hours.due(start, HOUR)),
        ("due, 16 h", lambda hours: hours.due(start, 16 * HOUR)),
        ("due, 500 h", lambda hours: hours.due(start, 500 * HOUR)),
        ("due, 16 h back", lambda hours: hours.due(start, -16 * HOUR)),
        ("open_time, 1 day", lambda hours: hours.open_time(start, start + DAY)),
        ("open_time, 30 days", lambda hours: hours.open_time(start, start + 30 * DAY)),
        ("open_time, 3 years", lambda hours: hours.open_time(start, start + 1095 * DAY)),
        ("next_open", lambda hours: hours.next_open(start)),
        ("next_close", lambda hours: hours.next_close(start)),
    ]


def compare(zone: str, start: int) -> None:
    hours = office(zone)
    walk = DayByDay(hours)
    print(f"{zone:24}{'µs a call':>12}{'by walking':>14}{'ratio':>10}")
    for name, ask in questions(start):
        assert ask(hours) == ask(walk), name
        fast, slow = microseconds(partial(ask, hours)), microseconds(partial(ask, walk))
        print(f"  {name:22}{fast:12.2f}{slow:14.1f}{slow / fast:9.0f}x")
    others: list[tuple[str, Callable[[], object]]] = [
        ("first_open", lambda: hours.first_open(start)),
        ("open_days_due, 3", lambda: hours.open_days_due(start, 3)),
        ("open_stretches, 30 days", lambda: hours.open_stretches(start, start + 30 * DAY)),
        ("longest gap of a year", lambda: hours.longest_closed_gap(start, start + 365 * DAY)),
        ("build and first answer", lambda: office(zone).is_open(start)),
    ]
    for name, ask_hours in others:
        print(f"  {name:24}{microseconds(ask_hours):10.2f}")


def main() -> None:
    start = int(datetime(2026, 7, 3, 8, 30, tzinfo=UTC).timestamp()) * 1000
    for zone in ("Asia/Tokyo", "Europe/Berlin"):
        compare(zone, start)


if __name__ == "__main__":
    main()
