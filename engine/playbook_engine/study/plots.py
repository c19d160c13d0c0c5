"""The report's plots as SVG: a cumulative curve, a week by hours, bars. Colours come from the page's style sheet."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from math import log

from playbook_engine.study.field import FIGURES

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
TICKS = {
    MINUTE: "1 min",
    5 * MINUTE: "5 min",
    15 * MINUTE: "15 min",
    30 * MINUTE: "30 min",
    HOUR: "1 h",
    4 * HOUR: "4 h",
    12 * HOUR: "12 h",
    DAY: "1 d",
    3 * DAY: "3 d",
    7 * DAY: "7 d",
}
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEFT, RIGHT, TOP, BOTTOM = 48, 700, 16, 300
"""Pixels: the field of the curve."""
CELL, HEAD = 27, 40
"""Pixels: a cell of the week, and what stands left of and above the cells."""


def within(times: Sequence[int], asked: int, length: int) -> float:
    """Per cent of those who asked and were answered within `length` ms, both included; `times` are sorted."""
    return 100 * bisect_right(times, length) / asked if asked else 0.0


def curve(lines: Mapping[str, Sequence[int]], asked: int) -> str:
    """Per cent answered (up) by waiting time (right, each length as far from its double as any other)."""
    parts = [_grid()]
    for name, times in lines.items():
        points = " ".join(
            f"{_across(length):.1f},{_up(within(sorted(times), asked, length)):.1f}" for length in _lengths()
        )
        parts.append(f'<polyline class="curve {escape(name)}" points="{points}"/>')
    for number, figure in enumerate(FIGURES, 1):
        x, y = _across(figure.within), _up(figure.percent)
        parts.append(
            f'<g class="{"wish" if figure.wish else "did"}"><circle cx="{x:.1f}" cy="{y}" r="9"/>'
            f'<text x="{x:.1f}" y="{y + 4}" class="number">{number}</text>'
            f"<title>{escape(figure.said)} ({escape(figure.source)})</title></g>"
        )
    return _svg(RIGHT + 20, BOTTOM + 34, "Share of incidents answered, by waiting time", parts)


def _lengths() -> list[int]:
    """As many as the curve needs to look smooth, and every tick."""
    steps = 200
    first, last = log(MINUTE), log(7 * DAY)
    return sorted({*TICKS, *(round(2.718281828459045 ** (first + (last - first) * n / steps)) for n in range(steps))})


def _across(length: int) -> float:
    return LEFT + (RIGHT - LEFT) * (log(max(length, MINUTE)) - log(MINUTE)) / (log(7 * DAY) - log(MINUTE))


def _up(percent: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * percent / 100


def _grid() -> str:
    parts = []
    for percent in range(0, 101, 20):
        y = _up(percent)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" class="end">{percent} %</text>')
    for length, said in TICKS.items():
        x = _across(length)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{BOTTOM}"/>')
        parts.append(f'<text x="{x:.1f}" y="{BOTTOM + 20}" class="middle">{said}</text>')
    return "".join(parts)


def week(counts: Counter[tuple[int, int]], title: str, kind: str) -> str:
    """Counts by weekday (0 is Monday) and hour: the more, the darker, with the number in the cell."""
    most = max(counts.values(), default=0)
    parts = [f'<text x="{HEAD + CELL * hour + CELL / 2}" y="14" class="middle">{hour:02}</text>' for hour in range(24)]
    for day, name in enumerate(WEEK):
        top = 22 + CELL * day
        parts.append(f'<text x="{HEAD - 8}" y="{top + 18}" class="end">{name}</text>')
        for hour in range(24):
            count, left = counts[day, hour], HEAD + CELL * hour
            share = 0.12 + 0.88 * count / most if count else 0
            dark = " strong" if share > 0.55 else ""
            parts.append(
                f'<rect class="cell" x="{left}" y="{top}" width="{CELL - 2}" height="{CELL - 2}"/>'
                f'<rect class="{kind}" fill-opacity="{share:.2f}" x="{left}" y="{top}" width="{CELL - 2}"'
                f' height="{CELL - 2}"><title>{name} {hour:02}: {count:,}</title></rect>'
            )
            if count:
                parts.append(f'<text x="{left + 12.5}" y="{top + 16}" class="count{dark}">{short(count)}</text>')
    return _svg(HEAD + CELL * 24, 22 + CELL * 7, title, parts)


def short(count: int) -> str:
    """A count in four letters: `999`, `1.2k`, `12k`."""
    if count < 1_000:
        return str(count)
    return f"{count / 1_000:.1f}k" if count < 9_950 else f"{count / 1_000:.0f}k"


def bars(rows: Sequence[tuple[str, int]], title: str) -> str:
    """A bar for each row, its count beside it."""
    most = max((count for _, count in rows), default=1)
    parts = []
    for number, (name, count) in enumerate(rows):
        top, wide = 26 * number, max(1.0, 380 * count / most)
        parts.append(f'<text x="212" y="{top + 17}" class="end">{escape(name)}</text>')
        parts.append(f'<rect class="bar" x="220" y="{top + 4}" width="{wide:.1f}" height="18"/>')
        parts.append(f'<text x="{228 + wide:.1f}" y="{top + 17}">{count:,}</text>')
    return _svg(680, 26 * len(rows), title, parts)


def _svg(wide: float, high: float, title: str, parts: Sequence[str]) -> str:
    label = escape(title)
    return f'<svg viewBox="0 0 {wide:.0f} {high:.0f}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
