"""Findings that a change touches: the whole playbook is looked at, only these are reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playbook_engine.lint.finding import Finding
from playbook_engine.lint.nodes import node_path
from playbook_engine.lint.subject import Subject


def touched(subject: Subject, found: Iterable[Finding], changed: Mapping[str, frozenset[int]]) -> tuple[Finding, ...]:
    """The findings in whose part, or in one that belongs to them, a line has changed; `changed` is by display name."""
    return tuple(each for each in found if _is_touched(subject, each, changed))


def _is_touched(subject: Subject, finding: Finding, changed: Mapping[str, frozenset[int]]) -> bool:
    places = [(finding.span.file, finding.span.line, finding.span.line)]
    parts = [node_path(finding.path), *(subject.parts.get(each.node, ()) for each in finding.related)]
    places += [subject.part_lines[part] for part in parts if part in subject.part_lines]
    return any(not changed.get(file, frozenset()).isdisjoint(range(first, last + 1)) for file, first, last in places)
