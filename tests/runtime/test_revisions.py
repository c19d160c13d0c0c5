"""What has changed since a revision, as git says it: in a real repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from playbook_engine.errors import UsageError
from playbook_engine.runtime.revisions import changed_lines


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text("one\ntwo\nthree\nfour\n", "utf-8")
    (tmp_path / "日本.yaml").write_text("one\n", "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@a.example", "commit", "-qm", "first")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def test_changed_added_and_taken_out_lines_are_told(repository: Path) -> None:
    (repository / "a.yaml").write_text("one\nTWO\nfour\nfive\n", "utf-8")

    assert changed_lines(repository, "HEAD") == {repository / "a.yaml": frozenset({2, 4})}

    (repository / "a.yaml").write_text("one\nfour\n", "utf-8")

    assert changed_lines(repository, "HEAD") == {repository / "a.yaml": frozenset({1, 2})}


def test_a_new_file_is_new_as_a_whole_and_names_may_be_in_any_script(repository: Path) -> None:
    (repository / "new.yaml").write_text("one\ntwo\n", "utf-8")
    (repository / "日本.yaml").write_text("two\n", "utf-8")

    assert changed_lines(repository, "HEAD") == {
        repository / "new.yaml": frozenset({1, 2, 3}),
        repository / "日本.yaml": frozenset({1}),
    }


def test_a_revision_that_is_not_there_is_told_in_git_s_words(repository: Path) -> None:
    with pytest.raises(UsageError, match=r"git says: .*nowhere"):
        changed_lines(repository, "nowhere")


def test_an_option_is_no_revision(repository: Path) -> None:
    with pytest.raises(UsageError, match="`--output=x` is no revision"):
        changed_lines(repository, "--output=x")


def test_outside_of_a_repository_git_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git says: "):
        changed_lines(tmp_path, "HEAD")
