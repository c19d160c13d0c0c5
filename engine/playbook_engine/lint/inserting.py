"""Text edits that add to what is written, keeping comments and layout; none where the layout is not a plain one."""

from __future__ import annotations

from playbook_engine.lint.finding import Edit
from playbook_engine.model.span import Span
from playbook_engine.text.document import Document, Path


def entry_added(document: Document, path: Path, key: str, value: str) -> Edit | None:
    """`key: value` as one more entry of the mapping at a path; None where no line is plainly its place."""
    span = document.spans.get(path)
    if span is None:
        return None
    if _begins(document, span, "{"):
        return _before_the_end(document, span, "}", f"{key}: {value}")
    beside = [each for each in document.key_spans if each[:-1] == path and _scalar(document, each)]
    if not beside:
        return None
    own = document.key_spans[beside[0]]
    return _line_after(document, document.spans[beside[0]], " " * (own.column - 1) + f"{key}: {value}")


def element_added(document: Document, path: Path, value: str) -> Edit | None:
    """`value` as the last element of the list at a path; None where no line is plainly its place."""
    span = document.spans.get(path)
    if span is None:
        return None
    if _begins(document, span, "["):
        return _before_the_end(document, span, "]", value)
    last = [each for each in document.spans if each[:-1] == path][-1:]
    if not last or not _scalar(document, last[0]):
        return None
    return _line_after(document, document.spans[last[0]], " " * (span.column - 1) + f"- {value}")


def _line(document: Document, span: Span) -> str:
    lines = document.lines.get(span.file, ())
    return lines[span.line - 1] if span.line <= len(lines) else ""


def _begins(document: Document, span: Span, sign: str) -> bool:
    return _line(document, span)[span.column - 1 : span.column] == sign


def _before_the_end(document: Document, span: Span, sign: str, text: str) -> Edit | None:
    inside = _line(document, span)[span.column - 1 : span.end_column - 1]
    if len(inside) < 2 or not inside.endswith(sign):
        return None  # it goes on over several lines
    held = inside[1:-1]
    column = span.end_column - 1 - (len(held) - len(held.rstrip()))
    at = (span.line, column)
    return Edit(span.file, at, at, f", {text}")


def _scalar(document: Document, path: Path) -> bool:
    """Whether what stands at a path is a text on one line, with nothing but a comment after it."""
    span = document.spans.get(path)
    if span is None or any(each[:-1] == path for each in document.spans if len(each) == len(path) + 1):
        return False
    line = _line(document, span)
    rest = line[span.end_column - 1 :].strip()
    return line[span.column - 1 : span.column] not in ("|", ">") and (not rest or rest.startswith("#"))


def _line_after(document: Document, span: Span, text: str) -> Edit:
    at = (span.line, len(_line(document, span)) + 1)
    return Edit(span.file, at, at, f"\n{text}")
