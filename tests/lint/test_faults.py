"""Each fault that keeps a playbook from being used is one error of lint, of the rule that is its page, in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lint.linting import subject_of
from playbook_engine.lint.catalogue import built_in, by_problem
from playbook_engine.lint.lint import Selection, lint
from small_playbook import FILE, SMALL, edited, holiday_lock

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "bad_playbooks.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["fault"] for case in CASES])
def test_one_fault_is_one_error_of_the_rule_that_is_its_page(case: dict[str, Any]) -> None:
    text = edited((case["replace"], case["by"]), *([case["also"]] if "also" in case else []))
    found = lint(subject_of({FILE: text.encode()}, lock=holiday_lock()), built_in(), Selection("audit")).findings
    (error,) = (each for each in found if each.severity == "error")

    assert error.code == by_problem()[case["code"]].code
    line = text.splitlines()[error.span.line - 1]
    assert line[error.span.column - 1 : error.span.end_column - 1] == case["at"]
    assert error.confidence == "certain"


def test_in_the_playbook_without_a_fault_there_is_no_error() -> None:
    found = lint(subject_of({FILE: SMALL.encode()}, lock=holiday_lock()), built_in(), Selection("audit")).findings
    assert [each for each in found if each.severity == "error"] == []
