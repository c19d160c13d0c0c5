"""What kind of moment an instant is by a calendar: open, closed, a holiday, an exception, a day the clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from playbook_engine.policy.hours import OpenHours
from playbook_engine.prove.cells import local_time

OPEN, CLOSED, HOLIDAY, EXCEPTION = "open", "closed", "a holiday", "an exception"
CHANGE = "the clocks change"
_SAMPLE = datetime(2026, 1, 15, tzinfo=UTC)
_MONTH = timedelta(days=30)
_HALF_DAY = 43_200_000


def states(hours: OpenHours) -> tuple[str, ...]:
    """The kinds of moments that a calendar has. Zones whose clocks do not change any more have no such day."""
    samples = (local_time(hours.zone, int((_SAMPLE + n * _MONTH).timestamp() * 1000)).utcoffset() for n in range(12))
    found = [OPEN, CLOSED]
    found += [HOLIDAY] if hours.holidays else []
    found += [EXCEPTION] if hours.exceptions else []
    return (*found, CHANGE) if len(set(samples)) > 1 else tuple(found)


def kinds_of(hours: OpenHours, at: int) -> Iterator[str]:
    """What the instant (ms UTC) is: open, closed, or on a date that replaces the week; and whether clocks change."""
    local = local_time(hours.zone, at)
    if local.date() in dict(hours.exceptions):
        yield EXCEPTION
    elif local.date() in hours.holidays:
        yield HOLIDAY
    else:
        yield OPEN if hours.is_open(at) else CLOSED
    noon = int(local.replace(hour=12, minute=0, second=0, microsecond=0).timestamp() * 1000)
    around = (local_time(hours.zone, noon + side * _HALF_DAY).utcoffset() for side in (-1, 1))
    if len(set(around)) > 1:
        yield CHANGE
