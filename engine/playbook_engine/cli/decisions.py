"""`run --decisions`: the store's records as JSON lines, written once they are committed.

So the file never says what a crash took back. A run that is repeated after a crash, on the same store and with the
same file, goes on where the file ends and adds what it lacks: in the end it holds what one run would have written.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import DecodeError, json

from playbook_engine.errors import UsageError
from playbook_engine.runtime.record import RecordedDecision, whole_record
from playbook_engine.runtime.store import Record, Store, encode


@contextmanager
def decisions_to(place: str, store: Store) -> Iterator[Callable[[], None]]:
    """What is to be called after every commit. `place` is a file, or `-` for stdout."""
    if place == "-":
        yield _Follower(store, _count(store), sys.stdout.buffer).catch_up
        return
    path = Path(place)
    try:
        last, end = _last_line(path)
        known = _place_of(last, store) if last else None
        with path.open("ab") as file:
            file.truncate(end if known is not None else 0)
            yield _Follower(store, _count(store) if known is None else known, file).catch_up
    except OSError as error:
        if error.filename != place:
            raise
        raise UsageError(f"{place} cannot be written: {error.strerror}; name another file") from None


class _Follower:
    """Writes every record of a store but for the first `after`, each once."""

    def __init__(self, store: Store, after: int, file: BinaryIO) -> None:
        self._store = store
        self._after = after
        self._file = file

    def catch_up(self) -> None:
        for record in self._store.records(after=self._after):
            self._file.write(_line(self._store, record) + b"\n")
            self._after += 1
        self._file.flush()


def _line(store: Store, record: Record) -> bytes:
    return encode(whole_record(store, record))


def _count(store: Store) -> int:
    return sum(1 for _ in store.records())


def _place_of(line: bytes, store: Store) -> int | None:
    """How many records there are up to the one that the line holds, None where the store has no such record."""
    try:
        event = json.decode(line, type=RecordedDecision).event
    except DecodeError:
        return None
    numbered = ((number, record) for number, record in enumerate(store.records(), 1) if record.event == event)
    return max((number for number, record in numbered if _line(store, record) == line), default=None)


def _last_line(path: Path) -> tuple[bytes, int]:
    """The last whole line, and where it ends; a line that was cut off does not count."""
    if not path.is_file():
        return b"", 0
    line, end = b"", 0
    with path.open("rb") as file:
        for each in file:
            if each.endswith(b"\n"):
                line, end = each[:-1], end + len(each)
    return line, end
