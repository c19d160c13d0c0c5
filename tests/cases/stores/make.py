"""Writes the store that this release leaves behind, for the tests of every later one.

    .venv/bin/python tests/cases/stores/make.py

Run once before a release; the file is called after it and is never written again.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PLAYBOOK = Path(__file__).parents[3] / "playbooks" / "minimal"
EVENTS = 6
"""Of the playbook's story: enough to hold incidents, records, deliveries and a ledger, and still a small file."""


def main() -> None:
    out = Path(__file__).with_name(f"{version('playbook-engine')}.db")
    if out.exists():
        sys.exit(f"{out} is there already; a release leaves one store behind")
    lines = (PLAYBOOK / "events.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    asked = ["--events", "-", "--clock", "events", "--store", f"sqlite:{out}", "--dry-run"]
    program = [sys.executable, "-m", "playbook_engine", "run", str(PLAYBOOK), *asked]
    subprocess.run(program, input="".join(lines[:EVENTS]), text=True, check=True)
    db = sqlite3.connect(out)
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA page_size = 512")
    db.execute("VACUUM")
    db.close()
    out.with_name(f"{out.name}-engine").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
