"""What was proved of the shipped playbooks, proved again; and what a certificate says that is not so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.errors import UsageError
from playbook_engine.prove.certificate import first_difference, seal
from shipped import PLAYBOOKS, SHIPPED

SINCE = "2026-03-01"


def prove(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(playbook, ["prove", *map(str, arguments)])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("name", SHIPPED)
def test_everything_holds_of_a_shipped_playbook_and_its_certificate_is_made_again_byte_for_byte(
    name: str, tmp_path: Path
) -> None:
    """In another process, with another order of hashes and from another folder: nothing of it shows."""
    environ = {**os.environ, "PYTHONHASHSEED": "77", "NO_COLOR": "1"}
    file = tmp_path / "again.json"
    command: list[str | Path] = [
        Path(sys.executable).parent / "playbook",
        "prove",
        ".",
        "--since",
        SINCE,
        "--certificate",
        file,
    ]
    done = subprocess.run(command, cwd=PLAYBOOKS / name, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    kept = PLAYBOOKS / name / "proved.json"
    assert file.read_bytes() == kept.read_bytes(), (
        f"playbook prove playbooks/{name} --since {SINCE} --certificate {kept}"
    )
    said = json.loads(kept.read_bytes())
    assert said["seal"] == seal(said)
    assert {each["verdict"] for each in said["verdicts"]} == {"holds"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A certificate of two properties of the smallest playbook."""
    file = tmp_path_factory.mktemp("proved") / "proved.json"
    options = ("--only", "P1", "--only", "P8", "--since", SINCE, "--budget", 900, "--certificate", file)
    assert prove(PLAYBOOKS / "minimal", *map(str, options)).exit_code == 0
    return file, json.loads(file.read_text("utf-8"))


def test_a_certificate_is_proved_again_with_its_own_span_and_budget(small: tuple[Path, dict[str, Any]]) -> None:
    file, said = small
    result = prove(PLAYBOOKS / "minimal", "--check", file)
    assert result.exit_code == 0
    assert f"all 2 verdicts proved again, seal {said['seal'][:16]}" in result.stdout


CHANGES = (
    (("policy",), "0" * 64, "policy: the certificate says"),
    (("engine",), "0.0.9", 'engine: the certificate says "0.0.9", the proof'),
    (("verdicts", 1, "verdict"), "broken", 'verdicts[P8].verdict: the certificate says "broken", the proof "holds"'),
    (("verdicts", 0, "details", 2, "said"), "all is well", "verdicts[P1].details[2].said: the certificate says"),
)


@pytest.mark.parametrize(("path", "value", "said"), CHANGES, ids=lambda each: str(each)[:20])
def test_what_a_certificate_says_otherwise_is_named(
    path: tuple[Any, ...], value: str, said: str, small: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    changed = json.loads(json.dumps(small[1]))
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    changed["seal"] = seal(changed)
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(changed), "utf-8")
    result = prove(PLAYBOOKS / "minimal", "--check", file)
    assert result.exit_code == 1
    assert said in result.stdout


def test_a_certificate_that_was_changed_after_it_was_sealed_is_not_believed(
    small: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "changed.json"
    file.write_text(json.dumps({**small[1], "note": "trust me"}), "utf-8")
    result = prove(PLAYBOOKS / "minimal", "--check", file)
    assert result.exit_code == 1
    assert "seal: the certificate was changed after it was sealed" in result.stdout


@pytest.mark.parametrize("text", ["", "[]", '{"span": {}}', '"x"', "\x00"])
def test_what_is_no_certificate_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="is not a certificate; name a file that --certificate wrote"):
        prove(PLAYBOOKS / "minimal", "--check", file)
    with pytest.raises(UsageError, match="cannot be read"):
        prove(PLAYBOOKS / "minimal", "--check", tmp_path / "none.json")


def test_lists_of_different_length_part_where_one_ends() -> None:
    assert first_difference([1, 2], [1]) == "[1]: the certificate says 2, the proof null"
    assert first_difference({"a": [1]}, {"a": [1]}) == ""
