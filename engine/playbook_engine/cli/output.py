"""How commands print: tables that line up in a terminal, problems with their excerpts, times as people say them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import click

from playbook_engine.model.span import Problem
from playbook_engine.text.excerpt import excerpt
from playbook_engine.text.width import width

FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)


def print_json(value: object) -> None:
    """One JSON value, keys in a steady order, other scripts as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False))


def print_problems(problems: Iterable[Problem], lines: Mapping[str, tuple[str, ...]]) -> None:
    """Each problem with its place and the line it stands in, on stderr."""
    for problem in problems:
        click.echo(excerpt(problem, lines), err=True)


def problem_as_json(problem: Problem) -> dict[str, object]:
    span = problem.span
    return {
        "code": problem.code,
        "message": problem.message,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_column": span.end_column,
        "legal": list(problem.legal),
        "nearest": problem.nearest,
    }


def table(rows: Sequence[Sequence[str]], indent: str = "  ") -> str:
    """Rows as columns, left-aligned; wide characters take two places."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return "\n".join(
        (
            indent + "  ".join(cell + " " * (space - width(cell)) for cell, space in zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def moment(at: int) -> datetime:
    """An instant in ms as an aware datetime in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)


_UNITS = {"en": (" d", " h", " min", " s", " "), "ja": ("日", "時間", "分", "秒", "")}
"""Day, hour, minute and second, and what stands between two of them."""


def say_duration(ms: int, language: str = "en") -> str:
    """A length of time as people say it: the two largest units.

    >>> say_duration(5_400_000)
    '1 h 30 min'
    """
    *units, between = _UNITS[language]
    seconds = max(0, ms) // 1000
    parts = []
    for size, unit in zip((86_400, 3_600, 60, 1), units, strict=True):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return between.join(parts[:2]) or f"0{units[-1]}"
