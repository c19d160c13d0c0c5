"""Files and places in SARIF's terms: URIs, and columns in UTF-16 code units, which all its readers count in."""

from __future__ import annotations

import re

from playbook_engine.lint.finding import Edit, Fix
from playbook_engine.lint.formats._said import one_line
from playbook_engine.lint.report import Report
from playbook_engine.model.span import Span

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_DRIVE = re.compile(r"[A-Za-z]:/")


class Places:
    """The places of one report. Files of a relative name are found below `base`."""

    base = "%SRCROOT%"

    def __init__(self, report: Report) -> None:
        self._lines = report.lines
        self._index = {file: number for number, file in enumerate(report.lines)}

    def artifacts(self) -> list[dict[str, object]]:
        """Every file that was read."""
        return [
            {"location": _artifact(file), "roles": ["analysisTarget"], "encoding": "UTF-8", "sourceLanguage": "yaml"}
            for file in self._lines
        ]

    def location(self, span: Span, node: str = "", label: str = "") -> dict[str, object]:
        """A place, the part it stands in, and what it has to do with the matter."""
        place: dict[str, object] = {"artifactLocation": self._file(span.file), "region": self._region(span)}
        if (line := self._line(span.file, span.line)) is not None:
            place["contextRegion"] = {"startLine": span.line, "snippet": {"text": line}}
        return {
            "physicalLocation": place,
            **({"logicalLocations": [{"fullyQualifiedName": node}]} if node else {}),
            **({"message": {"text": label}} if label else {}),
        }

    def fix(self, fix: Fix) -> dict[str, object]:
        """The edits, file by file."""
        changes = [
            {
                "artifactLocation": self._file(file),
                "replacements": [self._replacement(edit) for edit in sorted(fix.edits) if edit.file == file],
            }
            for file in dict.fromkeys(edit.file for edit in fix.edits)
        ]
        safe = "" if fix.safe else " (may change decisions)"
        return {"description": {"text": one_line(fix.title) + safe}, "artifactChanges": changes}

    def _region(self, span: Span) -> dict[str, object]:
        line = self._line(span.file, span.line) or ""
        said = line[span.column - 1 : span.end_column - 1]
        return {
            "startLine": span.line,
            "startColumn": self._column(span.file, span.line, span.column),
            "endColumn": self._column(span.file, span.line, span.end_column),
            **({"snippet": {"text": said}} if said else {}),
        }

    def _replacement(self, edit: Edit) -> dict[str, object]:
        (line, column), (end_line, end_column) = edit.start, edit.end
        region = {
            "startLine": line,
            "startColumn": self._column(edit.file, line, column),
            "endLine": end_line,
            "endColumn": self._column(edit.file, end_line, end_column),
        }
        return {"deletedRegion": region, "insertedContent": {"text": edit.text}}

    def _file(self, file: str) -> dict[str, object]:
        number = self._index.get(file)
        return {**_artifact(file), **({"index": number} if number is not None else {})}

    def _line(self, file: str, number: int) -> str | None:
        lines = self._lines.get(file, ())
        return lines[number - 1] if 1 <= number <= len(lines) else None

    def _column(self, file: str, number: int, column: int) -> int:
        """A column counted in characters, in UTF-16 code units: one more for each character past U+FFFF before it."""
        before = (self._line(file, number) or "")[: column - 1]
        return column + sum(character > "\uffff" for character in before)


def _artifact(file: str) -> dict[str, object]:
    path = file.replace("\\", "/").removeprefix("./")
    if path.startswith("/"):
        return {"uri": f"file://{_quoted(path)}"}
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[:2]}{_quoted(path[2:])}"}
    return {"uri": _quoted(path), "uriBaseId": Places.base}


def _quoted(path: str) -> str:
    """The bytes of a path as RFC 3986 writes them.

    >>> _quoted("店/a b.yaml")
    '%E5%BA%97/a%20b.yaml'
    """
    content = path.encode("utf-8", "surrogatepass")
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in content)
