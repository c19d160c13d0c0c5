"""What is wrong with a playbook is told once, where it stands, with what to do instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from playbook_engine.text.excerpt import sentence
from small_playbook import SMALL, blamed, edited, loaded

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "bad_playbooks.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["fault"] for case in CASES])
def test_one_fault_gives_one_problem_where_it_stands(case: dict[str, Any]) -> None:
    text = edited((case["replace"], case["by"]), *([case["also"]] if "also" in case else []))
    found = loaded(text)
    assert found.policy is None
    assert [problem.code for problem in found.problems] == [case["code"]], found.problems
    (problem,) = found.problems
    assert blamed(problem, text) == case["at"]
    assert case["says"] in sentence(problem)


def test_all_faults_of_a_playbook_are_told_at_once_and_in_the_order_of_the_text() -> None:
    text = edited(
        ("default: other", "default: else"),
        ("lead: sato", "lead: satou"),
        ("{ticket: {queue: returns}}", "{tikcet: {queue: returns}}"),
        ("undecided: {to: care-desk, within", "undecided: {to: care-dask, within"),
    )
    assert [(problem.code, blamed(problem, text)) for problem in loaded(text).problems] == [
        ("unknown-value", "else"),
        ("unknown-person", "satou"),
        ("unknown-action", "tikcet"),
        ("unknown-person", "care-dask"),
    ]


def test_a_fact_with_a_fault_of_its_own_is_blamed_once_and_not_wherever_it_is_read() -> None:
    text = edited(("severity: {ordered: [normal, high, critical]}", "severity: {ordered: [normal, high, normal]}"))
    assert [problem.code for problem in loaded(text).problems] == ["repeated-value"]


def test_nothing_is_concluded_from_what_a_file_that_cannot_be_read_would_have_held() -> None:
    before, marker, after = SMALL.partition("accounts:\n")
    text = before + "accounts: [\n" + after
    codes = {problem.code for problem in loaded(text).problems}
    assert marker
    assert codes == {"yaml-syntax"}


def test_a_misspelt_name_is_answered_with_the_nearest_and_all_known_ones() -> None:
    text = edited(("lead: sato", "lead: satou"))
    (problem,) = loaded(text).problems
    assert problem.nearest == "sato"
    assert problem.legal == ("care-desk", "sato", "head")
    assert sentence(problem) == ("no person is called `satou`; did you mean `sato`? (known: care-desk, sato, head)")


def test_an_empty_playbook_is_told_what_it_needs() -> None:
    found = loaded("playbook: shop\n")
    assert {problem.code for problem in found.problems} == {"missing-section"}
    assert len(found.problems) == 8
