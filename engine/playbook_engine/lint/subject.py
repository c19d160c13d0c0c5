"""What rules look at: one playbook as it was written and, where it can be used, as it was compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Problem, Span
from playbook_engine.policy.holidays import HolidayLock
from playbook_engine.policy.policy import Policy, Row
from playbook_engine.text.document import Document, Path, Value

LISTS = ("ignore", "classify", "route", "targets", "respond", "limits", "prove")
"""Sections that are lists of rows with ids."""


@dataclass(frozen=True)
class Written:
    """One row as it stands in the document; `department` is whose own response it is, "" for the playbook's."""

    section: str
    id: str
    path: Path
    value: Mapping[str, Value]
    department: str = ""


@dataclass(frozen=True)
class Subject:
    """One playbook under lint. `now` is ms UTC; `actions` are those of the language and of plugins, by name.

    `compiled` is None where `problems` say why.
    """

    document: Document
    compiled: Policy | None
    problems: tuple[Problem, ...]
    lock: HolidayLock
    now: int
    actions: Mapping[str, ActionSpec]

    @property
    def policy(self) -> Policy:
        """The compiled playbook; only rules of tier S are asked where there is none."""
        assert self.compiled is not None
        return self.compiled

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every row with an id, in the order of the sections; a department's own responses before the common ones."""
        return tuple(self._written())

    def _written(self) -> Iterator[Written]:
        for section in LISTS:
            if section == "respond":
                for name, department in self.entries("departments"):
                    own = department.get("respond") if isinstance(department, dict) else None
                    yield from _rows("respond", ("departments", name, "respond"), own, name)
            yield from _rows(section, (section,), self.document.value.get(section), "")
        for name, rule in self.entries("rules"):
            if isinstance(rule, dict):
                yield Written("rules", name, ("rules", name), rule)

    def rows(self, *sections: str) -> tuple[Written, ...]:
        """The rows of these sections as they are written."""
        return tuple(row for row in self.written if row.section in sections)

    def entries(self, section: str) -> tuple[tuple[str, Value], ...]:
        """What a section names, as it is written; nothing where it is absent or no mapping."""
        value = self.document.value.get(section)
        return tuple(value.items()) if isinstance(value, dict) else ()

    def value(self, *path: str | int) -> Value:
        """What stands at a path; None where nothing does."""
        value: Value = self.document.value
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    @cached_property
    def digests(self) -> dict[Path, str]:
        """What the parts of the playbook say, by their paths: kept, as one part may have thousands of findings."""
        return {}

    def path_of(self, row: Row) -> Path:
        """Where a compiled row was written."""
        return self._by_span[row.span]

    @cached_property
    def _by_span(self) -> Mapping[Span, Path]:
        document = self.document
        places = ((each.path, each.section) for each in self.written)
        return {
            document.key_span(*path) if section == "rules" else document.span(*path): path for path, section in places
        }

    def path_at(self, span: Span) -> Path:
        """The innermost path whose value or key stands at a place, else holds it or stands before it on its line.

        () where none does.
        """
        found = self._innermost.get(span)
        if found is None:
            before = [each for each in self.on_line(span) if each.column <= span.column]
            found = self._innermost[max(before, key=lambda each: (each.column, -each.end_column))] if before else ()
        return found

    def on_line(self, span: Span) -> tuple[Span, ...]:
        """The places of all values and keys that begin on the same line of the same file."""
        return self._by_line.get((span.file, span.line), ())

    @cached_property
    def _by_line(self) -> Mapping[tuple[str, int], tuple[Span, ...]]:
        found: dict[tuple[str, int], list[Span]] = {}
        for span in self._innermost:
            found.setdefault((span.file, span.line), []).append(span)
        return {place: tuple(spans) for place, spans in found.items()}

    @cached_property
    def _innermost(self) -> Mapping[Span, Path]:
        places = (*self.document.key_spans.items(), *self.document.spans.items())
        return {span: path for path, span in sorted(places, key=lambda each: len(each[0]))}


def _rows(section: str, path: Path, value: Value, department: str) -> Iterator[Written]:
    for index, row in enumerate(value if isinstance(value, list) else ()):
        if isinstance(row, dict):
            name = row.get("id")
            yield Written(section, name if isinstance(name, str) else "", (*path, index), row, department)
