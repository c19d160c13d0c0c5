"""A store on disk that cannot be written, as it happens: each says one thing, and the command ends with exit code 2."""

from __future__ import annotations

import subprocess
import sys
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
