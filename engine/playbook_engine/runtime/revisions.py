"""What has changed since a revision of git: asked of git itself."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from playbook_engine.errors import UsageError

_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(?P<line>\d+)(?:,(?P<count>\d+))? @@")


def changed_lines(folder: Path, revision: str) -> Mapping[Path, frozenset[int]]:
    """The lines, from 1, that differ from a revision, by file; files that git does not know yet as a whole.

    Where lines were only taken out, the lines on both sides count. Raises UsageError with git's own words.
    """
    if revision.startswith("-"):
        raise UsageError(f"`{revision}` is no revision; write for instance `main` or `HEAD~1`")
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    found: dict[Path, set[int]] = {}
    current: set[int] = set()
    said = _git(folder, "-c", "core.quotepath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff", revision)
    for line in said.splitlines():
        if line.startswith("+++ "):
            current = found.setdefault(top / line.removeprefix("+++ ").removeprefix("b/"), set())
        elif hunk := _HUNK.match(line):
            first, count = int(hunk["line"]), int(hunk["count"] or 1)
            current.update(range(first, first + count) if count else (first, first + 1))
    for name in _git(folder, "ls-files", "--others", "--exclude-standard", "--full-name", "-z").split("\0"):
        if name:
            new = top / name
            found[new] = set(range(1, new.read_bytes().count(b"\n") + 2))
    return {file.resolve(): frozenset(lines) for file, lines in found.items()}


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False, encoding="utf-8"
        )
    except OSError as error:
        raise UsageError(f"git cannot be asked what has changed: {error.strerror}; install git") from None
    if done.returncode:
        raise UsageError(f"git says: {done.stderr.strip().splitlines()[0] if done.stderr.strip() else 'nothing'}")
    return done.stdout
