"""The texts of templates, each with its place, and the place of a phrase within one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import re2

from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy
from playbook_engine.text.document import Document, Path, Value

# RE2 takes time with the text's length alone, also for a text of nothing but opened braces.
PLACE_FOR_VALUE = re2.compile(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")


@dataclass(frozen=True)
class Wording:
    """One text of a template. `channel` and `language` are "" for all; `part` is `text` or `subject`."""

    template: str
    channel: str
    language: str
    part: str
    source: str
    path: Path

    def languages(self, policy: Policy) -> tuple[str, ...]:
        """The languages whose customers read it."""
        return (self.language,) if self.language else policy.languages

    @property
    def plain(self) -> str:
        """What stands between the places for values."""
        return str(PLACE_FOR_VALUE.sub(" ", self.source))


def wordings(document: Document, policy: Policy) -> Iterator[Wording]:
    """Every text and every subject of every template."""
    for template in policy.templates.values():
        for channel, texts in template.texts.items():
            for language, wording in texts.items():
                for part, source in (("text", wording.text), ("subject", wording.subject)):
                    if source:
                        path = _path(document, template.id, channel, language, part)
                        yield Wording(template.id, channel, language, part, source, path)


def _path(document: Document, template: str, channel: str, language: str, part: str) -> Path:
    """Where the text stands: under its part and language, or under what serves all parts or languages."""
    base: Path = ("templates", template, *((channel,) if channel else ()))
    for end in ((part, language), (part,), (language,)):
        if isinstance(_at(document.value, (*base, *end)), str):
            return (*base, *end)
    return base


def _at(value: Value, path: Path) -> Value:
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(str(step))
    return value


def strings(value: Value, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text below a place, with its path."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from strings(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from strings(below, (*path, number))
    elif isinstance(value, str):
        yield path, value


def place_of(document: Document, path: Path, phrase: str) -> Span | None:
    """Where the phrase stands on one line of the text at a path; None where it is written otherwise there."""
    span = document.spans.get(path)
    lines = document.lines.get(span.file, ()) if span is not None else ()
    if span is None or not phrase or "\n" in phrase or span.line > len(lines):
        return None
    depth = _depth(lines[span.line - 1])
    for number in range(span.line, len(lines) + 1):
        line = lines[number - 1]
        if number > span.line and line.strip() and _depth(line) <= depth:
            return None
        first = number == span.line
        start = line.find(phrase, span.column - 1 if first else 0, span.end_column - 1 if first else len(line))
        if start >= 0:
            return Span(span.file, number, start + 1, start + 1 + len(phrase))
    return None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
