"""Fixes applied to the text of files: replacements at their places, so that comments and layout stay."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from playbook_engine.lint.finding import Edit, Finding, Fix

_LINE_END = re.compile(r"\r\n|\r|\n")


def fixes(found: Iterable[Finding], unsafe: bool = False) -> tuple[Fix, ...]:
    """The fixes of findings that can be applied together, in order: none touches what an earlier one changes."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for finding in found:
        fix = finding.fix
        if fix is None or not (fix.safe or unsafe):
            continue
        if not any(_clash(edit, other) for edit in fix.edits for other in taken):
            chosen.append(fix)
            taken += fix.edits
    return tuple(chosen)


def _clash(one: Edit, other: Edit) -> bool:
    """Whether two replacements touch the same text; two insertions at one place do."""
    if one.file != other.file:
        return False
    return one.start == other.start or (one.start < other.end and other.start < one.end)


def mended(texts: Mapping[str, str], chosen: Iterable[Fix]) -> dict[str, str]:
    """The files that change, with their new texts. Line ends stay as they are."""
    edits: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(edit for fix in chosen for edit in fix.edits):
        edits.setdefault(edit.file, []).append(edit)
    return {file: _replaced(texts[file], sorted(listed, reverse=True)) for file, listed in edits.items()}


def _replaced(text: str, edits: Sequence[Edit]) -> str:
    """The text with its edits made, the last place first, so that the earlier places hold."""
    begins = [0, *(found.end() for found in _LINE_END.finditer(text))]
    newline = found[0] if (found := _LINE_END.search(text)) else "\n"
    for edit in edits:
        start, end = _offset(text, begins, edit.start), _offset(text, begins, edit.end)
        text = text[:start] + edit.text.replace("\n", newline) + text[end:]
    return text


def _offset(text: str, begins: Sequence[int], place: tuple[int, int]) -> int:
    line, column = place
    return min(begins[line - 1] + column - 1, len(text)) if line <= len(begins) else len(text)


def difference(file: str, before: str, after: str) -> str:
    """What changes in a file, as `git diff` and `patch` read it."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
