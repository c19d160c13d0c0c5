"""Calendars with their locked holidays, and the playbook's time zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from playbook_engine.policy.calendars import Calendar, CalendarError, OpenHours, Shift, UnknownZone
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.holidays import LOCK_FILE, HolidayLock
from playbook_engine.policy.opening import parse_dates, parse_days, parse_shift
from playbook_engine.policy.zones import load_zone
from playbook_engine.text.scalars import shown

CLOSED = "closed"
_REGION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")

Shifts = tuple[Shift, ...]


def zone_of(place: Place | None) -> str:
    """An Area/Location time zone; "" where it is none."""
    if place is None or not place.text():
        return ""
    try:
        load_zone(place.text())
    except UnknownZone as fault:
        place.refuse("unknown-time-zone", str(fault))
        return ""
    return place.text()


def calendars(collector: Collector, lock: HolidayLock, zone: str) -> Mapping[str, Calendar]:
    found = {place.key: _calendar(place, lock, zone) for place in collector.entries("calendars")}
    return {name: calendar for name, calendar in found.items() if calendar is not None}


def _calendar(place: Place, lock: HolidayLock, zone: str) -> Calendar | None:
    own = place.entry("timezone")
    zone = zone_of(own) if own is not None else zone
    weekly = _weekly(place.need("open"))
    days_off = _holidays(place.entry("holidays"), lock)
    dated = _exceptions(place.entry("except"))
    if not zone or weekly is None or dated is None:
        return None
    hours = OpenHours.of(zone, weekly, days_off, dated)
    if not hours.ever_opens():
        place.refuse_key("never-opens", f"`{place.key}` never opens; give it hours on some day")
        return None
    return Calendar(hours)


def _weekly(place: Place | None) -> dict[str, Shifts] | None:
    """Hours by single days; None where any of them cannot be read."""
    if place is None or not isinstance(place.value, dict):
        if place is not None:
            place.unfit("a mapping")
        return None
    weekly: dict[str, Shifts] = {}
    named_by: dict[str, str] = {}
    sound = True
    for entry in place.entries():
        shifts = _shifts(entry)
        sound = sound and shifts is not None
        for day in _days(entry):
            if day in weekly:
                also = f"`{named_by[day]}`" if named_by[day] != entry.key else "itself"
                entry.refuse_key("duplicate-day", f"`{day}` has its hours from {also} already; keep one of them")
                sound = False
            weekly[day], named_by[day] = shifts or (), entry.key
    return weekly if sound else None


def _days(entry: Place) -> tuple[str, ...]:
    try:
        return parse_days(entry.key)
    except CalendarError as fault:
        entry.refuse_key("day", str(fault))
        return ()


def _shifts(place: Place) -> Shifts | None:
    """The shifts of one day; None where one cannot be read."""
    if place.value == CLOSED:
        return ()
    if not isinstance(place.value, str):
        found = [_shift(each) for each in place.elements()]
        return None if None in found else _apart(place, tuple(shift for shift in found if shift is not None))
    if _shift(place) is not None:
        place.refuse("shift", f"`{shown(place.text())}` stands alone; shifts are a list, write [{place.text()}]")
    return None


def _shift(place: Place) -> Shift | None:
    text = place.text()
    try:
        return parse_shift(text) if text else None
    except CalendarError as fault:
        place.refuse("shift", str(fault))
        return None


def _apart(place: Place, shifts: Shifts) -> Shifts | None:
    """The shifts of one day; None where they overlap."""
    for first, second in zip(sorted(shifts), sorted(shifts)[1:], strict=False):
        if second.opens < first.closes:
            place.refuse("overlap", f"the shifts of `{place.key}` overlap; let one end where the next begins")
            return None
    return shifts


def _holidays(place: Place | None, lock: HolidayLock) -> tuple[date, ...]:
    if place is None or not place.text():
        return ()
    region = place.text()
    if not _REGION.fullmatch(region):
        place.refuse("region", f"`{shown(region)}` is not a country; write its two letters, such as JP, or DE-BY")
        return ()
    dates = lock.dates(region)
    if dates is None:
        remedy = "run `playbook calendar lock PATH` and review what it writes"
        place.refuse("unlocked-holidays", f"{LOCK_FILE} has no dates for `{region}`; {remedy}")
        return ()
    return tuple(dates)


def _exceptions(place: Place | None) -> dict[date, Shifts] | None:
    dated: dict[date, Shifts] = {}
    sound = True
    for entry in place.entries() if place is not None else ():
        shifts = _shifts(entry)
        sound = sound and shifts is not None
        days = _dates(entry)
        twice = [day for day in days if day in dated]
        if twice:
            entry.refuse_key("duplicate-day", f"{twice[0]} has its hours from an earlier entry; keep one of them")
            sound = False
        dated.update(dict.fromkeys(days, shifts or ()))
    return dated if sound else None


def _dates(entry: Place) -> tuple[date, ...]:
    try:
        return parse_dates(entry.key)
    except CalendarError as fault:
        entry.refuse_key("date", str(fault))
        return ()
