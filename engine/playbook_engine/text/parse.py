"""One file to values and places, event by event.

Values are built from libyaml's events while these are counted: composing 50 000 nested brackets ends the
interpreter, and an alias can stand for any number of nodes.
"""

from __future__ import annotations

import re

import yaml

from playbook_engine.model.span import Span
from playbook_engine.text import fullwidth, refusals, syntax
from playbook_engine.text.decode import Source
from playbook_engine.text.document import Path, Value
from playbook_engine.text.part import Part
from playbook_engine.text.scalars import shown
from playbook_engine.text.stream import Event, Refused, Stream

_MOST_RESTARTS = 20
_TOP_KEY = re.compile(r"[^\W\d][\w.\-]*:(?:\s|$)")


def parse(source: Source) -> Part:
    """All values of a file. After a fault, reading goes on at the next top-level key."""
    part = Part()
    start: int | None = 0
    for _ in range(_MOST_RESTARTS):
        if start is None:
            break
        start = _Reading(source, part, start).run()
    return part


class _Reading:
    """One passage through a file, from one of its lines (from 0) to its end or a fault."""

    def __init__(self, source: Source, part: Part, start: int) -> None:
        self._part = part
        self._stream = Stream(source, start, part.problems)
        self._top_line = start
        self._top_key: str | None = None

    def run(self) -> int | None:
        """The line of the top-level key where reading can go on after a fault; None at the end."""
        try:
            self._document()
            return None
        except yaml.MarkedYAMLError as error:
            self._stream.fault(error)
        except yaml.YAMLError as error:
            self._stream.unreadable(error)
        except Refused:
            pass
        if self._top_key is not None:
            self._part.forget(self._top_key)
        if self._stream.exhausted:
            return None
        lines = self._stream.lines
        return next((n for n in range(self._top_line + 1, len(lines)) if _TOP_KEY.match(lines[n])), None)

    def _document(self) -> None:
        stream = self._stream
        stream.next()
        event = stream.next()
        if event.kind == "last":
            return
        if event.directives:
            stream.say(stream.word(event.start), syntax.DIRECTIVE_CODE, syntax.DIRECTIVE_ADVICE)
        root = stream.next()
        if root.kind == "mapping":
            self._node(root, ())
        else:
            self._not_a_mapping(root)
        stream.next()
        event = stream.next()
        if event.kind != "last":
            place = stream.word(event.start)
            stream.say(place, syntax.SECOND_DOCUMENT_CODE, syntax.SECOND_DOCUMENT_ADVICE)

    def _not_a_mapping(self, root: Event) -> None:
        if root.plain and not root.text:
            return
        stream, (number, begin) = self._stream, root.start
        line = stream.line(number)
        column = fullwidth.in_broken_line(line) if root.plain else None
        if column is None and root.plain and fullwidth.in_key(root.text) == 0:
            column = begin
        if column is not None:
            stream.say(stream.signs(number, column), fullwidth.CODE, fullwidth.message(line[column]))
        else:
            held = "a list" if root.kind == "sequence" else "a text"
            message = f"a file begins with a key such as `departments:`; this is {held}"
            stream.say(stream.word(root.start), "wrong-type", message)
        raise Refused

    def _node(self, event: Event, path: Path | None, apart: bool = False) -> tuple[Value, Span]:
        """The value that begins with the event. The path is None where it will not be kept."""
        refusals.node(self._stream, event)
        value: Value = None
        if event.kind in ("mapping", "sequence"):
            with self._stream.deeper(event):
                read = self._mapping if event.kind == "mapping" else self._sequence
                value, span = read(event, path)
        else:
            span = self._stream.span(event)
            if event.kind == "scalar":
                value = self._scalar(event, path, apart)
        if path is not None:
            self._part.spans[path] = span
            if event.kind == "alias":
                self._part.unread.add(path)
        return value, span

    def _scalar(self, event: Event, path: Path | None, apart: bool) -> Value:
        refusals.text(self._stream, event, apart)
        if event.plain:
            return event.text or None
        if path is not None:
            self._part.quoted.add(path)
        return event.text

    def _sequence(self, start: Event, path: Path | None) -> tuple[Value, Span]:
        held: list[Value] = []
        first: Span | None = None
        while (event := self._stream.next()).kind != "end":
            place = None if path is None else (*path, len(held))
            value, span = self._node(event, place, apart=not start.flow)
            first = first or span
            held.append(value)
        whole = self._stream.between(start.start, event.end)
        if start.flow or first is None or first.line != whole.line:
            return held, whole
        return held, Span(whole.file, whole.line, whole.column, first.end_column)

    def _mapping(self, start: Event, path: Path | None) -> tuple[Value, Span]:
        held: dict[str, Value] = self._part.value if path == () else {}
        seen = {key: self._part.key_spans[(key,)] for key in held}
        first: Event | None = None
        before = ""
        while (event := self._stream.next()).kind != "end":
            first = first or event
            key = self._key(event, path)
            following = self._stream.next()
            if start.flow and key is not None and refusals.is_bare(self._stream, event, following):
                refusals.bare(self._stream, event, before)
                self._incomplete(path)
                continue
            value = self._entry(key, event, following, self._place(key, event, path, seen))
            before = following.text if following.plain else ""
            if key is not None and key not in held:
                held[key] = value
        if start.flow or first is None:
            return held, self._stream.between(start.start, event.end)
        return held, self._stream.span(first)

    def _entry(self, key: str | None, event: Event, following: Event, place: Path | None) -> Value:
        if place is not None and len(place) == 1:
            self._top_key = key
        value, _ = self._node(following, place, apart=following.start[0] > event.end[0])
        return value

    def _key(self, event: Event, path: Path | None) -> str | None:
        """The key, or None where it is refused."""
        if path == ():
            self._top_line, self._top_key = event.start[0], None
        if not refusals.key(self._stream, event):
            refusals.node(self._stream, event)
            return event.text
        self._incomplete(path)
        if event.kind in ("mapping", "sequence"):
            with self._stream.silent():
                self._node(event, None)
        return None

    def _place(self, key: str | None, event: Event, path: Path | None, seen: dict[str, Span]) -> Path | None:
        """The path of a new key; None where the key is refused, stands here already, or will not be kept."""
        if key is None:
            return None
        span = self._stream.span(event)
        if key in seen:
            message = f"`{shown(key)}` is already here, on line {seen[key].line}; keep one of them"
            self._stream.say(span, "duplicate-key", message)
            return None
        seen[key] = span
        if path is None:
            return None
        self._part.key_spans[(*path, key)] = span
        return (*path, key)

    def _incomplete(self, path: Path | None) -> None:
        if path is not None:
            self._part.unread.add(path)
