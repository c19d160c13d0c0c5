"""Time zones of the pinned `tzdata` package, and where a wall-clock time of such a zone stands in UTC.

The machine's own zone files are never read: two machines that run one release must give one answer, and
the version of `tzdata` is part of the engine's mark. See https://www.iana.org/time-zones.

A wall-clock time that occurs twice, when clocks go back, means its first occurrence. One that does not
occur, when clocks go forward, is read by the clock as it went before the change, so 02:30 means 03:30
where 02:00 becomes 03:00. Both are what PEP 495 calls fold=0.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

EPOCH_DAY = date(1970, 1, 1).toordinal()
DAY_SECONDS = 86_400

_EPOCH = datetime.fromordinal(EPOCH_DAY)

# Abbreviations say neither a place nor the rules of its summer time; the place most often meant is offered.
_MEANT = {
    "BST": "Europe/London",
    "CET": "Europe/Paris",
    "CST": "America/Chicago",
    "EET": "Europe/Athens",
    "EST": "America/New_York",
    "GB": "Europe/London",
    "GMT": "UTC",
    "IST": "Asia/Kolkata",
    "JAPAN": "Asia/Tokyo",
    "JST": "Asia/Tokyo",
    "MSK": "Europe/Moscow",
    "MST": "America/Denver",
    "PST": "America/Los_Angeles",
    "WET": "Europe/Lisbon",
    "Z": "UTC",
    "ZULU": "UTC",
}


class UnknownZone(ValueError):
    """A name that is not an Area/Location name of the time zone database, nor `UTC`."""


@cache
def load_zone(name: str) -> ZoneInfo:
    """The zone called `name`, as Area/Location (`Asia/Tokyo`) or `UTC`.

    Raises UnknownZone for any other name, with the nearest known ones. Abbreviations (`EST`) and fixed
    offsets (`Etc/GMT+9`, which is nine hours *behind* UTC) are refused although the database has them.
    """
    if name not in zone_names():
        raise UnknownZone(_unknown(name))
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def zone_names() -> frozenset[str]:
    """Every name that `load_zone` accepts."""
    listed = files("tzdata").joinpath("zones").read_text("utf-8").split()
    places = (name for name in listed if "/" in name and not name.startswith("Etc/"))
    return frozenset((*places, "UTC", "Etc/UTC"))


def _unknown(name: str) -> str:
    known = {each.casefold(): each for each in sorted(zone_names())}
    places = {each.rpartition("/")[2].casefold(): each for each in sorted(zone_names())}
    wanted = name.strip().replace(" ", "_").casefold()
    near = [_MEANT[wanted.upper()]] if wanted.upper() in _MEANT else []
    near += [known[each] for each in get_close_matches(wanted, known, n=2, cutoff=0.75)]
    near += [places[each] for each in get_close_matches(wanted.rpartition("/")[2], places, n=2, cutoff=0.75)]
    offered = " or ".join(f"`{each}`" for each in list(dict.fromkeys(near))[:3])
    hint = f"did you mean {offered}?" if offered else "look it up at https://www.iana.org/time-zones"
    return f"`{name}` is not a time zone; write an Area/Location name such as `Asia/Tokyo`, or `UTC`; {hint}"


def local_day(zone: ZoneInfo, at: int) -> int:
    """The ordinal (`date.toordinal`) of the local date at the instant `at`, in ms UTC."""
    return zone.fromutc((_EPOCH + timedelta(milliseconds=at)).replace(tzinfo=zone)).toordinal()


def instants(zone: ZoneInfo, opens: int, closes: int) -> tuple[int, int] | None:
    """Where two wall-clock times, in seconds since 1970-01-01 00:00 by that clock, stand in ms UTC.

    None when no time passes between them, or when both fall into the hours that a clock change leaves out.
    """
    start, end = _EPOCH + timedelta(seconds=opens), _EPOCH + timedelta(seconds=closes)
    offset, end_offset = _offset(zone, start), _offset(zone, end)
    first, last = opens - offset, closes - end_offset
    if last <= first or (offset == end_offset and _left_out(zone, start) and _left_out(zone, end)):
        return None
    return first * 1000, last * 1000


def _offset(zone: ZoneInfo, wall: datetime) -> int:
    offset = zone.utcoffset(wall) or timedelta()
    return offset.days * DAY_SECONDS + offset.seconds


def _left_out(zone: ZoneInfo, wall: datetime) -> bool:
    """Whether clocks jump over this time: its second reading then has the greater offset (PEP 495)."""
    return _offset(zone, wall.replace(fold=1)) > _offset(zone, wall)
