"""Times as platforms write them, to milliseconds UTC.

ISO 8601 in the profile of RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339#section-5.6), whose offset is
demanded: a time without one means another instant on another machine. Fractions are cut to milliseconds.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, DecimalException
from email.utils import parsedate_tz

LATEST = 32_503_679_999_999
"""The last millisecond of the year 2999; the first instant taken is 1970-01-01T00:00:00Z.

Calendars end in 9990, and what is promised has to end before they do.
"""

_DAY_MS = 86_400_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,18}))?)?"
    r"(Z|z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_X_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d{4}) (\d{4})", re.ASCII)


class BadTime(ValueError):
    """A text or number that names no instant from 1970 to 2999. The message says what is true instead."""


def iso8601(text: str) -> int:
    """`2026-03-02T10:00:00+09:00` or `…Z`, a space for the T, seconds and their fraction optional.

    A leap second counts as the first of the next minute. Raises BadTime.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        raise BadTime("no ISO 8601 time; write it as `2026-03-02T10:00:00+09:00`")
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if offset is None:
        raise BadTime(f"a time without offset; add one, as in `{text[:40]}+09:00` or `{text[:40]}Z`")
    return _instant(
        (int(year), int(month), int(day)),
        (int(hour), int(minute), int(second or 0)),
        int(((fraction or "") + "000")[:3]),
        _offset(offset),
    )


def x_time(text: str) -> int:
    """`Wed Aug 27 13:08:45 +0000 2008`, as X's older API writes it. Raises BadTime."""
    found = _X_TIME.fullmatch(text)
    if found is None or found[1] not in _MONTHS:
        raise BadTime("no time such as `Wed Aug 27 13:08:45 +0000 2008`")
    clock = (int(found[3]), int(found[4]), int(found[5]))
    day = (int(found[7]), _MONTHS.index(found[1]) + 1, int(found[2]))
    return _instant(day, clock, 0, _offset(found[6]))


def rfc2822(text: str) -> int:
    """The date of an e-mail, `Fri, 03 May 2013 18:26:27 +0000`; without a zone it is UTC. Raises BadTime."""
    found = parsedate_tz(text[:200])
    if found is None:
        raise BadTime("no date such as `Fri, 03 May 2013 18:26:27 +0000`")
    year, month, day, hour, minute, second, *_, offset = found
    return _instant((year, month, day), (hour, minute, second), 0, offset or 0)


def epoch(number: int | float | str, per_second: int) -> int:
    """A count since 1970 of which `per_second` make a second: 1 for seconds, 1000 for ms. Raises BadTime."""
    try:
        counted = Decimal(str(number)[:40].strip())
    except DecimalException:
        raise BadTime("no number of seconds or milliseconds since 1970") from None
    if not counted.is_finite() or abs(counted) > LATEST:
        raise BadTime("a count that lies outside the years 1970 to 2999")
    return _in_range(int(counted * 1000 / per_second))


def _instant(day: tuple[int, int, int], clock: tuple[int, int, int], milliseconds: int, offset: int) -> int:
    """`offset` in seconds east of UTC."""
    hour, minute, second = clock
    try:
        days = date(*day).toordinal() - _EPOCH_DAY
    except (ValueError, OverflowError):
        raise BadTime("a date that is in no calendar") from None
    if hour > 23 or minute > 59 or second > 60 or min(clock) < 0 or abs(offset) >= 86_400:
        raise BadTime("a time of day that no clock shows; hours go to 23, minutes and seconds to 59")
    seconds = (hour * 60 + minute) * 60 + second - offset
    return _in_range(days * _DAY_MS + seconds * 1000 + milliseconds)


def _in_range(instant: int) -> int:
    if not 0 <= instant <= LATEST:
        raise BadTime("an instant outside the years 1970 to 2999")
    return instant


def _offset(text: str) -> int:
    if text in ("Z", "z"):
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59:
        raise BadTime("an offset that no zone has")
    seconds = (int(digits[:2]) * 60 + int(digits[2:])) * 60
    return -seconds if text[0] == "-" else seconds
