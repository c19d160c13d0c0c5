"""A store on disk that cannot be written, as it happens: each says one thing, and the command ends with exit code 2."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from playbook_engine.runtime.store import open_store, transaction

PLAYBOOK = Path(__file__).parents[2] / "playbooks" / "minimal"

RUN = """
import resource, sys
from playbook_engine.cli.main import main
trouble, *sys.argv = sys.argv[1:]
if trouble == "no-room":
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
main()
"""


def run(trouble: str, store: Path) -> subprocess.CompletedProcess[str]:
    asked = ["run", str(PLAYBOOK), "--events", str(PLAYBOOK / "events.jsonl"), "--clock", "events", "--dry-run"]
    program = [sys.executable, "-c", RUN, trouble, "playbook", *asked, "--store", f"sqlite:{store}", "--quiet"]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("no-room", "see that it has room"),
        ("locked", "another process holds it and did not let go within 5 s; wait until it is done, or stop it"),
    ],
)
def test_a_store_that_cannot_be_written_is_named_with_what_to_do(trouble: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    holder = open_store(f"sqlite:{path}")
    if trouble == "locked":
        with transaction(holder):
            result = run(trouble, path)
        holder.close()
    else:
        holder.close()
        result = run(trouble, path)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    assert result.stderr.startswith(f"playbook: `{path}")
    assert said in result.stderr


OPEN = """
import os, sys
import playbook_engine.runtime.stores.sqlite
from playbook_engine.errors import StoreError
from playbook_engine.runtime.store import open_store
if os.geteuid() == 0:
    # The files of root are read only to others.
    os.setgid(65534)
    os.setuid(65534)
try:
    open_store(sys.argv[1])
except StoreError as error:
    print(error)
"""


def test_a_file_that_can_only_be_read_is_named_with_what_to_do() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        open_store(f"sqlite:{path}").close()
        path.chmod(0o444)
        path.parent.chmod(0o755)
        program = [sys.executable, "-c", OPEN, f"sqlite:{path}"]
        result = subprocess.run(program, capture_output=True, text=True, check=True)
    assert result.stdout == f"`{path}`: it can only be read; let this user write it and its folder\n"
