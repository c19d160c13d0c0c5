"""Playbooks on disk: which files are read, which are refused, and the holidays locked beside them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from playbook_engine.errors import UsageError
from playbook_engine.policy.holidays import LOCK_FILE, read_lock
from playbook_engine.runtime import playbook_files
from playbook_engine.runtime.holidays import lock
from playbook_engine.runtime.playbooks import load
from playbook_engine.text.read import read
from small_playbook import FOLDER, SMALL, policy_of

LOCK = (FOLDER / LOCK_FILE).read_text("utf-8")


def written(folder: Path, **files: str) -> Path:
    """A directory with the small playbook's lock and these files; `__` in a name stands for a slash."""
    (folder / LOCK_FILE).write_text(LOCK, "utf-8")
    for name, text in files.items():
        file = folder / (name.replace("__", "/") + ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def test_a_directory_is_a_playbook_with_its_lock() -> None:
    found = load(FOLDER)
    assert found.problems == ()
    assert found.policy is not None
    assert found.policy.digest == policy_of(SMALL).digest
    assert list(found.document.lines) == [(FOLDER / "shop.yaml").as_posix()]


def test_a_single_file_is_a_playbook_with_the_lock_beside_it() -> None:
    assert load(FOLDER / "shop.yaml").policy == load(FOLDER).policy


def test_folders_below_are_read_and_tests_locks_and_dot_files_are_not(tmp_path: Path) -> None:
    before, marker, after = SMALL.partition("accounts:\n")
    folder = written(
        tmp_path,
        head=before,
        departments__rest=marker + after,
        **{"story.test": "no: playbook", "other.lock": "no: playbook", ".hidden": "no: playbook", ".git__x": "no: a"},
    )
    (folder / "README.md").write_text("not a playbook", "utf-8")
    found = load(folder)
    assert found.problems == ()
    assert [Path(file).relative_to(folder).as_posix() for file in found.document.lines] == [
        "departments/rest.yaml",
        "head.yaml",
    ]


def test_a_yml_file_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    folder = written(tmp_path, shop=SMALL)
    (folder / "more.yml").write_text("rules: {}", "utf-8")
    (problem,) = load(folder).problems
    assert (problem.code, problem.message) == ("not-read", "`more.yml` is not read; rename it to more.yaml")


def test_a_link_out_of_the_directory_is_refused_and_one_within_it_is_not(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("rules: {}", "utf-8")
    (tmp_path / "inside").mkdir()
    folder = written(tmp_path / "inside", shop=SMALL)
    (folder / "secret.yaml").symlink_to(outside)
    (problem,) = load(folder).problems
    assert problem.code == "not-read"
    assert "`secret.yaml` is a link out of the playbook" in problem.message
    assert outside.as_posix() not in load(folder).document.lines
    (folder / "secret.yaml").unlink()
    (folder / "store").mkdir()
    (folder / "shop.yaml").rename(folder / "store" / "shop.txt")
    (folder / "shop.yaml").symlink_to(folder / "store" / "shop.txt")
    assert load(folder).problems == ()


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, shop=SMALL)
    (folder / "round").symlink_to(folder)
    assert [problem.code for problem in load(folder).problems] == ["not-read"]


def test_a_file_nobody_may_read_is_told_and_nothing_is_concluded_from_it(tmp_path: Path) -> None:
    folder = written(tmp_path, shop=SMALL.replace("links: {returns", "lonks: {returns"))
    (folder / "more.yaml").symlink_to(folder / "gone.yaml")
    assert {problem.code for problem in load(folder).problems} == {"unreadable", "unknown-field"}


def test_a_folder_that_cannot_be_read_is_told_and_does_not_hide_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path, shop=SMALL + "\nlimit: 3\n", locked__care="playbook: other\n")
    iterdir = Path.iterdir

    def closed(self: Path) -> Iterator[Path]:
        if self.name == "locked":
            raise PermissionError(13, "Permission denied", str(self))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", closed)
    found = [(problem.code, Path(problem.span.file).name) for problem in load(folder).problems]
    assert found == [("unknown-field", "shop.yaml"), ("unreadable", "locked")]


def test_more_than_a_playbook_can_be_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path, shop=SMALL, zoo="rules: {}", zzz="modes: {}")
    monkeypatch.setattr(playbook_files, "MOST_FILES", 2)
    assert [problem.code for problem in load(folder).problems] == ["too-large"]
    monkeypatch.setattr(playbook_files, "MOST_FILES", 9)
    monkeypatch.setattr(playbook_files, "MOST_BYTES", 100)
    assert "too-large" in {problem.code for problem in load(folder).problems}


def test_what_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        load(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="holds no playbook"):
        load(tmp_path)


def test_problems_of_all_files_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    before, marker, after = SMALL.partition("accounts:\n")
    folder = written(
        tmp_path,
        b=before.replace("lead: sato", "lead: satou"),
        a=(marker + after).replace("escalate: standard", "escalate: standrad"),
    )
    assert [(Path(p.span.file).name, p.code) for p in load(folder).problems] == [
        ("a.yaml", "unknown-ladder"),
        ("b.yaml", "unknown-person"),
    ]


def test_a_lock_with_a_fault_keeps_the_playbook_from_being_used(tmp_path: Path) -> None:
    folder = written(tmp_path, shop=SMALL)
    (folder / LOCK_FILE).write_text(LOCK.replace("2026-01-12", "2026-13-12"), "utf-8")
    found = load(folder)
    assert found.policy is None
    assert [(Path(p.span.file).name, p.code) for p in found.problems] == [(LOCK_FILE, "date")]


def test_japanese_holidays_are_locked_in_japanese_with_the_days_that_the_law_moves() -> None:
    text = lock(["JP"], (2026, 2027))
    found, problems = read_lock(read({LOCK_FILE: text.encode()})[0])
    assert problems == ()
    japan = found.dates("JP")
    assert japan is not None
    assert japan[date(2026, 1, 1)] == "元日"
    assert japan[date(2026, 9, 22)] == "国民の休日"
    assert japan[date(2027, 3, 22)] == "振替休日"
    assert found.years == "2026..2027"
    assert re.fullmatch(r"holidays [0-9.]+", found.locked_with)


def test_a_lock_is_the_same_whatever_order_is_asked_for_and_other_tools_read_it() -> None:
    text = lock(["JP", "DE-BY"], (2026, 2026))
    assert text == lock(["DE-BY", "JP", "JP"], (2026, 2026))
    assert yaml.safe_load(text)["DE-BY"][date(2026, 6, 4)] == "Fronleichnam"


@pytest.mark.parametrize(
    ("region", "years", "said"),
    [
        ("JPN", (2026, 2026), "no holidays are known of the country `JPN`"),
        ("DE-XX", (2026, 2026), "`DE` has no region called `XX`"),
        ("JP", (2027, 2026), "the first year comes before the last"),
        ("JP", (1000, 2026), "both from 1970 to 2100"),
        ("JP", (2000, 2099), "at most 50 of them"),
    ],
)
def test_what_cannot_be_locked_is_said_so(region: str, years: tuple[int, int], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        lock([region], years)


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(UsageError, match=re.escape("install playbook-engine[holidays]")):
        lock(["JP"], (2026, 2026))
