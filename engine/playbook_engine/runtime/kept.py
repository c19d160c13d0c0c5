"""Answers kept on disk by a digest of all that they depend on: in the user's cache, and never more than a bound.

What cannot be read is not there, and what cannot be written is not kept: nobody is told, because nothing is lost.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

MOST_ANSWERS = 64
"""The oldest go first."""

MOST_BYTES = 1 << 20
"""Of one answer; a longer one is not kept."""


def folder() -> Path | None:
    """`playbook-engine` in `XDG_CACHE_HOME`, else in `~/.cache`; None for a user without a home.

    See https://specifications.freedesktop.org/basedir-spec/latest/.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(named) if os.path.isabs(named) else Path.home() / ".cache") / "playbook-engine"
    except RuntimeError:
        return None


def kept(place: Path, key: str) -> tuple[int, str] | None:
    """The exit code and the text that were kept under a digest; None where there are none."""
    try:
        code, text = json.loads((place / f"{key}.json").read_bytes())
    except (OSError, ValueError, TypeError):
        return None
    return (code, text) if type(code) is int and isinstance(text, str) else None


def keep(place: Path, key: str, code: int, text: str) -> None:
    """Keeps an answer, for this user alone, and drops the oldest of those that are too many."""
    content = json.dumps([code, text]).encode()
    if len(content) > MOST_BYTES:
        return
    with suppress(OSError):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = place / f"{key}.{os.getpid()}"
        half.write_bytes(content)
        half.replace(place / f"{key}.json")
        listed = sorted(place.iterdir(), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for old in listed[MOST_ANSWERS:]:
            old.unlink()
