"""Days off of countries whose week does not end on Saturday and Sunday."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

SOURCE = "https://github.com/unicode-org/cldr/blob/main/common/supplemental/supplementalData.xml (weekData)"
AS_OF = "2026-11-20"

_FRIDAY_AND_SATURDAY = "BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE"

DAYS_OFF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(_FRIDAY_AND_SATURDAY.split(), ("fri", "sat")),
        "AF": ("thu", "fri"),
        "IR": ("fri",),
    }
)
"""Countries (ISO 3166) to their days off."""


@cache
def country_of(zone: str) -> str:
    """The country a time zone stands for, "" for none such as UTC."""
    return _countries().get(zone, "")


@cache
def _countries() -> Mapping[str, str]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
