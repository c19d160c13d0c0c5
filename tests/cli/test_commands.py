"""Every command but `run`, from the outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import COMMANDS, playbook

ROOT = Path(__file__).parents[2]
MINATO = str(ROOT / "playbooks" / "minato")
MINIMAL = str(ROOT / "playbooks" / "minimal")


def ask(*words: str, input: str | None = None) -> Result:
    return CliRunner().invoke(playbook, words, input=input)


def shell(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "playbook_engine", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = ask(name, "--help")

    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_init_writes_a_playbook_that_lints_and_runs(lang: str, tmp_path: Path) -> None:
    folder = tmp_path / "店"
    assert ask("init", str(folder), "--lang", lang).exit_code == 0

    assert ask("lint", str(folder)).exit_code == 0
    assert shell("test", str(folder)).returncode == 0
    events = str(folder / "events.jsonl")
    ran = ask("run", str(folder), "--events", events, "--clock", "events", "--dry-run", "--format", "json")
    assert json.loads(ran.stdout)["incidents"] == 2
    assert json.loads((folder / ".playbook" / "schema.json").read_text("utf-8"))["$defs"]["department-name"]["enum"]


def test_init_touches_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = shell("init", str(tmp_path))

    assert result.returncode == 2
    assert "is not empty; name a new folder" in result.stderr


def test_lint_tells_every_problem_with_its_place(tmp_path: Path) -> None:
    text = (ROOT / "playbooks" / "minimal" / "playbook.yaml").read_text("utf-8")
    (tmp_path / "playbook.yaml").write_text(text.replace("reply:", "replyy:", 1) + "\nextra: 1\n", "utf-8")
    result = ask("lint", str(tmp_path), "--format", "json")
    said = json.loads(result.stdout)

    assert result.exit_code == 1
    assert {finding["nearest"] for finding in said["findings"] if finding["code"] == "PB101"} >= {"reply"}
    assert all(finding["line"] > 1 for finding in said["findings"])


def test_lint_of_what_is_not_there_is_a_usage_error() -> None:
    result = shell("lint", "nowhere")

    assert (result.returncode, result.stdout) == (2, "")
    assert "`nowhere` is not there" in result.stderr


def test_a_playbook_with_problems_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "playbook.yaml").write_text("playbook: shop\nformat: 1\nroute: always\n")
    result = shell("run", str(tmp_path), "--events", "-", cwd=tmp_path)

    assert result.returncode == 2
    assert "playbook.yaml:3:8" in result.stderr
    assert "Traceback" not in result.stderr


def test_hours_say_open_or_closed_and_where_open_time_leads() -> None:
    result = ask("hours", MINATO, "--at", "2026-05-02T12:30", "--calendar", "night", "--format", "json")

    assert json.loads(result.stdout) == [
        {
            "calendar": "night",
            "now": "closed",
            "opens": "Sat 2026-05-02 18:00",
            "closes": "Sun 2026-05-03 09:00",
            "due": "Sat 2026-05-02 20:00",
            "longest_closed": "9 h",
        }
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hours", MINATO, "--at", "noon"), "`noon` is not a time"),
        (("hours", MINATO, "--calendar", "nigth"), "did you mean `night`?"),
        (("hours", MINATO, "--add", "2"), "2"),
        (("run", MINIMAL, "--events", "gone.jsonl"), "gone.jsonl cannot be read"),
        (("run", MINIMAL, "--events", "-", "--until", "+1d"), "--until goes with"),
        (("run", MINIMAL, "--events", "-", "--start", "2026-01-01T00:00"), "--start goes with"),
        (("run", MINIMAL, "--events", "-", "--clock", "events", "--until", "+soon"), "--until +soon"),
        (("calendar", "lock", MINIMAL, "--years", "soon"), "`soon` is not a range of years"),
        (("lnt",), "no command is called `lnt`; did you mean `lint`?"),
    ],
)
def test_a_misuse_gets_one_clear_error(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = shell(*words, cwd=tmp_path)

    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_plugins_are_listed_with_what_they_offer() -> None:
    listed = json.loads(ask("plugins", "--format", "json", "--no-third-party").stdout)

    assert {row["name"] for row in listed} >= {"coupon", "email", "log", "lookup", "notify", "ticket", "webhook"}


def test_the_schema_knows_the_playbooks_own_names() -> None:
    schema = json.loads(ask("schema", MINATO).stdout)

    assert schema["$defs"]["template-name"]["enum"] == list(schema["$defs"]["template-name"]["enum"])
    assert "ack" in schema["$defs"]["template-name"]["enum"]
    assert "enum" not in json.loads(ask("schema").stdout)["$defs"]["template-name"]


def test_the_locked_holidays_are_listed_and_can_be_written_again(tmp_path: Path) -> None:
    text = (ROOT / "playbooks" / "minato" / "holidays.lock.yaml").read_text("utf-8")
    listed = json.loads(ask("calendar", "list", MINATO, "--format", "json").stdout)
    assert {"where": "JP", "date": "2026-05-04 Mon", "name": "みどりの日"} in listed

    (tmp_path / "playbook.yaml").write_text("calendars: {desk: {open: {daily: [09:00-18:00]}, holidays: JP}}\n")
    assert ask("calendar", "lock", str(tmp_path), "--years", "2024-2030").exit_code == 0
    assert (tmp_path / "holidays.lock.yaml").read_text("utf-8").split("\n")[2:] == text.split("\n")[2:]


def test_graph_draws_both_ways(tmp_path: Path) -> None:
    assert ask("graph", MINATO).stdout.startswith("flowchart LR\n")
    assert ask("graph", MINATO, "--format", "svg", "--output", str(tmp_path / "a.svg")).exit_code == 0
    assert (tmp_path / "a.svg").read_text("utf-8").startswith("<svg ")


def test_looking_at_the_version_loads_none_of_the_heavy_libraries() -> None:
    heavy = ("apprise", "holidays", "httpx2", "jsonschema", "rich")
    code = (
        "import sys; sys.argv = ['playbook', 'lint', sys.argv[1]]\n"
        "from playbook_engine.cli.main import main\n"
        "try: main()\n"
        f"except SystemExit: print([name for name in {heavy!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code, MINIMAL], capture_output=True, text=True, check=True)

    assert found.stdout.splitlines()[-1] == "[]"
