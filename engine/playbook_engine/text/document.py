"""What was written: the merged values of all files of a playbook, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from playbook_engine.model.span import Span

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
"""A scalar is its source text, decoded where it was quoted or a block; None is a place with nothing in it."""

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indexes from the top, as in ("route", 0, "when")."""


@dataclass(frozen=True)
class Document:
    """The files of one playbook as one value.

    `quoted` holds the scalars that were quoted or written as a block: they are texts even where they look
    like a number. `unread` holds places of which a part was refused when reading: what is there is true,
    but something is missing, so nothing may be concluded from an absence.
    """

    value: dict[str, Value]
    spans: Mapping[Path, Span]
    key_spans: Mapping[Path, Span]
    lines: Mapping[str, tuple[str, ...]]
    quoted: frozenset[Path]
    unread: frozenset[Path] = frozenset()

    def span(self, *path: str | int) -> Span:
        """Where the value stands, or what encloses the place where it would."""
        for length in range(len(path), -1, -1):
            if found := self.spans.get(path[:length]):
                return found
        return Span(next(iter(self.lines), ""))

    def key_span(self, *path: str | int) -> Span:
        """Where the key of the value stands; of a list entry, and of a missing key, what is nearest."""
        for length in range(len(path), 0, -1):
            if found := self.key_spans.get(path[:length]) or self._entry(path[:length]):
                return found
        return self.span()

    def _entry(self, path: Path) -> Span | None:
        return self.spans.get(path) if isinstance(path[-1], int) else None
