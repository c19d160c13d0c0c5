"""libyaml's events over one file, counted, with their places and the problems noted on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol

import yaml

from playbook_engine.model.span import Problem, Span
from playbook_engine.text import fullwidth, syntax
from playbook_engine.text.decode import Source
from playbook_engine.text.scalars import shown
from playbook_engine.text.syntax import Place

MOST_EVENTS = 50_000
DEEPEST = 64
QUOTES = ("'", '"')

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_EXPLAINS_A_FAULT = frozenset(
    {
        fullwidth.CODE,
        syntax.TEMPLATE_CODE,
        "alias-or-anchor",
        "empty-value",
        "hash-truncation",
        "tab-indentation",
        "tag",
    }
)


class _Mark(Protocol):
    line: int
    column: int


class Event(NamedTuple):
    """`kind` is scalar, alias, mapping, sequence, end (of either), document or last (of the stream).

    `style` is "" for a plain scalar, else its sign: `'`, `"`, `|` or `>`. `flow` tells braces and brackets.
    `directives` tells a document that begins with `%` lines.
    """

    kind: str
    start: Place
    end: Place
    text: str = ""
    style: str = ""
    flow: bool = False
    anchor: str = ""
    tag: str = ""
    directives: bool = False

    @property
    def plain(self) -> bool:
        return self.kind == "scalar" and not self.style


class Refused(Exception):
    """The text cannot be read further; the problem is already noted."""


class Stream:
    """Held open over one file, from one of its lines (from 0) on; problems go to the given list."""

    def __init__(self, source: Source, start: int, problems: list[Problem]) -> None:
        self.file = source.file
        self.lines = source.lines
        self.exhausted = False
        self._problems = problems
        self._parser = _Loader(source.text_from(start))
        self._last: Event | None = None
        self._events = 0
        self._depth = 0
        self._silent = False

    def next(self) -> Event:
        """The next event. Raises Refused past the most events, yaml.YAMLError where the text is not YAML."""
        event = _event(self._parser.get_event())
        self._events += 1
        if self._events > MOST_EVENTS:
            self.exhausted = True
            message = f"this file has more than {MOST_EVENTS} keys, values and brackets; split it"
            self.say(self.word(event.start), "too-large", message)
            raise Refused
        if event.kind in ("scalar", "alias", "mapping", "sequence"):
            self._tab(*event.start)
        if event.kind == "scalar":
            self._last = event
        return event

    @contextmanager
    def deeper(self, event: Event) -> Iterator[None]:
        self._depth += 1
        if self._depth > DEEPEST:
            message = f"this stands more than {DEEPEST} levels deep; nothing in a playbook needs so many"
            self.say(self.word(event.start), "too-deep", message)
            raise Refused
        yield
        self._depth -= 1

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Notes nothing inside what has been refused as a whole."""
        before, self._silent = self._silent, True
        yield
        self._silent = before

    # -- problems

    def say(self, span: Span, code: str, message: str) -> None:
        if not self._silent:
            self._problems.append(Problem(span, code, message))

    def fault(self, error: yaml.MarkedYAMLError) -> None:
        """Notes what to write instead, unless a problem on the same line is the cause."""
        problem = syntax.advise(self._fault(error))
        noted = (known for known in self._problems if known.code in _EXPLAINS_A_FAULT)
        if all(known.span.line != problem.span.line for known in noted):
            self._problems.append(problem)

    def unreadable(self, error: yaml.YAMLError) -> None:
        message = f"this is not YAML: {shown(str(error))}"
        self._problems.append(Problem(Span(self.file), "yaml-syntax", message))

    def _fault(self, error: yaml.MarkedYAMLError) -> syntax.Fault:
        began = error.context_mark
        last = self._last
        return syntax.Fault(
            file=self.file,
            lines=self.lines,
            what=f"{error.context or ''} {error.problem or ''}".strip(),
            at=_place(error.problem_mark or began),
            began=_place(began) if began else None,
            last=syntax.Stretch(last.start, last.end, quoted=last.style in QUOTES) if last else None,
        )

    def _tab(self, line: int, column: int) -> None:
        indent = self.line(line)[:column]
        if "\t" in indent and not indent.strip():
            self.say(self.signs(line, indent.index("\t")), "tab-indentation", syntax.TAB_ADVICE)

    # -- places

    def line(self, number: int) -> str:
        """A line, counted from 0; empty past the end."""
        return self.lines[number] if number < len(self.lines) else ""

    def signs(self, line: int, column: int, length: int = 1) -> Span:
        """A stretch of characters at a place that counts from 0."""
        return Span(self.file, line + 1, column + 1, column + 1 + length)

    def word(self, place: Place) -> Span:
        return syntax.word_at(self.file, self.lines, place)

    def between(self, start: Place, end: Place) -> Span:
        """From one place to the other, or to the end of the line where the other is on a later one."""
        line, column = start
        if line >= len(self.lines):
            return self.word(start)
        stop = end[1]
        if line != end[0]:
            header = _BLOCK_HEADER.match(self.lines[line], column)
            stop = header.end() if header else len(self.lines[line].rstrip())
        return self.signs(line, column, max(stop - column, 1))

    def span(self, event: Event) -> Span:
        """Where the text of an event stands, without an anchor or a tag before it where they share its line."""
        (line, column), end = event.start, event.end
        if event.plain and (event.anchor or event.tag) and line == end[0]:
            column = max(column, end[1] - len(event.text))
        return self.between((line, column), end)

    def inside(self, event: Event, offset: int) -> Span:
        """A sign of a plain scalar by its offset in the text; the scalar, where lines were joined to one text."""
        (line, column), joined = event.start, event.start[0] != event.end[0]
        return self.span(event) if joined else self.signs(line, column + offset)


def _place(mark: _Mark | None) -> Place:
    return (mark.line, mark.column) if mark else (0, 0)


def _event(event: yaml.Event) -> Event:
    start, end = _place(event.start_mark), _place(event.end_mark)
    anchor, tag = getattr(event, "anchor", None) or "", getattr(event, "tag", None) or ""
    flow = bool(getattr(event, "flow_style", False))
    match event:
        case yaml.ScalarEvent():
            return Event("scalar", start, end, event.value, event.style or "", anchor=anchor, tag=tag)
        case yaml.MappingStartEvent():
            return Event("mapping", start, end, flow=flow, anchor=anchor, tag=tag)
        case yaml.SequenceStartEvent():
            return Event("sequence", start, end, flow=flow, anchor=anchor, tag=tag)
        case yaml.AliasEvent():
            return Event("alias", start, end, anchor=anchor)
        case yaml.DocumentStartEvent():
            return Event("document", start, end, directives=bool(event.version or event.tags))
        case yaml.StreamEndEvent():
            return Event("last", start, end)
        case _:
            return Event("end", start, end)
