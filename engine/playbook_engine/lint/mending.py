"""Edits that mend a playbook's text and keep its comments and layout."""

from __future__ import annotations

import json
import re

from playbook_engine.lint.finding import Edit, Fix
from playbook_engine.lint.subject import Subject
from playbook_engine.model.span import Problem, Span
from playbook_engine.text.document import Path, Value
from playbook_engine.text.fullwidth import CODE as WIDE
from playbook_engine.text.fullwidth import plain
from playbook_engine.text.scalars import flow
from playbook_engine.text.syntax import TEMPLATE_CODE
from playbook_engine.text.wording import flag_meant

_ALONE = re.compile(r"\s*(?:- +)*(?:[^\s#\"'\[{][^#\"'\[{]*?:\s+|- +)?")
"""What may stand before a text that goes on to the end of its line: no bracket, quote or comment."""

_OFFERED = re.compile(r"did you mean `([^`]+)`")
_MISNAMED = re.compile(r"no value is called `([^`]+)`; did you mean `([^`]+)`")
"""What messages offer that name the likeliest value themselves."""

_ENTRY = re.compile(r" *- +")


def mend(subject: Subject, problem: Problem) -> Fix | None:
    """What would mend a problem of reading, where that can be told from the text; None otherwise."""
    line = _line(subject, problem.span)
    said = line[problem.span.column - 1 : problem.span.end_column - 1]
    if problem.code == "hash-truncation":
        return _quoted(subject, problem.span, line)
    if problem.code == TEMPLATE_CODE and _ALONE.fullmatch(line[: problem.span.column - 1]):
        return _rest_in_quotes(problem.span, problem.span.column - 1, line)
    if problem.code == WIDE and said:
        return _plain(problem.span, line, said)
    if problem.code == "hidden-unicode" and len(said) == 1:
        return replaced(problem.span, "", "take the unseen character out", safe=False)
    if problem.code == "flag" and (meant := flag_meant(_unquoted(said))):
        return replaced(problem.span, meant, f"write `{meant}`")
    if problem.code == "unreachable-row":
        return _catch_all_last(subject, subject.path_at(problem.span))
    if problem.code == "template" and (slip := _MISNAMED.search(problem.message)):
        return _renamed(problem.span, said, slip[1], slip[2])
    offered = _OFFERED.search(problem.message) if problem.code == "unknown-time-zone" else None
    meant = offered[1] if offered else problem.nearest
    if meant and _is_scalar(said):
        return replaced(problem.span, flow(meant), f"write `{meant}`", safe=False)
    return None


def replaced(span: Span, text: str, title: str, safe: bool = True) -> Fix:
    """A stretch of one line replaced by another text."""
    edit = Edit(span.file, (span.line, span.column), (span.line, span.end_column), text)
    return Fix(title, (edit,), safe)


def without_entry(subject: Subject, path: Path, title: str, safe: bool = True) -> Fix | None:
    """The lines of one entry of a block mapping taken out; None where it does not have its lines to itself.

    The last entry of a section stays: nothing may stand under a key that has no value.
    """
    lines = subject.document.lines
    key = subject.document.key_spans.get(path)
    siblings = subject.value(*path[:-1])
    if key is None or not isinstance(siblings, dict) or len(siblings) < 2:
        return None
    beside = [subject.document.key_spans[(*path[:-1], name)] for name in siblings if name != path[-1]]
    if not any(other.file == key.file and other.column == key.column for other in beside):
        return None
    end = end_of(lines[key.file], key.line, key.column)
    if lines[key.file][key.line - 1][: key.column - 1].strip():
        return None
    return Fix(title, (Edit(key.file, (key.line, 1), (end, 1), ""),), safe)


def _catch_all_last(subject: Subject, path: Path) -> Fix | None:
    """The row that takes everything moved below the last one of its list, where every row begins a line."""
    at = next((n for n, step in enumerate(path) if isinstance(step, int)), 0)
    rows = subject.value(*path[:at])
    first = next((n for n, row in enumerate(rows) if _takes_all(row)), None) if isinstance(rows, list) else None
    if not isinstance(rows, list) or first is None:
        return None
    spans = [subject.document.span(*path[:at], n) for n in (first, first + 1, len(rows) - 1)]
    lines = subject.document.lines[spans[0].file]
    columns = {len(text) - len(text.lstrip(" ")) for text in (lines[span.line - 1] for span in spans)}
    if len(columns) > 1 or not all(_ENTRY.fullmatch(lines[each.line - 1][: each.column - 1]) for each in spans):
        return None
    column = columns.pop() + 1
    begin, end, last = spans[0].line, end_of(lines, spans[0].line, column), end_of(lines, spans[2].line, column)
    moved = "".join(f"{text}\n" for text in lines[begin - 1 : end - 1])
    file = spans[0].file
    edits = (Edit(file, (begin, 1), (end, 1), ""), Edit(file, (last, 1), (last, 1), moved))
    return Fix("move the row that takes everything to the end", edits, safe=False)


def _takes_all(row: Value) -> bool:
    return isinstance(row, dict) and row.get("when") == "always"


def end_of(lines: tuple[str, ...], line: int, column: int) -> int:
    """The line, from 1, after the last one of what begins at a place.

    It goes on as long as lines are indented deeper; blank lines and comments after it are left.
    """
    last = line
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1]
        if text.strip() and not text.strip().startswith("#"):
            if len(text) - len(text.lstrip(" ")) < column:
                break
            last = number
    return last + 1


def _quoted(subject: Subject, span: Span, line: str) -> Fix | None:
    """The text that a `#` cuts off in double quotes, from its first letter to the end of the line."""
    ends = [each for each in subject.on_line(span) if each.end_column <= span.column]
    start = max(ends, key=lambda each: each.end_column, default=None)
    if start is None or line[start.end_column - 1 : span.column - 1].strip():
        return None
    return _rest_in_quotes(span, start.column - 1, line)


def _rest_in_quotes(span: Span, begin: int, line: str) -> Fix:
    text = line[begin:].rstrip()
    edit = Edit(span.file, (span.line, begin + 1), (span.line, begin + 1 + len(text)), _in_quotes(text))
    return Fix("put the whole text in quotes", (edit,), safe=False)


def _in_quotes(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _plain(span: Span, line: str, sign: str) -> Fix | None:
    meant = plain(sign)
    follows = line[span.end_column - 1 : span.end_column]
    if meant == ":" and follows.strip():
        meant = ": "
    return replaced(span, meant, f"type `{meant.strip() or 'a blank'}`", safe=False) if meant else None


def _renamed(span: Span, said: str, old: str, new: str) -> Fix | None:
    """A variable renamed inside a text, where it stands on the text's first line."""
    found = re.search(rf"(?<![\w.]){re.escape(old)}(?![\w.])", said)
    if found is None:
        return None
    column = span.column + found.start()
    return replaced(Span(span.file, span.line, column, column + len(old)), new, f"write `{new}`", safe=False)


def _is_scalar(said: str) -> bool:
    """Whether a stretch is one scalar from its first to its last sign."""
    if said[:1] in ("'", '"'):
        return len(said) > 1 and said[-1] == said[0]
    return bool(said) and said[0] not in "|>[{&*!" and "\n" not in said


def _unquoted(said: str) -> str:
    return said[1:-1] if said[:1] in ("'", '"') else said


def _line(subject: Subject, span: Span) -> str:
    known = subject.document.lines.get(span.file, ())
    return known[span.line - 1] if 1 <= span.line <= len(known) else ""
