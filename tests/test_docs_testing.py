"""The page on testing is true: its files are tests that come out as it says, in the order of the page."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from playbook_engine.scenario import expectations, steps
from playbook_engine.scenario.happenings import KINDS
from playbook_engine.scenario.reading import FORMS

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "testing.md").read_text("utf-8")
FILES = dict(re.findall(r"^```yaml file=(\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
COMMANDS = re.findall(r"^```sh run(?: exits ([0-9]))?\nplaybook ([^\n]*)\n```$", PAGE, re.MULTILINE)


def test_the_tests_on_the_page_come_out_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "playbooks").symlink_to(ROOT / "playbooks")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")

    for wanted, words in COMMANDS:
        command = [sys.executable, "-m", "playbook_engine", *shlex.split(words)]
        done = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True
        )
        assert done.returncode == int(wanted or 0), f"{words}: {done.stdout}{done.stderr}"

    tried = {words.split()[-1] for _, words in COMMANDS}
    assert set(FILES) - tried == {"fails.test.yaml"}
    assert (tmp_path / "snapshots" / "june.yaml").read_text("utf-8").count("\n") > 40


def test_every_key_is_on_the_page() -> None:
    beside = (*steps.BESIDE.values(), *expectations.BESIDE.values())
    keys = {*FORMS, *steps.BESIDE, *(key for keys in beside for key in keys), *expectations.ROWS, *expectations.TIMES}
    keys |= set(KINDS) - {"decision"}

    assert [key for key in sorted(keys) if f"`{key}`" not in PAGE and f"`{key}:" not in PAGE] == []
