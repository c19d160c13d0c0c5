"""Playbooks with any calendars, for tests that watch a clock instead of reasoning about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from playbook_engine.policy.calendars import Calendar, OpenHours, Shift
from playbook_engine.policy.policy import Deadline, Department, Policy, WhenClosed
from story import HOUR, MINUTE, compiled

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")

PLACES = (
    ("Asia/Tokyo", date(2026, 7, 6)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("America/St_Johns", date(2009, 11, 1)),
    ("Pacific/Apia", date(2011, 12, 30)),
)
"""Zones, and days on which their clocks change or nothing happens. In St. John's a minute of Sunday came twice."""

BARE = compiled()


def day_at(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    opens = draw(st.integers(0, 95)) * 15
    return Shift(opens * 60, (opens + draw(st.integers(1, 96)) * 15) * 60)


@st.composite
def hours(draw: st.DrawFn, zone: str, day: date) -> OpenHours:
    near = st.integers(-3, 9).map(lambda step: day + timedelta(step))
    several = st.lists(shifts(), max_size=2)
    weekly = draw(st.dictionaries(st.sampled_from(DAYS), several, max_size=6))
    return OpenHours.of(
        zone,
        weekly | {"wed": [*weekly.get("wed", []), Shift(36_000, 43_200)]},
        draw(st.lists(near, max_size=2)),
        draw(st.dictionaries(near, several, max_size=2)),
        draw(st.dictionaries(near, st.lists(shifts(), max_size=1), max_size=1)),
    )


def plain_deadlines() -> st.SearchStrategy[Deadline]:
    minutes = st.integers(1, 8 * 60).map(lambda fifth: fifth * 5)
    return st.one_of(
        minutes.map(lambda length: Deadline("elapsed", length * MINUTE)),
        minutes.map(lambda length: Deadline("open_time", length * MINUTE)),
        st.integers(1, 3).map(lambda days: Deadline("open_days", days)),
    )


def deadlines() -> st.SearchStrategy[Deadline]:
    sides = st.tuples(plain_deadlines(), plain_deadlines())
    return plain_deadlines() | sides.map(lambda pair: Deadline("by_hours", when_open=pair[0], when_closed=pair[1]))


def with_calendars(found: Mapping[str, OpenHours], more: Mapping[str, Department] | None = None) -> Policy:
    """The bare playbook with a department for every calendar, each handing over to the next."""
    names = list(found)
    chain = {
        name: Department(name, {"": name}, {}, name, when_closed=WhenClosed(department=after) if after else None)
        for name, after in zip(names, [*names[1:], ""], strict=True)
    }
    calendars = {**BARE.calendars, **{name: Calendar(hours) for name, hours in found.items()}}
    return replace(BARE, calendars=calendars, departments={**BARE.departments, **chain, **(more or {})})


@st.composite
def policies(draw: st.DrawFn, most: int = 3) -> tuple[Policy, str, int]:
    """A playbook, its first department, and an instant near what is special about its calendars."""
    zone, day = draw(st.sampled_from(PLACES))
    names = [f"d{n}" for n in range(draw(st.integers(1, most)))]
    found = {name: draw(hours(zone if draw(st.booleans()) else "Asia/Tokyo", day)) for name in names}
    return with_calendars(found), names[0], day_at(day) - 36 * HOUR
