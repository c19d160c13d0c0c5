"""What has changed since a revision of git, and what stood there: asked of git itself."""

from __future__ import annotations

import re
import subprocess
import tarfile
from collections.abc import Mapping
from io import BytesIO
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


def put_out(path: Path, revision: str, into: Path) -> Path:
    """Writes what stood at a path in a revision into a folder; where it is then. Raises UsageError with git's words."""
    if revision.startswith("-"):
        raise UsageError(f"`{revision}` is no revision; write for instance `main` or `HEAD~1`")
    folder, name = (path, ".") if path.is_dir() else (path.parent, path.name)
    packed = _asked(folder, "archive", "--format=tar", revision, name)
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
    return into if name == "." else into / name


def _git(folder: Path, *arguments: str) -> str:
    return _asked(folder, *arguments).decode("utf-8", "replace")


def _asked(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git cannot be asked what has changed: {error.strerror}; install git") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UsageError(f"git says: {said.splitlines()[0] if said else 'nothing'}")
    return done.stdout
