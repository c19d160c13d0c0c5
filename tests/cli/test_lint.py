"""`playbook lint` from the outside: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from playbook_engine.cli.main import playbook
from playbook_engine.errors import UsageError

BASE = Path(__file__).parents[1] / "lint" / "base.yaml"
OLD = "templates:\n  old: {ja: ありがとうございます。, en: Thank you.}\n"


def lint(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(playbook, ["lint", *map(str, arguments)])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "playbook.yaml").write_text(BASE.read_text("utf-8"), "utf-8")
    (tmp_path / "holidays.lock.yaml").write_bytes((BASE.parent / "base.lock.yaml").read_bytes())
    (tmp_path / "more.yaml").write_text(OLD, "utf-8")
    return tmp_path


def codes(*arguments: str | Path) -> list[str]:
    return [each["code"] for each in json.loads(lint(*arguments, "--format", "json").stdout)["findings"]]


def test_a_warning_fails_only_where_it_is_asked_to(folder: Path) -> None:
    assert lint(folder).exit_code == 0
    assert lint(folder, "--fail-on", "warning").exit_code == 1
    assert lint(folder, "--fail-on", "never").exit_code == 0


def test_a_page_is_printed_by_code_or_name_and_a_slip_names_the_nearest() -> None:
    page = lint("--explain", "PB110").stdout

    assert page == lint("--explain", "unused-definition").stdout == lint("--explain", "pb110").stdout
    assert page.startswith("PB110 unused-definition (warning, certain, profile ready)\n\nSomething is defined")
    with pytest.raises(UsageError, match="did you mean `unused-definition`"):
        lint("--explain", "unused-definitoin")


def test_what_is_silenced_is_listed_with_who_and_why(folder: Path) -> None:
    comment = '  # playbook: ignore[PB110] reason="for spring" by=mori until=2026-12-31\n'
    (folder / "more.yaml").write_text(OLD.replace("  old", comment + "  old"), "utf-8")

    assert codes(folder) == []
    assert codes(folder, "--no-ignores") == ["PB110"]
    said = lint(folder, "--suppressions").stdout
    assert "PB110  templates.old  mori  2026-12-31" in said
    assert "for spring" in said


def test_a_baseline_is_written_read_and_pruned(folder: Path) -> None:
    file = folder / "baseline.json"

    assert "1 known findings" in lint(folder, "--baseline", file, "--write-baseline").stdout
    assert codes(folder, "--baseline", file) == []
    (folder / "more.yaml").unlink()
    assert codes(folder, "--baseline", file) == ["PB904"]
    lint(folder, "--baseline", file, "--prune-baseline")
    assert codes(folder, "--baseline", file) == []
    with pytest.raises(UsageError, match="--baseline FILE"):
        lint(folder, "--write-baseline")
    with pytest.raises(UsageError, match="cannot be read"):
        lint(folder, "--baseline", folder / "none.json")


def test_only_what_a_change_touches_is_reported(folder: Path) -> None:
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@a.example"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], check=True, capture_output=True)

    assert codes(folder, "--changed-since", "HEAD") == []
    (folder / "more.yaml").write_text(OLD + "  older: {ja: どうも。, en: Thanks.}\n", "utf-8")
    changed = json.loads(lint(folder, "--changed-since", "HEAD", "--format", "json").stdout)["findings"]
    assert [each["node"] for each in changed] == ["templates.older"]
    (folder / "more.yaml").write_text(OLD.replace("Thank you", "Thanks"), "utf-8")
    assert codes(folder, "--changed-since", "HEAD") == ["PB110"]


def test_fixes_are_shown_and_made_and_made_once(folder: Path) -> None:
    comment = '  # playbook: ignore[PB110] reason="for spring" by=mori until=2026-01-31\n'
    text = OLD.replace("  old", "  # a remark that stays\n" + comment + "  old")
    (folder / "more.yaml").write_text(text, "utf-8")

    shown = lint(folder, "--fix", "--diff")
    assert f"-{comment}" in shown.stdout
    assert (folder / "more.yaml").read_text("utf-8") == text
    lint(folder, "--fix")
    mended = (folder / "more.yaml").read_text("utf-8")
    assert mended == text.replace(comment, "")
    lint(folder, "--fix")
    assert (folder / "more.yaml").read_text("utf-8") == mended
