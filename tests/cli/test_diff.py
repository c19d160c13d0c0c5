"""`playbook diff` from the outside: what it prints of two playbooks, what it lets pass, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from playbook_engine.cli.main import playbook
from playbook_engine.errors import UsageError
from playbook_engine.resources import shipped
from small_playbook import FOLDER, SMALL, edited

CASES = Path(__file__).parents[1] / "cases" / "diff"
SINCE = ("--since", "2026-11-25")
SLOWER = ("reply: 15m", "reply: 30m")
TEXT = ("en: We are closed.", "en: We are shut.")


def diff(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(playbook, ["diff", *map(str, arguments)])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def golden(name: str, text: str) -> None:
    """The text is what the file of that name holds; UPDATE_CASES=1 writes it anew."""
    file = CASES / name
    if os.environ.get("UPDATE_CASES"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with the small playbook as `old`."""
    monkeypatch.chdir(tmp_path)
    put("old", SMALL)
    return tmp_path


def put(name: str, text: str) -> Path:
    folder = Path(name)
    folder.mkdir(exist_ok=True)
    (folder / "shop.yaml").write_text(text, "utf-8")
    (folder / "holidays.lock.yaml").write_bytes((FOLDER / "holidays.lock.yaml").read_bytes())
    return folder


def events(*texts: str) -> Path:
    file = Path("events.jsonl")
    lines = [
        {"id": str(number), "channel": "x", "account": "shop", "at": f"2026-06-15T10:0{number}:00Z", "text": text}
        | {"conversation": str(number), "author": {"handle": f"c{number}"}, "type": "message.received"}
        for number, text in enumerate(texts)
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return file


def test_what_changes_is_told_as_it_is_written_as_it_decides_and_by_a_message(here: Path) -> None:
    put("new", edited(SLOWER, TEXT, ("amount: 1000 JPY", "amount: 2000 JPY")))
    result = diff("old", "new", *SINCE)
    assert result.exit_code == 1
    golden("changed.txt", result.stdout)


def test_a_review_gets_the_answer_first_and_the_messages_folded_away(here: Path) -> None:
    put("new", edited(SLOWER, TEXT))
    result = diff(
        "old", "new", *SINCE, "--events", events("burnt", "hello"), "--format", "markdown", "--processes", "1"
    )
    assert result.exit_code == 1
    golden("changed.md", result.stdout)


def test_what_only_looks_otherwise_is_equivalent(here: Path) -> None:
    put("new", edited(("reply: 15m", "reply: 900s"), ("{id: thanks,", "{id: grateful,")))
    result = diff("old", "new", *SINCE)
    assert result.exit_code == 0
    assert "equivalent: every message is decided alike (proved)" in result.stdout


@pytest.mark.parametrize(
    ("allowed", "code"), [("slower,texts", 0), ("all", 0), ("slower", 1), ("texts", 1), ("faster", 1)]
)
def test_only_what_is_allowed_passes(here: Path, allowed: str, code: int) -> None:
    put("new", edited(SLOWER, TEXT))
    assert diff("old", "new", *SINCE, "--allow", allowed).exit_code == code


@pytest.mark.parametrize(("most", "code"), [("0", 1), ("1", 0), ("49%", 1), ("50%", 0)])
def test_only_so_many_recorded_messages_may_be_decided_otherwise(here: Path, most: str, code: int) -> None:
    put("new", edited(SLOWER))
    options = ("--events", events("burnt", "hello"), "--allow", "slower", "--max-changed", most, "--processes", "1")
    result = diff("old", "new", *SINCE, *options)
    assert "2 recorded messages: 1 change (50.0 %)" in result.stdout
    assert result.exit_code == code


def test_what_cannot_be_found_out_is_no_permission(here: Path) -> None:
    put("new", edited(("max: 100", "max: 200")))
    result = diff("old", "new", *SINCE, "--allow", "all")
    assert result.exit_code == 5
    assert "not everything could be found out" in result.stdout


def test_programs_get_what_the_schema_describes(here: Path) -> None:
    put("new", edited(SLOWER))
    said = json.loads(
        diff("old", "new", *SINCE, "--format", "json", "--events", events("burnt"), "--processes", "1").stdout
    )
    schema: dict[str, Any] = json.loads((shipped("schemas") / "diff.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(said)
    assert said["meaning"]["kinds"] == ["slower"]
    assert said["meaning"]["regions"][0]["witness"]["events"]
    assert said["impact"]["slower_by"] == 900_000


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=Mei", "-c", "user.email=mei@shop.example")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_a_revision_of_git_is_compared_with_what_is_there_now(here: Path) -> None:
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "First")
    put("old", edited(SLOWER))
    for named in ("HEAD", "HEAD:old"):
        result = diff(named, "old", *SINCE)
        assert result.exit_code == 1
        assert "SLOWER  the reply is due later" in result.stdout
        assert f"[{named}/shop.yaml:" in result.stdout


def test_two_revisions_of_git_are_compared(here: Path) -> None:
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "First")
    assert diff("HEAD:old", "HEAD:old", *SINCE).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("old", "old", "--allow", "slow"), "no change is called so"),
        (("old", "old", "--max-changed", "1%"), "name them with --events FILE"),
        (("old", "nowhere/at/all"), "git says"),
        (("old", "main:nowhere/at/all"), "write REV:PATH"),
    ],
)
def test_what_cannot_be_asked_is_said(here: Path, arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        diff(*arguments)
