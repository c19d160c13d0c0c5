"""Answers of `playbook lint` that are kept: at once where nothing has changed, and never another than a fresh one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook_engine.cli import lint as lint_command
from playbook_engine.cli import linted
from playbook_engine.cli.lint_key import QUARTER, key_of
from playbook_engine.cli.main import playbook
from playbook_engine.registry import Registry
from playbook_engine.runtime import kept

LINT = Path(__file__).parents[1] / "lint"
BASE = (LINT / "base.yaml").read_text("utf-8")
MORE = "templates:\n  old: {ja: ありがとうございます。, en: Thank you.}\n"
NOW = 1_795_600_000_000 // QUARTER * QUARTER


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "playbook-engine"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The instant it is, to be changed."""
    instant = [NOW]

    class Clock:
        def now(self) -> int:
            return instant[0]

    monkeypatch.setattr(lint_command, "SystemClock", Clock)
    return instant


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "playbook"
    folder.mkdir()
    (folder / "playbook.yaml").write_text(BASE, "utf-8")
    (folder / "more.yaml").write_text(MORE, "utf-8")
    (folder / "holidays.lock.yaml").write_bytes((LINT / "base.lock.yaml").read_bytes())
    return folder


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows by one whenever playbooks are really looked at."""
    found: list[object] = []
    before = linted.linted

    def counting(asked: lint_command.Asked) -> tuple[tuple[int, str] | None, bool]:
        found.append(asked)
        return before(asked)

    monkeypatch.setattr(linted, "linted", counting)
    return found


def lint(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(playbook, ["lint", *map(str, arguments)])
    return result.exit_code, result.stdout


def test_the_same_question_is_answered_from_what_was_kept(
    folder: Path, clock: list[int], looked: list[object], cache: Path
) -> None:
    first = lint(folder, "--fail-on", "warning")
    assert first[0] == 1
    assert lint(folder, "--fail-on", "warning") == first
    assert len(looked) == 1
    assert cache.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "other",
    [["--profile", "audit"], ["--format", "json"], ["--fail-on", "info"], ["--only", "PB110"], ["--no-ignores"]],
)
def test_another_question_is_looked_at(folder: Path, clock: list[int], looked: list[object], other: list[str]) -> None:
    lint(folder)
    assert lint(folder, *other) == lint(folder, *other, "--no-cache")
    assert len(looked) == 3


@pytest.mark.parametrize("name", ["playbook.yaml", "more.yaml", "holidays.lock.yaml", "new.yaml", "wrong.yml"])
def test_a_change_of_any_file_is_seen(folder: Path, clock: list[int], looked: list[object], name: str) -> None:
    lint(folder)
    file = folder / name
    file.write_text((file.read_text("utf-8") if file.exists() else "") + "# more\n", "utf-8")
    assert lint(folder) == lint(folder, "--no-cache")
    assert len(looked) == 3


def test_a_file_under_another_name_is_shown_by_that_name(folder: Path, clock: list[int]) -> None:
    lint(folder)
    (folder / "more.yaml").rename(folder / "most.yaml")
    assert "most.yaml" in lint(folder)[1]


def test_an_answer_is_good_for_a_quarter_of_an_hour(folder: Path, clock: list[int], looked: list[object]) -> None:
    lint(folder)
    clock[0] += QUARTER - 1
    lint(folder)
    assert len(looked) == 1
    clock[0] += 1
    lint(folder)
    assert len(looked) == 2


def test_nothing_is_kept_where_it_is_not_wanted(folder: Path, cache: Path) -> None:
    lint(folder, "--no-cache")
    assert not cache.exists()


def test_nothing_is_kept_of_what_the_plugins_of_others_say(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_stranger = Registry.of([("stranger", "stranger 1.0", sys.modules[__name__])])
    monkeypatch.setattr(Registry, "build", lambda: with_stranger)
    lint(folder)
    assert not cache.exists()


def test_what_was_changed_while_it_was_looked_at_is_not_kept(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = linted.linted

    def slowly(asked: lint_command.Asked) -> tuple[tuple[int, str] | None, bool]:
        (folder / "more.yaml").write_text("", "utf-8")
        return before(asked)

    monkeypatch.setattr(linted, "linted", slowly)
    lint(folder)
    assert not cache.exists()


def test_an_answer_that_is_torn_is_none(folder: Path, cache: Path, clock: list[int]) -> None:
    first = lint(folder)
    for file in cache.iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    assert lint(folder) == first


def test_a_cache_that_cannot_be_written_keeps_nothing_from_working(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert lint(folder) == lint(folder, "--no-cache")


def test_the_oldest_answers_go_and_a_long_one_is_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_ANSWERS", 3)
    for number in range(5):
        kept.keep(cache, f"{number}", 0, "fine")
        os.utime(cache / f"{number}.json", (number, number))
    assert [kept.kept(cache, f"{number}") for number in range(5)] == [None, None, *[(0, "fine")] * 3]
    kept.keep(cache, "long", 0, "a" * kept.MOST_BYTES)
    assert kept.kept(cache, "long") is None


def test_a_key_is_of_the_engine_that_answers(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = key_of([folder], NOW, ())
    assert key_of([folder], NOW, ()) == before
    (tmp_path / "zones").mkdir()
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path / "zones"))
    assert key_of([folder], NOW, ()) != before
    monkeypatch.delenv("PYTHONTZPATH")
    (tmp_path / "other-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert key_of([folder], NOW, ()) != before


edits = st.lists(
    st.tuples(
        st.sampled_from(("playbook.yaml", "more.yaml")),
        st.sampled_from(("drop", "double", "word", "back")),
        st.integers(0, 400),
    ),
    min_size=2,
    max_size=5,
)


@given(edits)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_changed_the_answer_is_that_of_a_fresh_look(
    folder: Path, clock: list[int], plan: list[tuple[str, str, int]]
) -> None:
    whole = {"playbook.yaml": BASE, "more.yaml": MORE}
    for name, how, where in plan:
        lines = (folder / name).read_text("utf-8").splitlines(keepends=True) or ["\n"]
        at = where % len(lines)
        if how == "drop":
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[at])
        elif how == "word":
            lines[at] = lines[at].replace("care", "night").replace("email", "line")
        else:
            lines = [whole[name]]
        (folder / name).write_text("".join(lines), "utf-8")
        fresh = lint(folder, "--profile", "audit", "--format", "jsonl", "--no-cache")
        assert lint(folder, "--profile", "audit", "--format", "jsonl") == fresh
        assert lint(folder, "--profile", "audit", "--format", "jsonl") == fresh


def test_an_answer_that_is_kept_loads_neither_rules_nor_prover(folder: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "playbook_engine", "lint", str(folder)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=False) for _ in range(3)]
    assert "playbook_engine.prove" in runs[0].stderr
    assert {each.stdout for each in runs} == {runs[0].stdout}
    loaded = [{line.rpartition("|")[2].strip() for line in each.stderr.splitlines()} for each in runs[1:]]
    assert any(not [name for name in each if name.startswith(("playbook_engine.prove", "yaml"))] for each in loaded)
