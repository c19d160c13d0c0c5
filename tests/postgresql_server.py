"""A PostgreSQL server for one session of the tests: in a folder of its own, reached by a unix socket only."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

USER = "postgres"
"""Who runs it where the tests run as root, which PostgreSQL refuses."""

_SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "max_connections": "60"}


class Server:
    """A running server. `store()` is the address of a new and empty store in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count()

    def address(self, user: str = USER, database: str = "postgres", **parameters: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in parameters.items())
        return f"postgresql://{user}@/{database}?host={self.folder}{more}"

    def run(self, statement: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.address(database=database), autocommit=True) as db:
            db.execute(statement)

    def store(self) -> str:
        name = f"store{next(self._numbers)}"
        self.run(f"CREATE SCHEMA {name}")
        return self.address(options=f"-csearch_path%3D{name}")


def binaries() -> Path | None:
    """Where `initdb` and `postgres` are, the newest release first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    return next(iter([*found, *([Path(on_path).parent] if on_path else [])]), None)


def serving() -> Iterator[Server]:
    """Starts a server, and stops it by its process. Skips where there are no binaries."""
    pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server here; `apt-get install postgresql` brings one")
    other: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="playbook-pg-", dir="/tmp"))
    try:
        if other:
            shutil.chown(folder, USER, USER)
        data = folder / "data"
        made = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **other)
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *settings],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                **other,
            )
        try:
            ready = [str(programs / "pg_isready"), "-q", "-h", str(folder)]
            while subprocess.run(ready, check=False).returncode != 0:
                assert process.poll() is None, (folder / "log").read_text()
            yield Server(folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
