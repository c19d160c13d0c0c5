"""`playbook lint` from the outside: its formats, where they go, and its exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.lint.formats import FORMATS

MINIMAL = Path(__file__).parents[2] / "playbooks" / "minimal" / "playbook.yaml"


def ask(*words: str) -> Result:
    return CliRunner().invoke(playbook, ["lint", *words])


@pytest.fixture
def good(tmp_path: Path) -> str:
    folder = tmp_path / "good"
    folder.mkdir()
    (folder / "playbook.yaml").write_text(MINIMAL.read_text("utf-8"), "utf-8")
    return str(folder)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A playbook whose only fault is that a route leads nowhere."""
    text = MINIMAL.read_text("utf-8")
    folder = tmp_path / "悪い"
    folder.mkdir()
    (folder / "playbook.yaml").write_text(text.replace("to: packing", "to: pakcing", 1), "utf-8")
    return str(folder)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_names_what_is_wrong_and_where(form: str, bad: str) -> None:
    result = ask(bad, "--format", form)

    assert result.exit_code == 1, result.output
    assert "PB104" in result.output
    assert "pakcing" in result.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "never"), 0),
        (("--exit-zero",), 0),
        (("--exit-zero", "--format", "sarif"), 0),
        (("--only", "PB112"), 0),
        (("--only", "unknown-department"), 1),
        (("--only", "PB999"), 2),
        (("--format", "yaml"), 2),
    ],
)
def test_exit_codes(words: tuple[str, ...], code: int, bad: str) -> None:
    command = [sys.executable, "-m", "playbook_engine", "lint", bad, *words]
    assert subprocess.run(command, capture_output=True, check=False).returncode == code


def test_a_good_playbook_and_a_bad_one_are_told_together(good: str, bad: str) -> None:
    said = json.loads(ask(good, bad, good, "--format", "json").output)

    assert [each["name"] for each in said["playbooks"]] == ["minimal", "minimal"]
    assert [bool(each["digest"]) for each in said["playbooks"]] == [True, False]
    assert len(said["files"]) == 2


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_gets_what_stdout_would(form: str, bad: str, tmp_path: Path) -> None:
    file = tmp_path / "report"
    result = ask(bad, "--format", form, "--output", str(file))

    assert (result.exit_code, result.output) == (1, "")
    assert "PB104" in file.read_bytes().decode("utf-8")
    assert b"\x1b" not in file.read_bytes()


def test_a_file_that_cannot_be_written_is_a_usage_error(bad: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "playbook_engine", "lint", bad, "--output", str(tmp_path / "no" / "report")]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    assert ran.returncode == 2
    assert "cannot be written: No such file or directory" in ran.stderr


def test_colour_is_for_whoever_asks(bad: str) -> None:
    def colour(*words: str, **environment: str) -> bool:
        return "\x1b" in CliRunner().invoke(playbook, [*words, "lint", bad], env=environment).output

    assert not colour()
    assert colour("--color")
    assert colour(FORCE_COLOR="1")
    assert not colour("--no-color", FORCE_COLOR="1")
    assert not colour(NO_COLOR="1", FORCE_COLOR="1")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_for_terminals(environment: dict[str, str], coloured: bool, bad: str) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "playbook_engine", "lint", bad]
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    with os.fdopen(ours, "rb", 0) as terminal:
        subprocess.run(command, stdout=theirs, env={**kept, **environment, "TERM": "xterm"}, check=False)
        said = terminal.read(100)
        os.close(theirs)

    assert said.startswith(b"\x1b[1;31merror[PB104]") == coloured
    assert b"error[PB104]" in said
