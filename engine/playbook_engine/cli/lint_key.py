"""What the answer of `playbook lint` depends on, as one digest.

Loads little: an answer that is kept is to come at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from playbook_engine.model.span import Problem
from playbook_engine.runtime.playbook_files import contents, lock_content

QUARTER = 15 * 60_000
"""ms. Lint asks as of the last full quarter of an hour: in every zone of the world a day begins on one."""

_ENGINE = Path(__file__).parents[1]
_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
"""Where Python looks for time zones; of their files it is enough to know when the folder was last written."""


def key_of(paths: Iterable[Path], now: int, asked: object) -> str:
    """The digest of playbooks and of all else that decides what is said of them.

    That is what was `asked` (told apart by its `repr`), the instant, every byte of the playbooks with the names they
    are shown by, the engine's own files, whatever else is installed, Python and where its time zones are. Raises
    UsageError where there is no playbook.
    """
    digest = sha256()
    for part in _parts(paths, now, asked):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _parts(paths: Iterable[Path], now: int, asked: object) -> Iterator[bytes]:
    yield repr((now, asked, os.getcwd(), sys.version, sys.path, os.environ.get("PYTHONTZPATH"))).encode()
    for path in paths:
        files, problems = contents(path)
        locked: list[Problem] = []
        yield repr((str(path), problems)).encode()
        for name, content in (*files.items(), *lock_content(path, locked).items()):
            yield name.encode("utf-8", "surrogateescape")
            yield content
        yield repr(locked).encode()
    yield repr([*_installed(), *_own()]).encode()


def _installed() -> Iterator[tuple[object, ...]]:
    """Every distribution that can be imported, by its version and when it was installed, and the time zones."""
    for folder in (*sys.path, *_ZONES, *os.environ.get("PYTHONTZPATH", "").split(os.pathsep)):
        try:
            yield folder, os.stat(folder).st_mtime_ns
            with os.scandir(folder) as entries:
                yield from sorted(
                    (each.name, each.stat().st_mtime_ns)
                    for each in entries
                    if each.name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth"))
                )
        except OSError:
            yield (folder,)


def _own() -> Iterator[tuple[object, ...]]:
    """The engine's own files, so that a checkout that is being worked on counts as another engine."""
    import playbook_plugins

    beside = _ENGINE.parents[1] / "schemas"  # in a checkout; in a wheel they are among the engine's files
    for folder in (_ENGINE, *map(Path, playbook_plugins.__path__), *filter(Path.is_dir, (beside,))):
        yield from sorted(_files(os.fspath(folder)))


def _files(folder: str) -> Iterator[tuple[object, ...]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(entry.path)
            else:
                found = entry.stat()
                yield entry.path, found.st_size, found.st_mtime_ns
