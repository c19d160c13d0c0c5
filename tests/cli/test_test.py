"""`playbook test` and the pytest plugin, from the outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from telling_tests import HEAD

PASSES = "  - {name: passes, timeline: [{at: 0m, message: Hello}], expect: [{at: 0m, send: ack}]}\n"
FAILS = "  - {name: fails, timeline: [{at: 0m, message: The tin came broken.}], expect: [{at: 0m, send: closed}]}\n"


def written(folder: Path, *tests: str) -> Path:
    file = folder / "a.test.yaml"
    file.write_text(HEAD + "tests:\n" + "".join(tests), "utf-8")
    return file


def asked(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "playbook_engine", "--no-color", "test", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_tests_that_pass_are_listed_and_counted(tmp_path: Path) -> None:
    written(tmp_path, PASSES)

    came = asked(folder=tmp_path)

    assert came.returncode == 0, came.stderr
    assert came.stdout.startswith("a.test.yaml\n  ✓ passes\n1 passed in ")


def test_a_failure_shows_the_story_side_by_side_and_why_it_was_decided(tmp_path: Path) -> None:
    written(tmp_path, PASSES, FAILS)

    came = asked(folder=tmp_path)

    assert came.returncode == 1
    for said in (
        "  ✗ fails\n    a.test.yaml:7\n",
        "not met: {at: 0m, send: closed}",
        "not expected: {send: ack, to: leaf",
        "closest: Mon 2026-06-15 10:00:00 {send: ack",
        "send: expected closed, actual ack",
        "DECISION  packing answers, response `fault`, target `rest`",
        "✓ text has any of the words broken",
        "1 passed, 1 failed in ",
    ):
        assert said in came.stdout


def test_only_some_are_run_and_the_first_failure_can_end_it(tmp_path: Path) -> None:
    written(tmp_path, FAILS, PASSES)

    assert asked("-k", "passes", folder=tmp_path).returncode == 0
    assert "passes" not in asked("-x", folder=tmp_path).stdout


def test_several_processes_tell_the_same(tmp_path: Path) -> None:
    written(tmp_path, FAILS, PASSES)

    came = asked("-n", "2", folder=tmp_path)

    assert came.returncode == 1
    assert "1 passed, 1 failed in " in came.stdout
    assert "send: expected closed, actual ack" in came.stdout


def test_results_come_as_json_and_as_junit(tmp_path: Path) -> None:
    written(tmp_path, FAILS, PASSES.replace("expect:", "open_world: true, expect:"))

    told = json.loads(asked("--format", "json", folder=tmp_path).stdout)
    junit = asked("--format", "junit", folder=tmp_path).stdout

    outcomes = [(each["name"], each["line"], each["outcome"], each["open_world"]) for each in told["tests"]]
    assert outcomes == [("fails", 6, "failed", False), ("passes", 7, "passed", True)]
    assert 'failures="1"' in junit
    assert 'name="passes"' in junit


def test_an_open_world_is_reported(tmp_path: Path) -> None:
    written(tmp_path, PASSES.replace("expect:", "open_world: true, expect:"))

    assert "· 1 in an open world" in asked(folder=tmp_path).stdout


def test_what_cannot_be_read_is_shown_with_its_place_and_nothing_is_run(tmp_path: Path) -> None:
    written(tmp_path, PASSES, FAILS.replace("closed", "closd"))

    came = asked(folder=tmp_path)

    assert came.returncode == 2
    assert "a.test.yaml:7:96: no template is called `closd`; did you mean `closed`?" in came.stderr
    assert "✓" not in came.stdout


@pytest.mark.parametrize("arguments", [(), ("-k", "another")])
def test_no_test_is_an_exit_code_of_its_own(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    if arguments:
        written(tmp_path, PASSES)

    came = asked(*arguments, folder=tmp_path)

    assert came.returncode == 4
    assert "no test is here" in came.stderr


def test_a_path_that_is_not_there_is_a_fault_of_usage(tmp_path: Path) -> None:
    assert asked("nowhere", folder=tmp_path).returncode == 2


def test_a_skipped_test_says_why_and_fails_when_its_day_has_come(tmp_path: Path) -> None:
    skipped = "skip: {{reason: the desk moves, until: {}}}, expect:"
    written(tmp_path, FAILS.replace("expect:", skipped.format("2999-01-01")))
    came = asked(folder=tmp_path)
    assert came.returncode == 0
    assert "  - fails\n    the desk moves (until 2999-01-01)\n" in came.stdout

    written(tmp_path, FAILS.replace("expect:", skipped.format("2020-01-01")))
    came = asked(folder=tmp_path)
    assert came.returncode == 1
    assert "skipped until 2020-01-01, which has come: the desk moves" in came.stdout


def test_settings_of_pytest_that_lie_about_change_nothing(tmp_path: Path) -> None:
    written(tmp_path, PASSES)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n", "utf-8")
    (tmp_path / "conftest.py").write_text("raise SystemExit\n", "utf-8")
    (tmp_path / "test_other.py").write_text("def test_a(): assert False\n", "utf-8")

    assert asked(folder=tmp_path).returncode == 0
    assert {each.name for each in tmp_path.iterdir()} == {"a.test.yaml", "pytest.ini", "conftest.py", "test_other.py"}


def test_plain_pytest_runs_them_too(tmp_path: Path) -> None:
    written(tmp_path, PASSES, FAILS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "passes"]

    came = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert came.returncode == 0, came.stdout
    assert "1 passed, 1 deselected" in came.stdout


def test_coverage_names_what_is_not_covered_and_too_little_of_it_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, PASSES)

    fine = asked("--coverage", "--min", "5", folder=tmp_path)
    low = asked("--min", "99", "--coverage-json", "c.json", "--coverage-html", "c.html", folder=tmp_path)

    assert (fine.returncode, low.returncode) == (0, 1), fine.stderr + low.stderr
    assert "playbook.yaml:47: ignore `machines`" in fine.stdout
    assert " is covered, less than 99 %" in low.stderr
    assert json.loads((tmp_path / "c.json").read_text("utf-8"))["coverage"][0]["percent"] < 99
    assert "<title>Coverage</title>" in (tmp_path / "c.html").read_text("utf-8")


def test_coverage_is_the_same_on_one_process_and_on_two(tmp_path: Path) -> None:
    written(tmp_path, PASSES, PASSES.replace("passes", "again").replace("Hello", "Is it?"))

    one, two = (asked("--format", "json", "--coverage", *more, folder=tmp_path) for more in ((), ("-n", "2")))

    assert json.loads(one.stdout)["coverage"] == json.loads(two.stdout)["coverage"]


def test_mutants_are_put_to_tests_that_pass_only(tmp_path: Path) -> None:
    written(tmp_path, FAILS)

    came = asked("--mutation", folder=tmp_path)

    assert came.returncode == 1
    assert "the tests must pass before mutants can be put to them" in came.stderr
    assert "mutation score" not in came.stdout


def test_a_file_that_is_there_is_not_written_over_by_suggestions(tmp_path: Path) -> None:
    file = written(tmp_path, PASSES)
    before = file.read_text("utf-8")

    came = asked("--suggest", "a.test.yaml", folder=tmp_path)
    misnamed = asked("--suggest", "a.yaml", folder=tmp_path)

    assert (came.returncode, misnamed.returncode) == (2, 2)
    assert "a.test.yaml is there already" in came.stderr
    assert "let its name end in .test.yaml" in misnamed.stderr
    assert file.read_text("utf-8") == before
