"""The holiday dates a playbook was reviewed with, read from its lock file.

Dates of holidays change by law and with every release of a library. What a calendar counts with is therefore
written beside the playbook by `playbook calendar lock`, reviewed as the rest of it, and part of its digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from playbook_engine.model.span import Problem
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.lock_file import LOCK_FILE as LOCK_FILE
from playbook_engine.policy.opening import CalendarError, parse_dates
from playbook_engine.text.document import Document
from playbook_engine.text.scalars import shown

_STATEMENTS = ("locked_with", "years")


@dataclass(frozen=True)
class HolidayLock:
    """Names of holidays by date, by country (`JP`) or region (`DE-BY`)."""

    regions: Mapping[str, Mapping[date, str]] = field(default_factory=lambda: MappingProxyType({}))
    locked_with: str = ""
    years: str = ""

    def dates(self, region: str) -> Mapping[date, str] | None:
        """The holidays of a country or region; None where the lock has none for it."""
        return self.regions.get(region)

    def written(self, regions: frozenset[str]) -> dict[str, dict[str, str]]:
        """What the lock says of these regions, as JSON."""
        return {
            region: {day.isoformat(): name for day, name in dates.items()}
            for region, dates in self.regions.items()
            if region in regions
        }


def read_lock(document: Document) -> tuple[HolidayLock, tuple[Problem, ...]]:
    """The lock in a document, and what is wrong with it."""
    collector = Collector(document)
    said = {key: collector.section(key).text() if key in document.value else "" for key in _STATEMENTS}
    regions = {place.key: _dated(place) for place in collector.top().entries() if place.key not in _STATEMENTS}
    lock = HolidayLock(MappingProxyType(regions), said["locked_with"], said["years"])
    return lock, collector.problems


def _dated(place: Place) -> Mapping[date, str]:
    dates: dict[date, str] = {}
    for entry in place.entries():
        try:
            (day,) = parse_dates(entry.key)
        except CalendarError as fault:
            entry.refuse_key("date", str(fault))
        except ValueError:
            entry.refuse_key("date", f"`{shown(entry.key)}` is a range; a holiday has one date")
        else:
            dates[day] = entry.text()
    return MappingProxyType(dict(sorted(dates.items())))
