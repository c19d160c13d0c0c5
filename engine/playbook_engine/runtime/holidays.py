"""Writes the holiday lock of a playbook, with the `holidays` library: https://holidays.readthedocs.io.

Only this file knows the library. It is wanted when a lock is written, never when a playbook is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from importlib import import_module
from types import ModuleType

from playbook_engine.errors import UsageError
from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import flow

FIRST_YEAR, LAST_YEAR = 1970, 2100
MOST_YEARS = 50


def lock(regions: Iterable[str], years: tuple[int, int]) -> str:
    """The text of `holidays.lock.yaml`: public holidays with their names in the country's own language.

    `regions` are countries (`JP`) and regions of them (`DE-BY`); `years` are the first and the last, both
    included. The same library gives the same bytes. Raises UsageError.
    """
    first, last = years
    if not FIRST_YEAR <= first <= last <= LAST_YEAR or last - first >= MOST_YEARS:
        bounds = f"the first year comes before the last, both from {FIRST_YEAR} to {LAST_YEAR}"
        raise UsageError(f"`{first}..{last}` cannot be locked; {bounds}, and at most {MOST_YEARS} of them")
    library = _library()
    lines = [f"locked_with: holidays {library.__version__}", f"years: {first}..{last}"]
    for region in sorted(set(regions)):
        lines.append(f"{region}:")
        dates = _dates(library, region, range(first, last + 1))
        lines += [f"  {day.isoformat()}: {flow(name)}" for day, name in sorted(dates.items())]
        if not dates:
            raise UsageError(f"the `holidays` library knows no public holiday of `{region}` in {first}..{last}")
    return "\n".join(lines) + "\n"


def _library() -> ModuleType:
    try:
        return import_module("holidays")
    except ImportError:
        raise UsageError("locking holidays needs the `holidays` library; install playbook-engine[holidays]") from None


def _dates(library: ModuleType, region: str, years: range) -> Mapping[date, str]:
    country, _, part = region.partition("-")
    supported: Mapping[str, list[str]] = library.list_supported_countries(include_aliases=False)
    if country not in supported:
        raise UsageError(_unknown(f"no holidays are known of the country `{country}`", country, supported))
    if part and part not in supported[country]:
        raise UsageError(_unknown(f"`{country}` has no region called `{part}`", part, supported[country]))
    part_of = {"subdiv": part or None, "categories": ("public",)}
    own_language = getattr(library.country_holidays(country, **part_of), "default_language", None)
    calendar = library.country_holidays(country, years=years, language=own_language, **part_of)
    return {day: name for day, name in calendar.items() if day.year in years}


def _unknown(message: str, word: str, known: Iterable[str]) -> str:
    near = nearest(word, known)
    return f"{message}; did you mean `{near}`?" if near else f"{message}; known are {', '.join(sorted(known)[:12])}, …"
