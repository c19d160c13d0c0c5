"""Fixes that take a part out of a list or a mapping, and leave every other sign where it was."""

from __future__ import annotations

import re

from playbook_engine.lint.finding import Edit, Fix
from playbook_engine.lint.mending import end_of, without_entry
from playbook_engine.lint.subject import Subject
from playbook_engine.model.span import Span
from playbook_engine.text.document import Path

_MARK = re.compile(r" *- +")
_AFTER, _BEFORE = re.compile(r" *, *"), re.compile(r", *$")


def without_item(subject: Subject, path: Path, title: str, safe: bool = True) -> Fix | None:
    """An item of a list taken out; None for the last one there is, or where it shares its lines with others."""
    items, span = subject.value(*path[:-1]), subject.document.span(*path)
    if not isinstance(items, list) or len(items) < 2:
        return None
    lines = subject.document.lines[span.file]
    before = lines[span.line - 1][: span.column - 1]
    if _MARK.fullmatch(before):
        end = end_of(lines, span.line, len(before) - len(before.lstrip(" ")) + 1)
        return Fix(title, (Edit(span.file, (span.line, 1), (end, 1), ""),), safe)
    return _between_commas(subject, span, span, title, safe)


def without_test(subject: Subject, path: Path, title: str, safe: bool = True) -> Fix | None:
    """An entry of a mapping taken out; None for the last one there is, or where it shares its lines with others."""
    entries, key = subject.value(*path[:-1]), subject.document.key_spans.get(path)
    if not isinstance(entries, dict) or len(entries) < 2 or key is None:
        return None
    line = subject.document.lines[key.file][key.line - 1]
    if not line[: key.column - 1].strip():
        return without_entry(subject, path, title, safe)
    return _between_commas(subject, key, subject.document.span(*path), title, safe)


def _between_commas(subject: Subject, begin: Span, value: Span, title: str, safe: bool) -> Fix | None:
    """What stands between two commas of one line, taken out with one of them."""
    line = subject.document.lines[value.file][value.line - 1]
    if (begin.file, begin.line) != (value.file, value.line) or not _is_whole(line, value):
        return None
    start, end = begin.column - 1, value.end_column - 1
    if comma := _AFTER.match(line, end):
        end = comma.end()
    elif comma := _BEFORE.search(line[:start]):
        start = comma.start()
    else:
        return None
    return Fix(title, (Edit(value.file, (value.line, start + 1), (value.line, end + 1), ""),), safe)


def _is_whole(line: str, span: Span) -> bool:
    """Whether a value ends on the line on which it begins: with its bracket, its quote, or before the next sign."""
    said = line[span.column - 1 : span.end_column - 1]
    if said[:1] in "{[\"'":
        return len(said) > 1 and said[-1] == {"{": "}", "[": "]"}.get(said[0], said[0])
    return bool(said) and line[span.end_column - 1 :].lstrip(" ")[:1] in (",", "]", "}") and said[0] not in "&*!|>"
