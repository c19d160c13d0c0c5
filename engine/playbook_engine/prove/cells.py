"""A span of time cut where a calendar opens or closes: within a cell nothing that conditions can ask of one changes.

Instants are ms UTC; spans and cells are half-open. A year and a bit (400 days) holds every holiday, both clock
changes and every way a week can meet a holiday that the playbook's dates have.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.zones import load_zone

DAY = 86_400_000
SPAN = 400 * DAY
"""As long as anything that recurs every year takes to come round, and a bit."""

Vector = frozenset[str]
"""The calendars that are open; the others that were asked about are shut."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSETS_ASKED = 3 * 3_600_000


@dataclass(frozen=True, slots=True)
class Cell:
    """From `since` until `until` the calendars named in `open` are open and the others shut."""

    since: int
    until: int
    open: Vector


def cells(calendars: Mapping[str, Calendar], since: int, until: int) -> tuple[Cell, ...]:
    """The span in cells, in order and without gaps; none where `until` is not after `since`.

    Raises OutOfYears for a span that calendars do not reach.
    """
    if until <= since:
        return ()
    stretches = {name: calendar.hours.open_stretches(since, until) for name, calendar in calendars.items()}
    turns: dict[int, list[str]] = {since: []}
    for name, pairs in stretches.items():
        for edge in (edge for pair in pairs for edge in pair):
            turns.setdefault(edge, []).append(name)
    turns.pop(until, None)
    starts, now_open, found = sorted(turns), frozenset[str](), []
    for start, end in zip(starts, (*starts[1:], until), strict=True):
        now_open ^= frozenset(turns[start])
        found.append(Cell(start, end, now_open))
    return tuple(found)


def policy_cells(policy: Policy, since: int, until: int, names: Iterable[str] | None = None) -> tuple[Cell, ...]:
    """The cells of the named calendars of a playbook, by default of all."""
    wanted = policy.calendars if names is None else {name: policy.calendars[name] for name in names}
    return cells(wanted, since, until)


def vectors(found: Iterable[Cell]) -> dict[Vector, int]:
    """Every combination that occurs, in the order of its first cell, with the first instant at which it does."""
    examples: dict[Vector, int] = {}
    for cell in found:
        examples.setdefault(cell.open, cell.since)
    return examples


def cell_at(found: tuple[Cell, ...], at: int) -> Cell:
    """The cell that holds an instant of the span."""
    return found[bisect_right(found, at, key=lambda cell: cell.since) - 1]


@cache
def day_begins(zone: str, since: int, until: int) -> tuple[int, ...]:
    """Every instant after `since` and before `until` at which the local date may change, sorted.

    These are the midnights, and the instants at which clocks change: a change can leave a midnight out, or bring
    back the day before.
    """
    changes = _clock_changes(zone, since, until)
    found = {change for change, _ in changes[1:]}
    for (start, offset), (end, _) in zip(changes, (*changes[1:], (until, 0)), strict=True):
        first = -(-(start + offset) // DAY) * DAY - offset
        found.update(range(first, end, DAY))
    return tuple(sorted(at for at in found if since < at < until))


def _clock_changes(zone: str, since: int, until: int) -> list[tuple[int, int]]:
    """(since when, ms ahead of UTC), beginning with `since` itself."""
    changes = [(since, _offset(zone, since))]
    for asked in (*range(since + _OFFSETS_ASKED, until, _OFFSETS_ASKED), until):
        before, after = changes[-1][1], _offset(zone, asked)
        if before == after:
            continue
        low, high = max(changes[-1][0], asked - _OFFSETS_ASKED), asked
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
        changes.append((high, after))
    return changes


def _offset(zone: str, at: int) -> int:
    offset = local_time(zone, at).utcoffset() or timedelta()
    return offset // timedelta(milliseconds=1)


def say_local(zone: str, at: int) -> str:
    """An instant as people of the zone write it, cut to the minute: `Fri 2026-07-03 18:00`."""
    return f"{local_time(zone, at):%a %Y-%m-%d %H:%M}"


def local_time(zone: str, at: int) -> datetime:
    """The wall-clock time of an instant (ms UTC) in a zone."""
    place = load_zone(zone)
    return place.fromutc((_EPOCH + timedelta(milliseconds=at)).replace(tzinfo=place))
