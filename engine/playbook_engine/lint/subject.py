"""What rules look at: one playbook as it was written and, where it can be used, as it was compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from playbook_engine.lint import uses
from playbook_engine.lint.history import NO_HISTORY, History
from playbook_engine.lint.nodes import (
    LISTS,
    Starts,
    digest,
    node_at,
    node_lines,
    node_names,
    node_path,
    node_starts,
    value_at,
)
from playbook_engine.lint.suppressions import Suppression, suppressions
from playbook_engine.lint.uses import Acted, Place, Use
from playbook_engine.lint.wordings import Wording, wordings
from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Problem, Span
from playbook_engine.policy.holidays import HolidayLock
from playbook_engine.policy.platforms import SEND_RATES, SendRate
from playbook_engine.policy.policy import Policy, Row
from playbook_engine.policy.template_checks import render_longest
from playbook_engine.policy.templates import Rendered, RenderError
from playbook_engine.prove.case import Case
from playbook_engine.prove.cells import DAY, SPAN, Cell, policy_cells, vectors
from playbook_engine.text.document import Document, Path, Value

CONFLICTS = 100
"""What one question to the prover may cost here: what takes more is left to `playbook prove`."""

ANSWER_ROOM = 60
"""Characters in which a look-up can say something, as X counts them: 30 Japanese ones."""


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

    `compiled` is None where `problems` say why. `codes` are the codes and names of all rules there are, `rates` say
    how much platforms take, `history` what came in before.
    """

    document: Document
    compiled: Policy | None
    problems: tuple[Problem, ...]
    lock: HolidayLock
    now: int
    actions: Mapping[str, ActionSpec]
    codes: frozenset[str] = frozenset()
    rates: tuple[SendRate, ...] = SEND_RATES
    history: History = NO_HISTORY

    @property
    def policy(self) -> Policy:
        """The compiled playbook; only rules of tier S are asked where there is none."""
        assert self.compiled is not None
        return self.compiled

    @property
    def name(self) -> str:
        """What the playbook is called; "" where it does not say."""
        named = self.document.value.get("playbook")
        return named if isinstance(named, str) else ""

    @cached_property
    def case(self) -> Case:
        """The playbook under proof, over the year from the beginning of this day (UTC) on."""
        return Case(self.policy, self.now - self.now % DAY, budget=CONFLICTS)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The next 400 days, cut where any calendar opens or closes."""
        return policy_cells(self.policy, self.now, self.now + SPAN)

    @cached_property
    def moments(self) -> tuple[int, ...]:
        """An instant of those 400 days (ms UTC) for every combination of open calendars that occurs in them."""
        return tuple(vectors(self.cells).values())

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
        return value_at(self.document, path)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every row of `respond` and every rule, with where it may act."""
        return tuple(uses.places(self.policy, self.path_of))

    @cached_property
    def acted(self) -> tuple[Acted, ...]:
        """Every action of the steps and rules."""
        return tuple(uses.acted(self.places))

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every place that says a template to a customer or in public."""
        return tuple(uses.uses(self.document, self.policy, self.places, self.acted))

    @cached_property
    def uses_of(self) -> Mapping[str, tuple[Use, ...]]:
        """The same by template; a template that only our own people are told has none."""
        found: dict[str, list[Use]] = {}
        for use in self.uses:
            found.setdefault(use.template, []).append(use)
        return {name: tuple(each) for name, each in found.items()}

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """Every text and every subject of every template."""
        return tuple(wordings(self.document, self.policy))

    @cached_property
    def said(self) -> tuple[Wording, ...]:
        """The wordings of those templates that customers or the public read."""
        return tuple(wording for wording in self.wordings if wording.template in self.uses_of)

    def longest(self, template: str, channel: str, language: str) -> Rendered | None:
        """The longest text the template can come to there; None where it cannot be rendered."""
        key = (template, channel, language)
        if key not in self._longest:
            try:
                found = render_longest(self.policy.templates[template], channel, language, self._settled(language))
            except RenderError:
                found = None
            self._longest[key] = found
        return self._longest[key]

    @cached_property
    def _longest(self) -> dict[tuple[str, str, str], Rendered | None]:
        return {}

    def _settled(self, language: str) -> Mapping[str, object]:
        """Values whose texts the playbook holds: its links, and the longest name and signature of a department.

        What a look-up finds stands in no playbook: room for `ANSWER_ROOM` is asked for it, not for the most there is.
        """
        names, signatures = [""], [""]
        for department in self.policy.departments.values():
            for texts, found in ((department.name, names), (department.signature or department.name, signatures)):
                found.append(texts.get(language) or texts.get("", "") or max(texts.values(), key=len, default=""))
        longest = {"name": max(names, key=len), "signature": max(signatures, key=len)}
        answer = "あ" * (ANSWER_ROOM // 2) if language.partition("-")[0] in ("ja", "zh", "ko") else "m" * ANSWER_ROOM
        return {"link": dict(self.policy.links), "department": longest, "answer": answer}

    def digest(self, path: Path) -> str:
        """A digest of what the part that holds a place says: kept, as one part may have thousands of findings."""
        node = node_path(path)
        if node not in self._digests:
            self._digests[node] = digest(self.value(*node))
        return self._digests[node]

    @cached_property
    def _digests(self) -> dict[Path, str]:
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

    @cached_property
    def parts(self) -> Mapping[str, Path]:
        """Every part with a name by what people call it, as `route.rest`."""
        return node_names(self.document)

    @cached_property
    def _starts(self) -> Mapping[str, Starts]:
        return node_starts(self.document)

    @cached_property
    def part_lines(self) -> Mapping[Path, tuple[str, int, int]]:
        """The file and the first and last line of every part with a name."""
        return node_lines(self._starts, {file: len(lines) for file, lines in self.document.lines.items()})

    def part_at(self, file: str, line: int) -> Path:
        """The part that a line of a file begins or belongs to; () where there is none."""
        return node_at(self._starts.get(file, ()), line)

    @cached_property
    def suppressions(self) -> tuple[Suppression, ...]:
        """What the playbook asks not to be told, in the order of the files."""
        return suppressions(self)


def _rows(section: str, path: Path, value: Value, department: str) -> Iterator[Written]:
    for index, row in enumerate(value if isinstance(value, list) else ()):
        if isinstance(row, dict):
            name = row.get("id")
            yield Written(section, name if isinstance(name, str) else "", (*path, index), row, department)
