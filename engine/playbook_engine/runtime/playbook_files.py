"""The files of a playbook on disk: which they are, and what they hold. Nothing is understood of them here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from playbook_engine.errors import UsageError
from playbook_engine.model.span import Problem, Span
from playbook_engine.policy.lock_file import LOCK_FILE

MOST_FILES = 500
MOST_BYTES = 8 << 20
"""Of all files of a playbook together; a playbook of 2,000 rules has a third of a megabyte."""

_NOT_READ = (".test.yaml", ".lock.yaml")


def contents(path: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """The bytes of every file by its display name, and what was not read and why. Raises UsageError for none."""
    problems: list[Problem] = []
    if path.is_dir():
        files = list(_files(path, path.resolve(), problems))
    elif path.is_file():
        files = [path]
    else:
        raise UsageError(f"`{path}` is not there; name a directory of YAML files, or one YAML file")
    if not files and not problems:
        raise UsageError(f"`{path}` holds no playbook; its files end in .yaml")
    found: dict[str, bytes] = {}
    room = MOST_BYTES
    for number, file in enumerate(files):
        if number >= MOST_FILES or room < 0:
            problems.append(Problem(Span(file.as_posix()), "too-large", _too_large(number)))
            break
        content = _read(file, problems)
        room -= len(content)
        found[file.as_posix()] = content
    return found, problems


def lock_content(path: Path, problems: list[Problem]) -> dict[str, bytes]:
    """The bytes of the file of locked holidays beside a playbook, by its display name; nothing where there is none."""
    file = (path if path.is_dir() else path.parent) / LOCK_FILE
    return {file.as_posix(): _read(file, problems)} if file.is_file() else {}


def _too_large(number: int) -> str:
    bounds = f"a playbook has at most {MOST_FILES} files and {MOST_BYTES} bytes"
    return f"{bounds}; nothing was read from file {number + 1} on; split it in two, or move what is no playbook"


def _read(file: Path, problems: list[Problem]) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        problems.append(Problem(Span(file.as_posix()), "unreadable", f"this file cannot be read: {why}"))
        return b""


def _files(folder: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    """The playbook's files below a folder, by name. Links that lead out of the root are refused."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        why = error.strerror or type(error).__name__
        problems.append(Problem(Span(folder.as_posix()), "unreadable", f"this folder cannot be read: {why}"))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if os.path.isdir(entry) and entry.is_symlink():
            problems.append(_refused(entry, "is a link to a folder; put the files themselves here"))
        elif os.path.isdir(entry):
            yield from _files(entry, root, problems)
        elif entry.name.endswith(".yml"):
            problems.append(_refused(entry, f"is not read; rename it to {entry.stem}.yaml"))
        elif not entry.name.endswith(".yaml") or entry.name.endswith(_NOT_READ):
            continue
        elif not entry.resolve().is_relative_to(root):
            problems.append(_refused(entry, "is a link out of the playbook; put the file itself here"))
        else:
            yield entry


def _refused(entry: Path, why: str) -> Problem:
    return Problem(Span(entry.as_posix()), "not-read", f"`{entry.name}` {why}")
