"""The parts a playbook is made of: what a finding stands in, what a suppression covers, what a fingerprint names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from playbook_engine.lint.subject import LISTS, Subject
from playbook_engine.text.document import Path

_FINGERPRINT_LENGTH = 32
"""Hexadecimal digits: 128 bits are enough to tell findings apart, and short enough to be read."""


def node_path(path: Path) -> Path:
    """The path of the smallest part with a name that holds a place: a row, a level, a template, a person, …"""
    if path[:1] == ("departments",) and path[2:3] == ("respond",) and len(path) > 3:
        return path[:4]
    if path[:1] == ("escalations",) and len(path) > 2:
        return path[:3]
    return path[:2]


def node_name(subject: Subject, path: Path) -> str:
    """What people call a part: its section and its name or id, as `templates.ack` or `route.rest`."""
    found = node_path(path)
    if not found:
        return str(subject.document.value.get("playbook") or "playbook")
    value = subject.value(*found)
    named = value.get("id") if isinstance(value, dict) else None
    listed = found[0] in LISTS or len(found) > 2
    steps = [str(step) for step in (found[:-1] if listed else found)]
    return ".".join([*steps, named if isinstance(named, str) else str(found[-1])] if listed else steps)


def owner(subject: Subject, path: Path) -> str:
    """Whose part it is: the department's it stands in, else the playbook's owner."""
    if path[:1] == ("departments",) and len(path) > 1:
        return str(path[1])
    owned = subject.document.value.get("owner")
    return owned if isinstance(owned, str) else ""


def fingerprint(subject: Subject, code: str, path: Path, message: str, related: Iterable[str]) -> str:
    """The same wherever the part is moved, another one when it, or what belongs to the finding, says something else."""
    node = node_path(path)
    if node not in subject.digests:
        subject.digests[node] = _digest(subject.value(*node))
    return _digest([code, node_name(subject, path), subject.digests[node], message, sorted(related)])


def _digest(said: object) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT_LENGTH]
