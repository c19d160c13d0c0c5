"""When somebody is open who answers for a department: itself, whom it hands over to, and whoever is on duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from playbook_engine.policy.hours import OpenHours
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.timeline import Stretch, merge
from playbook_engine.policy.zones import DAY_SECONDS, EPOCH_DAY, instants, load_zone

DAYS = 400
"""Days looked ahead: over a year of holidays, exceptions and clock changes."""

_BREAK = 2 * 3_600_000
"""How long a break within stated hours may be without contradicting them: a profile need not tell of lunch."""


def calendars_of(policy: Policy, home: str) -> frozenset[str]:
    """The calendars of everybody who answers for a department; "" among them where somebody always does."""
    found, name = set(), home
    while name:
        department = policy.departments[name]
        found.add(department.calendar)
        found.update(calendar for calendar, _ in department.on_duty if calendar)
        name = department.when_closed.department if department.when_closed is not None else ""
    return frozenset(found)


class Staffed:
    """The open time of a department and of those who answer for it, from an instant (ms UTC) on.

    A usual week is the next one by the weekly hours alone, without holidays and exceptions.
    """

    def __init__(self, policy: Policy, home: str, now: int) -> None:
        names = calendars_of(policy, home)
        self.calendar = policy.departments[home].calendar
        self.own = policy.calendars[self.calendar].hours if self.calendar else None
        self.always = "" in names
        self.zone = self.own.zone if self.own is not None else policy.timezone
        self._hours = [policy.calendars[name].hours for name in sorted(names) if name]
        self._today = _local_time(self.zone, now).date()
        self._monday = self._today + timedelta(days=7 - self._today.weekday())
        begin, end = self._instants(self._monday, 0, 9 * DAY_SECONDS) or (now, now)
        self._week = self._stretches([_usual(each) for each in self._hours], begin, end)

    def covers(self, day: int, opens: int, closes: int) -> bool:
        """Whether somebody is open on a day of a usual week (0: Monday) from one second of it to another.

        Breaks of up to two hours in between do not count.
        """
        wanted = self._instants(self._monday + timedelta(days=day), opens, closes)
        if wanted is None:
            return True
        inside = [(max(start, wanted[0]), min(end, wanted[1])) for start, end in self._week]
        pieces = [piece for piece in inside if piece[0] < piece[1]]
        if not pieces or pieces[0][0] > wanted[0] or pieces[-1][1] < wanted[1]:
            return False
        return all(after[0] - before[1] <= _BREAK for before, after in pairwise(pieces))

    def touches(self, day: int, opens: int, closes: int) -> bool:
        """Whether somebody is open at some time between two seconds of a day of a usual week (0: Monday)."""
        wanted = self._instants(self._monday + timedelta(days=day), opens, closes)
        return wanted is None or any(start < wanted[1] and end > wanted[0] for start, end in self._week)

    def gap(self) -> Stretch | None:
        """The first stretch of a usual week in which nobody is open."""
        begin, end = self._instants(self._monday, 0, 7 * DAY_SECONDS) or (0, 0)
        shut_from = begin
        for opens, closes in self._week:
            if opens > shut_from and shut_from < end:
                return shut_from, min(opens, end)
            shut_from = max(shut_from, closes)
        return (shut_from, end) if shut_from < end else None

    def first_day_off(self) -> date | None:
        """The first local date within 400 days on which nobody is open at all."""
        begin, end = self._instants(self._today, 0, (DAYS + 1) * DAY_SECONDS) or (0, 0)
        stretches = self._stretches(self._hours, begin, end)
        at = 0
        for step in range(DAYS):
            day = self._today + timedelta(days=step)
            wanted = self._instants(day, 0, DAY_SECONDS)
            if wanted is None:
                continue
            while at < len(stretches) and stretches[at][1] <= wanted[0]:
                at += 1
            if at == len(stretches) or stretches[at][0] >= wanted[1]:
                return day
        return None

    def said(self, stretch: Stretch) -> str:
        """A stretch of a week by the local clock: `Sun 09:00 - Sun 18:00`."""
        begin, end = (_local_time(self.zone, at) for at in stretch)
        return f"{begin:%a %H:%M} - {end:%a %H:%M}"

    def _stretches(self, hours: list[OpenHours], begin: int, end: int) -> list[Stretch]:
        if self.always:
            return [(begin, end)]
        return merge(piece for each in hours for piece in each.open_stretches(begin, end))

    def _instants(self, day: date, opens: int, closes: int) -> Stretch | None:
        midnight = (day.toordinal() - EPOCH_DAY) * DAY_SECONDS
        return instants(load_zone(self.zone), midnight + opens, midnight + closes)


def _usual(hours: OpenHours) -> OpenHours:
    return replace(hours, holiday=(), holidays=(), exceptions=(), breaks=())


def _local_time(zone: str, at: int) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(load_zone(zone))
