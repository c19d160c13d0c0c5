"""`playbook prove` from the outside: what it prints, of good playbooks, bad ones and bad input, and how it ends."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lint.linting import laid_over
from playbook_engine.cli import prove as prove_command
from playbook_engine.cli.main import playbook
from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.prove.cross_check import Disagreement
from prove.holding import heavy

CASES = Path(__file__).parents[1] / "cases" / "prove"
LOCK = Path(__file__).parents[1] / "lint" / "base.lock.yaml"
SINCE = ("--since", "2026-11-25")
BROKEN = """
departments:
  care: {name: お客様係, on_duty: head, lead: head}
targets:
  - {id: foreign, when: {lang: en}, reply: 12h, apologise: 24h, resolve: 48h, escalate: standard}
rules:
  clean: {when: {topics: legal}, do: [{hide: {}}]}
prove:
  - {id: 怪我は人が, assume: {topics: injury}, assert: {human_only: true, reply.due_in: {lte: 10m}}}
  - {id: bounded, assert: {spend: {lte: 1000 JPY}}, assume: always}
"""


def prove(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(playbook, ["prove", *map(str, arguments)])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def folder(path: Path, fragment: str) -> Path:
    """The playbook of the tests of lint with a fragment laid over it, without what a plugin would offer."""
    for name, content in laid_over(fragment).items():
        (path / name).write_bytes(content)
    (path / "holidays.lock.yaml").write_bytes(LOCK.read_bytes())
    return path


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with a playbook that breaks much."""
    monkeypatch.chdir(tmp_path)
    return folder(tmp_path, BROKEN.replace("[{hide: {}}]", "[{hand_over: {channel: direct}}, {tag: seen}]"))


def golden(name: str, text: str) -> None:
    """The text is what the file of that name holds; UPDATE_CASES=1 writes it anew."""
    file = CASES / name
    if os.environ.get("UPDATE_CASES"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_what_is_broken_is_shown_with_its_message_and_what_came_of_it(shop: Path) -> None:
    result = prove(*SINCE)
    assert result.exit_code == 1
    golden("broken.txt", result.stdout)


def test_the_same_is_told_to_programs(shop: Path) -> None:
    result = prove(*SINCE, "--format", "json", "--only", "P12", "--only", "怪我は人が")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert [(each["code"], each["verdict"]) for each in said["verdicts"]] == [
        ("P12", "broken"),
        ("怪我は人が", "broken"),
    ]
    golden("broken.json", json.dumps(said["verdicts"][1], ensure_ascii=False, indent=1) + "\n")


def test_what_is_proved_is_told_part_by_part_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder(tmp_path, "owner: mori\n"))
    result = prove(*SINCE, "--details", "--only", "p1", "--only", "P5", "--only", "bounded")
    assert result.exit_code == 0
    golden("proved.txt", result.stdout)


def test_what_is_too_much_for_the_budget_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder(tmp_path, heavy("heavy")))
    result = prove(*SINCE, "--budget", "1", "--only", "heavy")
    assert result.exit_code == 5
    golden("inconclusive.txt", result.stdout)


def test_an_example_is_saved_as_events_that_run_takes_in(shop: Path) -> None:
    result = prove(*SINCE, "--only", "怪我は人が", "--emit-events", "examples")
    assert result.exit_code == 1
    file = shop / "examples" / "怪我は人が-1.jsonl"
    assert "saved examples/怪我は人が-1.jsonl\n" in result.stdout
    options = ("--events", str(file), "--clock", "events", "--story", "--dry-run")
    ran = CliRunner().invoke(playbook, ["run", ".", *options])
    assert ran.exit_code == 0, ran.output
    assert "Cleo (x) writes: burnt" in ran.stdout
    assert "reply promised by Wed 25 Nov 00:15 [critical]" in ran.stdout


def test_a_slip_in_a_name_shows_the_nearest(shop: Path) -> None:
    with pytest.raises(UsageError, match="no property and no claim is called `bonded`; did you mean `bounded`"):
        prove("--only", "bonded")
    with pytest.raises(UsageError, match="no property and no claim is called `everything`; there are P1, P2"):
        prove("--only", "everything")


def test_bad_input_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        prove(tmp_path / "nowhere")
    (tmp_path / "playbook.yaml").write_text("playbook: x\nformat: 1\nroute: 7\n", "utf-8")
    with pytest.raises(PlaybookProblems, match=r"playbook\.yaml:3:"):
        prove(tmp_path)
    with pytest.raises(UsageError, match="`soon` is not a time"):
        prove(folder(tmp_path, "owner: mori\n"), "--since", "soon")


def test_a_folder_that_cannot_be_made_is_named(shop: Path) -> None:
    (shop / "taken").write_text("", "utf-8")
    with pytest.raises(UsageError, match="taken cannot be made"):
        prove(*SINCE, "--only", "P8", "--emit-events", "taken")


def test_z3_is_asked_everything_too(shop: Path) -> None:
    pytest.importorskip("z3")
    result = prove(*SINCE, "--cross-check", "--only", "P12", "--only", "bounded")
    assert result.exit_code == 1
    assert "z3 is asked every question too; all 14 rows win alike" in result.stderr


def test_solvers_that_contradict_each_other_are_our_fault(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("z3")

    def lies(self: Any, *assumptions: Any) -> str:
        return "no"

    monkeypatch.setattr("playbook_engine.prove.cross_check.Clauses.ask", lies)
    with pytest.raises(Disagreement, match="our solver says yes, z3 says no"):
        prove(*SINCE, "--cross-check", "--only", "P2")


def test_without_z3_a_cross_check_says_what_to_install(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove_command, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"install `playbook-engine\[prove\]`"):
        prove("--cross-check")
