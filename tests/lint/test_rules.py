"""Each rule's page is its test: what it says to avoid is found by it and no other error; what it prefers is not."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from lint.linting import BASE, findings, subject_of
from playbook_engine.lint import rules
from playbook_engine.lint.baseline import Known
from playbook_engine.lint.catalogue import built_in, by_problem
from playbook_engine.lint.finding import CONFIDENCES, SEVERITIES
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.rule import PROFILES, TIERS, Rule

RULES = built_in()
ENGINE = Path(inspect.getfile(rules)).parents[2]

AVOID = [
    pytest.param(rule, example, id=f"{rule.code}-{n}") for rule in RULES for n, example in enumerate(rule.page.avoid)
]
PREFER = [
    pytest.param(rule, example, id=f"{rule.code}-{n}") for rule in RULES for n, example in enumerate(rule.page.prefer)
]


def test_nothing_is_found_in_a_good_playbook() -> None:
    assert lint(subject_of({"playbook.yaml": BASE.encode()}), RULES, Selection("audit")).findings == ()


@pytest.mark.parametrize(("rule", "example"), AVOID)
def test_what_a_page_says_to_avoid_is_found_by_that_rule_and_no_other_error(rule: Rule, example: str) -> None:
    gone = Known("suzuran", "0" * 32, "PB110", "templates.gone", "the template `gone` is never used")
    found = findings(example, baseline=(gone,) if rule.code == "PB904" else ())

    assert rule.code in {each.code for each in found}
    assert {each.code for each in found if each.severity == "error"} <= {rule.code}
    assert all(each.span.line > 0 and each.message for each in found)


@pytest.mark.parametrize(("rule", "example"), PREFER)
def test_in_what_a_page_prefers_nothing_is_found_by_that_rule_and_no_error(rule: Rule, example: str) -> None:
    found = findings(example)

    assert rule.code not in {each.code for each in found}
    assert [each for each in found if each.severity == "error"] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_whole_page(rule: Rule) -> None:
    assert re.fullmatch(r"PB[0-9]{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.severity in SEVERITIES
    assert rule.confidence in CONFIDENCES
    assert rule.profile in PROFILES
    assert rule.tier in TIERS
    assert rule.check or rule.loads or rule.review
    page = rule.page
    assert page.title.endswith(".")
    assert page.finds
    assert page.matters
    assert page.avoid
    assert page.prefer


def test_no_code_and_no_name_is_given_twice() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


def test_a_module_is_called_by_its_rule_s_code_and_name() -> None:
    named = {f"{rule.code.lower()}_{rule.name.replace('-', '_')}" for rule in RULES}
    files = {file.stem for file in Path(rules.__path__[0]).glob("pb*.py")}
    assert named == files


def codes_of_problems() -> set[str]:
    """Every code that reading and compiling may give, read off the calls that give them."""
    read = (*(ENGINE / "text").rglob("*.py"), *(ENGINE / "policy").rglob("*.py"), ENGINE / "runtime" / "playbooks.py")
    calls = [
        node for file in read for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    return {code for call in calls for code in _codes(call)}


def _codes(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    at = {"refuse": 0, "refuse_key": 0, "Problem": 1, "say": 1, "one_of": 1}.get(name, len(call.args))
    said = [each.value for part in call.args[at : at + 1] for each in ast.walk(part) if isinstance(each, ast.Constant)]
    return {each for each in said if isinstance(each, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each)}


def test_every_problem_of_reading_has_one_rule_that_is_its_page() -> None:
    claimed = [code for rule in RULES for code in rule.loads]
    assert len(claimed) == len(set(claimed))
    assert codes_of_problems() <= set(by_problem())
