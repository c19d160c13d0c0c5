"""All files of a playbook to one Document.

YAML 1.2, block style or flow style, read by position: a scalar is its source text until something expects a
number or a flag. Departments, people and other mappings may be spread over files; a list stands in one.
"""

from __future__ import annotations

from collections.abc import Mapping

from playbook_engine.model.span import Problem, Span
from playbook_engine.text.decode import decode
from playbook_engine.text.document import Document, Path
from playbook_engine.text.parse import parse
from playbook_engine.text.part import Part
from playbook_engine.text.scalars import shown

_MOST_PROBLEMS = 100
"""Problems reported of one file; a file with more is of another kind altogether."""


def read(files: Mapping[str, bytes]) -> tuple[Document, tuple[Problem, ...]]:
    """The values of all files, by their display names, and every problem in the order of the files.

    Never raises, whatever the bytes. A top-level entry that holds a fault of syntax is left out of the
    document; nothing should be concluded from what is absent while there are problems.
    """
    whole = Part()
    lines: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for file, content in files.items():
        source = decode(file, content)
        lines[file] = source.lines
        part = parse(source) if source.readable else Part()
        clashes = _merge(whole, part)
        problems += _few(sorted({*source.problems, *part.problems, *clashes}))
    whole.spans.setdefault((), Span(next(iter(files), "")))
    document = Document(
        value=whole.value,
        spans=whole.spans,
        key_spans=whole.key_spans,
        lines=lines,
        quoted=frozenset(whole.quoted),
        unread=frozenset(whole.unread),
    )
    return document, tuple(problems)


def _few(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= _MOST_PROBLEMS:
        return problems
    left = len(problems) - _MOST_PROBLEMS
    note = Problem(problems[_MOST_PROBLEMS].span, "more-problems", f"{left} or more further problems in this file")
    return [*problems[:_MOST_PROBLEMS], note]


def _merge(whole: Part, part: Part) -> list[Problem]:
    """Adds a file; returns the keys that an earlier file holds already and that are therefore left out."""
    clashes: dict[Path, Problem] = {}
    for key, value in part.value.items():
        held = whole.value.get(key)
        if key not in whole.value:
            whole.value[key] = value
        elif isinstance(held, dict) and isinstance(value, dict):
            for name, entry in value.items():
                if name in held:
                    clashes[(key, name)] = _clash(whole, part, (key, name), "keep one of them")
                else:
                    held[name] = entry
        else:
            kind = "a list" if isinstance(value, list) else "it"
            clashes[(key,)] = _clash(whole, part, (key,), f"{kind} stands in one file")
    _merge_places(whole, part, set(clashes))
    return list(clashes.values())


def _clash(whole: Part, part: Part, path: Path, remedy: str) -> Problem:
    first: Span = whole.key_spans[path]
    return Problem(part.key_spans[path], "duplicate-key", f"`{shown(str(path[-1]))}` is already at {first}; {remedy}")


def _merge_places(whole: Part, part: Part, left_out: set[Path]) -> None:
    def kept(path: Path) -> bool:
        return path[:1] not in left_out and path[:2] not in left_out

    for path, span in part.spans.items():
        if kept(path):
            whole.spans.setdefault(path, span)
    for path, span in part.key_spans.items():
        if kept(path):
            whole.key_spans.setdefault(path, span)
    whole.quoted |= {path for path in part.quoted if kept(path)}
    whole.unread |= {path for path in part.unread if kept(path)}
