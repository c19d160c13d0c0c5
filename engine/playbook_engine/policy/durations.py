"""Durations and shares as they are written in a playbook: `90s`, `15m`, `1h30m`, `3d`, `2w`; `75%`."""

from __future__ import annotations

import re
import unicodedata

from playbook_engine.policy.money import Money as Money
from playbook_engine.policy.money import MoneyError as MoneyError
from playbook_engine.policy.money import parse_money as parse_money
from playbook_engine.policy.money import say_money as say_money
from playbook_engine.text.scalars import shown

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
UNITS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
"""Milliseconds, the longest first. A day is 24 hours, whatever the clocks do."""

LONGEST = 3_660 * DAY
"""Ten years: a promise beyond is a slip of the keyboard."""

_DURATION = re.compile("".join(rf"(?:([0-9]{{1,12}}){unit})?" for unit in UNITS))
_LOOSE_PART = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?\s*([a-z]+|秒|分|時間|時|日間|日|週間|週)\s*")
_LOOSE_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒"), SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "時間", "時"), HOUR),
    **dict.fromkeys(("d", "day", "days", "日間", "日"), DAY),
    **dict.fromkeys(("w", "week", "weeks", "週間", "週"), WEEK),
}


class DurationError(ValueError):
    """A duration or a share that cannot be understood. The message names the text and what to write instead."""


def parse_duration(text: str) -> int:
    """Milliseconds of a duration; each unit at most once, the longest first. Raises DurationError.

    >>> parse_duration("1h30m")
    5400000
    """
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        raise DurationError(f"`{shown(text)}` is not a duration; {_remedy(text)}")
    length = sum(int(count or 0) * unit for count, unit in zip(found.groups(), UNITS.values(), strict=True))
    if length > LONGEST:
        raise DurationError(f"`{shown(text)}` is longer than ten years; write a shorter duration")
    return length


def say_duration(length: int) -> str:
    """A number of milliseconds as a duration is written, in days and below.

    >>> say_duration(5_400_000)
    '1h30m'
    """
    left, said = abs(length), ""
    for name, unit in UNITS.items():
        count, left = divmod(left, unit) if name != "w" else (0, left)
        said += f"{count}{name}" if count else ""
    said += f"{left}ms" if left else ""
    return f"-{said}" if length < 0 else said or "0s"


def parse_percent(text: str) -> int:
    """A share in whole per cent, from 0% to 100%. Raises DurationError.

    >>> parse_percent("75%")
    75
    """
    if re.fullmatch(r"[0-9]{1,3}%", text) is None:
        plain = re.fullmatch(
            r"([0-9]{1,3})(?:\.0+)?\s*(?:%|percent)?", unicodedata.normalize("NFKC", text[:40]).strip()
        )
        advice = f"write it as {int(plain[1])}%" if plain else "write a whole number and the sign, as in 75%"
        raise DurationError(f"`{shown(text)}` is not a share; {advice}")
    if int(text[:-1]) > 100:
        raise DurationError(f"`{text}` is more than the whole; write at most 100%, or `overdue:` for what comes after")
    return int(text[:-1])


def _remedy(text: str) -> str:
    """What a careless spelling means, written well."""
    plain = unicodedata.normalize("NFKC", text[:60]).strip().casefold()
    if re.fullmatch(r"[0-9]+", plain):
        return f"a duration carries its unit: write {plain}s, {plain}m, {plain}h or {plain}d"
    plain = re.sub(r"^p(?=[0-9t])|(?<=[0-9dhmsp])t(?=[0-9])|^t(?=[0-9])| and |,", "", plain)
    total, end = 0, 0
    for part in _LOOSE_PART.finditer(plain):
        unit = _LOOSE_UNITS.get(part[3])
        if part.start() != end or unit is None:
            break
        total += int(part[1]) * unit + int((part[2] or "0").ljust(3, "0")) * unit // 1000
        end = part.end()
    if end and end == len(plain) and total % SECOND == 0 and 0 < total <= LONGEST:
        return f"write it as {say_duration(total)}"
    return "write it as 30s, 15m, 2h, 1h30m, 3d or 2w"
