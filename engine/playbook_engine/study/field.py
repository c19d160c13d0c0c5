"""What the field expects and does, as published: dated and mostly second-hand, so each with its source and year."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR = 60_000, 3_600_000


@dataclass(frozen=True)
class Figure:
    """`percent` of `whom` by `within` ms. `wish` tells what customers expect from what companies did."""

    within: int
    percent: int
    said: str
    source: str
    wish: bool


_WISHES, _TIPS = "survey of customers on support in social networks, 2017", "Sprout Social, seven tips, no year given"
_RETAILERS, _MYSTERY = "20 UK retailers asked on Twitter, 2015", "STELLAService, mystery shopping on Twitter, 2011"

FIGURES = (
    Figure(5 * MINUTE, 9, "9 % wish for an answer within 5 min", _WISHES, True),
    Figure(15 * MINUTE, 20, "20 % wish for one within 15 min", _WISHES, True),
    Figure(30 * MINUTE, 32, "32 % wish for one within 30 min", _WISHES, True),
    Figure(30 * MINUTE, 25, "5 of 20 retailers answered within 30 min", _RETAILERS, False),
    Figure(HOUR, 40, "40 % expect an answer within 1 h", _TIPS, True),
    Figure(HOUR, 70, "14 of 20 retailers answered within 1 h", _RETAILERS, False),
    Figure(24 * HOUR, 79, "79 % expect an answer within 24 h", _TIPS, True),
    Figure(24 * HOUR, 40, "40 % of complaints were answered within 24 h", _MYSTERY, False),
)
