"""What the page on linting tells people to copy into their own repository works as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from playbook_engine.cli.lint import command as lint
from playbook_engine.cli.main import playbook
from playbook_engine.lint.formats import FORMATS

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "linting.md").read_text("utf-8")
FILES = dict(re.findall(r"^```yaml file=(\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
COMMANDS = re.findall(r"playbook lint (playbooks/minato [^\n]*)", PAGE)


def test_the_page_has_a_file_for_each_place() -> None:
    assert set(FILES) == {".pre-commit-config.yaml", ".github/workflows/playbook.yaml", ".gitlab-ci.yml"}


@pytest.mark.parametrize("file", FILES)
def test_the_files_are_yaml(file: str) -> None:
    assert isinstance(yaml.safe_load(FILES[file]), dict)


@pytest.mark.parametrize("words", COMMANDS)
def test_the_commands_have_the_options_they_are_given(words: str) -> None:
    arguments = shlex.split(words.partition(" >>")[0])
    given = lint.make_context("lint", arguments).params
    assert (ROOT / given["paths"][0]).is_dir()


def test_there_are_enough_of_them() -> None:
    assert len(COMMANDS) == 6


def test_what_one_step_writes_another_one_reads() -> None:
    written = re.findall(r"--output (\S+)", PAGE)
    read = re.findall(r"(?:sarif_file|codequality|junit): ([\w.-]+)", PAGE)
    assert sorted(read) == ["playbook-junit.xml", "playbook-quality.json", "playbook.sarif"]
    assert set(read) <= set(written)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_on_the_page(form: str) -> None:
    assert f"| `{form}` | " in PAGE


def test_the_hook_is_the_command_and_the_page_uses_it() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (repo,) = yaml.safe_load(FILES[".pre-commit-config.yaml"])["repos"]
    name, *words = shlex.split(hook["entry"])

    assert (name, words) == ("playbook", [lint.name])
    assert words[0] in playbook.list_commands(playbook.make_context("playbook", [], resilient_parsing=True))
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    assert re.search(hook["files"], "playbooks/minato/routes.yaml")
    assert [each["id"] for each in repo["hooks"]] == [hook["id"]]
