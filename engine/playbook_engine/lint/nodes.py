"""The parts a playbook is made of: what a finding stands in, what a suppression covers, what a fingerprint names."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from playbook_engine.text.document import Document, Path, Value
from playbook_engine.text.scalars import shown

LISTS = ("ignore", "classify", "route", "targets", "respond", "limits", "prove")
"""Sections that are lists of rows with ids."""

Starts: TypeAlias = Sequence[tuple[int, int, Path]]
"""Where parts begin in one file, in order: line, column and path. One that goes on after another begins again."""

_FINGERPRINT_LENGTH = 32
"""Hexadecimal digits: 128 bits are enough to tell findings apart, and short enough to be read."""


def value_at(document: Document, path: Path) -> Value:
    """What stands at a path; None where nothing does."""
    value: Value = document.value
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def node_path(path: Path) -> Path:
    """The path of the smallest part with a name that holds a place: a row, a level, a template, a person, …"""
    if path[:1] == ("departments",) and path[2:3] == ("respond",) and len(path) > 3:
        return path[:4]
    if path[:1] == ("escalations",) and len(path) > 2:
        return path[:3]
    return path[:2]


def node_name(document: Document, path: Path) -> str:
    """What people call a part: its section and its name or id, as `templates.ack` or `route.rest`."""
    found = node_path(path)
    if not found:
        return str(document.value.get("playbook") or "playbook")
    value = value_at(document, found)
    named = value.get("id") if isinstance(value, dict) else None
    steps = [str(step) for step in found]
    if isinstance(named, str) and (found[0] in LISTS or len(found) > 2):
        steps[-1] = named
    return ".".join(steps)


def node_names(document: Document) -> Mapping[str, Path]:
    """Every part by what people call it."""
    paths = dict.fromkeys(node_path(path) for path in (*document.spans, *document.key_spans) if path)
    return {node_name(document, path): path for path in paths}


def node_starts(document: Document) -> Mapping[str, Starts]:
    """Where parts begin, by file."""
    found: dict[str, list[tuple[int, int, Path]]] = {file: [] for file in document.lines}
    for places in (document.key_spans, document.spans):
        for path, span in places.items():
            if path and span.file in found:
                found[span.file].append((span.line, span.column, node_path(path)))
    return {file: _first_of_each(sorted(starts, key=lambda each: each[:2])) for file, starts in found.items()}


def _first_of_each(starts: Starts) -> Starts:
    """Of neighbours that belong to one part, the first."""
    return [each for at, each in enumerate(starts) if at == 0 or each[2] != starts[at - 1][2]]


def node_at(starts: Starts, line: int) -> Path:
    """The part that a line belongs to: the one that begins there, else the one it stands in."""
    at = bisect_right(starts, (line, -1, ()))
    if at < len(starts) and starts[at][0] == line:
        return starts[at][2]
    return starts[at - 1][2] if at else ()


def node_lines(starts: Mapping[str, Starts], lengths: Mapping[str, int]) -> Mapping[Path, tuple[str, int, int]]:
    """The file and the first and last line of every part; `lengths` are the lines of each file."""
    found: dict[Path, tuple[str, int, int]] = {}
    for file, begun in starts.items():
        ends = [line for line, _, _ in begun[1:]] + [lengths[file] + 1]
        for (line, _, path), end in zip(begun, ends, strict=True):
            first = found[path][1] if path in found else line
            found[path] = (file, first, max(line, end - 1))
    return found


def owner(document: Document, path: Path) -> str:
    """Whose part it is: the department's it stands in, else the playbook's owner; a long name cut short."""
    if path[:1] == ("departments",) and len(path) > 1:
        return shown(str(path[1]))
    owned = document.value.get("owner")
    return shown(owned) if isinstance(owned, str) else ""


def fingerprint(code: str, node: str, said: str, message: str, related: Iterable[str]) -> str:
    """The same wherever a part is moved, another one when it, or what belongs to the finding, says something else.

    `node` is what people call the part, and `said` the digest of what stands in it.
    """
    return digest([code, node, said, message, sorted(related)])


def digest(said: object) -> str:
    """A short name for a value, the same for the same."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT_LENGTH]
