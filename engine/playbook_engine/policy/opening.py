"""How opening hours are written: times of day, shifts, days of the week and dates.

Each `parse_...` reads one scalar and raises CalendarError with a sentence that says what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from playbook_engine.policy.zones import DAY_SECONDS

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = "holiday"
LONGEST_RANGE = 3_660
"""Days that one range of dates may span: ten years."""

FIRST_YEAR, LAST_YEAR = 1970, 9990

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?|24:00(?::00)?")
_LOOSE_TIME = re.compile(r"([0-9]{1,2})(?:[:.,h時]?([0-5]?[0-9]))?分?\s*(am|pm|h|uhr|時)?")
_DASHES = re.compile(r"\s*(?:\.\.|[-‐‑‒–—−~〜～]|から)\s*")
_LOOSE_DATE = re.compile(r"([0-9]{4})\D([0-9]{1,2})\D([0-9]{1,2})日?")
_WRITTEN_DAYS = {
    **dict(zip("月火水木金土日", WEEK, strict=True)),
    "祝": HOLIDAY,
    "毎日": "daily",
    "everyday": "daily",
    "weekdays": "mon-fri",
    "weekday": "mon-fri",
    "平日": "mon-fri",
    "weekend": "sat-sun",
    "土日": "sat-sun",
    "ph": HOLIDAY,
}


class CalendarError(ValueError):
    """Opening hours that cannot be understood. The message names the text and what to write instead."""


@dataclass(frozen=True, order=True, slots=True)
class Shift:
    """One stretch of open time, in seconds of wall-clock time from the midnight that begins its day.

    `closes` is excluded: 09:00-18:00 is Shift(32400, 64800), and 18:00 is shut. A shift over midnight
    belongs to the day it starts on and closes past 86400: 18:00-09:00 is Shift(64800, 118800).
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY_SECONDS or not self.opens < self.closes <= 2 * DAY_SECONDS:
            raise CalendarError(f"a shift from second {self.opens} to {self.closes} of a day is not possible")


def parse_time_of_day(text: str) -> int:
    """Seconds from midnight of `HH:MM` or `HH:MM:SS`; `24:00` is the midnight that ends the day.

    >>> parse_time_of_day("18:30")
    66600
    """
    found = _TIME.fullmatch(text)
    if found is None:
        raise CalendarError(f"`{text}` is not a time of day; {_time_remedy(text)}")
    if found[1] is None:
        return DAY_SECONDS
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)


def parse_shift(text: str) -> Shift:
    """A shift of `HH:MM-HH:MM`. One that does not end after it starts ends on the following day.

    >>> parse_shift("18:00-09:00")
    Shift(opens=64800, closes=118800)
    """
    ends = text.split("-")
    meant = _loose_shift(text)
    if meant and meant != text:
        raise CalendarError(f"`{text}` is not a shift; write it as {meant}")
    if len(ends) != 2 or not all(ends):
        raise CalendarError(f"`{text}` is not a shift; write it as 09:00-18:00")
    return shift_between(*ends)


def parse_shifts(written: str | Iterable[str]) -> tuple[Shift, ...]:
    """The shifts of one day: a list of them, one alone, or `closed` for none."""
    if written == "closed":
        return ()
    return tuple(parse_shift(each) for each in ([written] if isinstance(written, str) else written))


def shift_between(opens: str, closes: str) -> Shift:
    """The shift between two times of day. Equal times are a whole day; an end of `00:00` is `24:00`."""
    start, end = parse_time_of_day(opens), parse_time_of_day(closes)
    if start == DAY_SECONDS:
        raise CalendarError(f"`{opens}` ends a day and starts none; write 00:00 on the day after")
    return Shift(start, end if end > start else end + DAY_SECONDS)


def parse_days(text: str) -> tuple[str, ...]:
    """The days that a key of weekly hours names, as `mon` … `sun` and `holiday`.

    A range runs forward and may pass Sunday: `sun-thu` is five days. `daily` is the seven days of the week.

    >>> parse_days("fri-mon")
    ('fri', 'sat', 'sun', 'mon')
    """
    if text == "daily":
        return WEEK
    if text == HOLIDAY:
        return (HOLIDAY,)
    first, dash, last = text.partition("-")
    if first not in WEEK or (dash and last not in WEEK):
        raise CalendarError(
            f"`{text}` is not a day; {_day_remedy(text)}"
            f"the days are {' '.join(WEEK)}, ranges such as mon-fri, daily and holiday"
        )
    start = WEEK.index(first)
    length = (WEEK.index(last) - start) % 7 + 1 if dash else 1
    return tuple(WEEK[(start + step) % 7] for step in range(length))


def parse_dates(text: str) -> tuple[date, ...]:
    """The dates of `2026-12-29`, or of `2026-12-29..2027-01-03` with both ends.

    >>> parse_dates("2026-12-31..2027-01-01")
    (datetime.date(2026, 12, 31), datetime.date(2027, 1, 1))
    """
    first, dots, last = text.partition("..")
    start = _date(first)
    end = _date(last) if dots else start
    days = (end - start).days + 1
    if days < 1:
        raise CalendarError(f"`{text}` ends before it starts; write {last}..{first}")
    if days > LONGEST_RANGE:
        raise CalendarError(f"`{text}` spans {days} days; a range of dates spans at most {LONGEST_RANGE}")
    return tuple(start + timedelta(step) for step in range(days))


def spread(keyed: Mapping[str, Iterable[Shift]]) -> dict[str, tuple[Shift, ...]]:
    """Weekly hours with each day under its own name; a day that two keys name is refused."""
    days: dict[str, tuple[Shift, ...]] = {}
    named_by: dict[str, str] = {}
    for key, shifts in keyed.items():
        written = tuple(shifts)
        for day in parse_days(key):
            if day in days:
                raise CalendarError(f"`{day}` has its hours from both `{named_by[day]}` and `{key}`; keep one of them")
            days[day], named_by[day] = written, key
    return days


def _date(text: str) -> date:
    remedy = "write it as 2026-12-29"
    loose = _LOOSE_DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if loose:
        remedy = f"write it as {loose[1]}-{loose[2]:0>2}-{loose[3]:0>2}"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise CalendarError(f"`{text}` is not a date; {remedy}")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"`{text}` is not in the calendar; check the month and the day") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CalendarError(f"`{text}` is out of reach; dates run from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _loose_time(text: str) -> str:
    """The time of day that a careless spelling means, or an empty text."""
    found = _LOOSE_TIME.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    if found is None:
        return ""
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] in ("am", "pm"):
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 or (hour, minute) == (24, 0) else ""


def _time_remedy(text: str) -> str:
    if spelled := _loose_time(text):
        return f"write it as {spelled}"
    late = re.fullmatch(r"(2[4-9]):([0-5][0-9])", text)
    if late:
        morning = f"{int(late[1]) - 24:02}:{late[2]}"
        return f"write it as {morning}; a shift that ends before it starts passes midnight"
    return "write it as 09:00, or 24:00 for the end of the day"


def _loose_shift(text: str) -> str:
    """The shift that a careless spelling means, or an empty text."""
    ends = [_loose_time(end) for end in _DASHES.split(unicodedata.normalize("NFKC", text).strip())]
    return "-".join(ends) if len(ends) == 2 and all(ends) else ""


def _day_remedy(text: str) -> str:
    ends = [_meant_day(end) for end in _DASHES.split(unicodedata.normalize("NFKC", text).strip().casefold())]
    if (len(ends) == 1 and ends[0]) or (len(ends) == 2 and set(ends) <= set(WEEK)):
        return f"did you mean `{'-'.join(ends)}`? "
    return ""


def _meant_day(text: str) -> str:
    """The day that a careless or Japanese spelling means, or an empty text."""
    written = _WRITTEN_DAYS.get(text) or _WRITTEN_DAYS.get(text.removesuffix("日").removesuffix("曜"))
    if written or text[:3] in WEEK:
        return written or text[:3]
    near = get_close_matches(text, (*WEEK, "daily", HOLIDAY), n=1, cutoff=0.7)
    return near[0] if near else ""
