"""Hashes of seals noted outside the store, a line each: so that cutting off the end of the record is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playbook_engine.cli.output import moment
from playbook_engine.errors import UsageError
from playbook_engine.runtime.sealing import Seal


@contextmanager
def anchored(place: Path | None) -> Iterator[Callable[[Seal, str], None]]:
    """What adds a seal's line to the file; without a file nothing is noted. Raises UsageError."""
    if place is None:
        yield lambda seal, named: None
        return
    try:
        file = place.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{place} cannot be written: {error.strerror}; name another file") from None
    with file:

        def note(seal: Seal, named: str) -> None:
            file.write(seal_line(seal, named) + "\n")
            file.flush()

        yield note


def seal_line(seal: Seal, named: str) -> str:
    """When, which seal, and its hash as the last word."""
    return f"{moment(seal.at).isoformat()} seal {seal.n} {named}"


def noted_in(place: Path) -> list[str]:
    """The hashes in a file of anchors: the last word of every line. Raises UsageError."""
    try:
        lines = place.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{place} cannot be read: {error}; name the file that `run --anchor` wrote") from None
    return [line.split()[-1] for line in lines if line.strip()]
