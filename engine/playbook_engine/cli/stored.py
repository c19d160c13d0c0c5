"""A store that is there already, as commands name it."""

from __future__ import annotations

from pathlib import Path

from playbook_engine.errors import UsageError
from playbook_engine.runtime.store import Store, open_store

SQLITE = "sqlite:"


def opened(place: str) -> Store:
    """The store at a URL, or in a SQLite file. Opening one that is not there would make it: UsageError instead."""
    scheme, colon, _ = place.partition(":")
    url = place if colon and scheme.isalpha() and len(scheme) > 1 else SQLITE + place
    if url.startswith("memory:") or (url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file()):
        raise UsageError(f"{place} is not there; name the file that `run --store` wrote")
    return open_store(url, "migrate")
