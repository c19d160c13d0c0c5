"""A baseline puts off what is known, and only that."""

from __future__ import annotations

import json

import pytest

from lint.linting import findings
from playbook_engine.errors import UsageError
from playbook_engine.lint.baseline import Known, of_findings, read_baseline, written

OLD = "templates:\n  old: {ja: ありがとうございます。, en: Thank you.}\n"


def known() -> tuple[Known, ...]:
    return of_findings("suzuran", findings(OLD))


def test_what_is_known_is_not_reported_wherever_it_is_moved() -> None:
    assert findings(OLD, baseline=known()) == ()
    assert findings("# one line\n\n# more\n" + OLD, baseline=known()) == ()


def test_one_mended_and_one_made_in_its_place_is_seen() -> None:
    moved = OLD.replace("Thank you.", "Thanks.")

    assert [each.code for each in findings(moved, baseline=known())] == ["PB904", "PB110"]


def test_what_is_not_found_any_more_is_an_error() -> None:
    (stale,) = findings("owner: somebody\n", baseline=known())

    assert (stale.code, stale.severity) == ("PB904", "error")
    assert "`templates.old`" in stale.message


def test_another_playbook_s_baseline_says_nothing_about_this_one() -> None:
    others = of_findings("another", findings(OLD))

    assert [each.code for each in findings(OLD, baseline=others)] == ["PB110"]


def test_a_baseline_reads_as_it_was_written_one_line_a_finding() -> None:
    held = (*known(), Known("b", "1" * 32, "PB112", "b", "`owner` is missing"))
    text = written(held)

    assert set(read_baseline(text, "b.json")) == set(held)
    assert len(text.splitlines()) == len(held) + 5
    assert written(reversed(held)) == text
    assert read_baseline(written(()), "b.json") == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"version": 1, "findings": [1]}', "{" * 100_000])
def test_what_is_no_baseline_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"`b\.json` is not a baseline"):
        read_baseline(text, "b.json")


def test_a_baseline_of_another_version_is_refused() -> None:
    with pytest.raises(UsageError, match="version 2"):
        read_baseline(json.dumps({"version": 2, "findings": []}), "b.json")
