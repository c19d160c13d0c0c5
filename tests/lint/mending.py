"""What a playbook of one file becomes when the fixes of findings are applied."""

from __future__ import annotations

from collections.abc import Iterable

from playbook_engine.lint.finding import Edit, Finding


def mended(files: dict[str, bytes], found: Iterable[Finding]) -> dict[str, bytes]:
    edits = sorted((edit for each in found if each.fix for edit in each.fix.edits), reverse=True)
    after = dict(files)
    for edit in edits:
        after[edit.file] = _with(after[edit.file].decode(), edit).encode()
    return after


def _with(text: str, edit: Edit) -> str:
    lines = text.split("\n")
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line) + 1)
    start, end = (begins[line - 1] + column - 1 for line, column in (edit.start, edit.end))
    return text[:start] + edit.text + text[end:]
