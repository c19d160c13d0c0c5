"""Each rule's page is its test: what it says to avoid is found by it and no other error; what it prefers is not."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import pytest

from lint.linting import BASE, findings, subject_of
from playbook_engine.lint import rules
from playbook_engine.lint.baseline import Known
from playbook_engine.lint.catalogue import built_in, by_problem
from playbook_engine.lint.dropped import DROPPED
from playbook_engine.lint.finding import CONFIDENCES, SEVERITIES
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.rule import PROFILES, TIERS, Rule
from playbook_engine.policy.compile.places import NOUNS, STRUCTURE
from playbook_engine.resources import shipped

RULES = built_in()
ENGINE = Path(inspect.getfile(rules)).parents[2]
CODE = r"[a-z0-9]+(-[a-z0-9]+)*"

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


PLACES = {"refuse": 0, "refuse_key": 0, "Problem": 1, "say": 1, "one_of": 1, "_parsed": 2, "problem": 2}
"""Functions that take the code of a problem, and at which argument."""


def codes_of_problems() -> set[str]:
    """Every code that reading and compiling may give, read off the calls that give them."""
    files = (*(ENGINE / "text").rglob("*.py"), *(ENGINE / "policy").rglob("*.py"), ENGINE / "runtime" / "playbooks.py")
    trees = [ast.parse(file.read_text("utf-8")) for file in files]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {code for call in calls for code in _codes(call)} | _named(trees) | _of_the_schema() | {STRUCTURE}


def _codes(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    at = PLACES.get(name, len(call.args))
    said = [each.value for part in call.args[at : at + 1] for each in ast.walk(part) if isinstance(each, ast.Constant)]
    return {each for each in said if isinstance(each, str) and re.fullmatch(CODE, each)}


def _named(trees: list[ast.Module]) -> set[str]:
    """Codes that stand in constants, and those of names that a section does not hold."""
    set_here = [each for tree in trees for each in tree.body if isinstance(each, ast.Assign)]
    named = [each for each in set_here if ast.unparse(each.targets[0]).endswith("CODE")]
    codes = {each.value.value for each in named if isinstance(each.value, ast.Constant)}
    looked_up = {"accounts", "calendars", "departments", "escalations", "people", "templates"}
    return {str(code) for code in codes} | {f"unknown-{NOUNS[section]}" for section in looked_up}


def _of_the_schema() -> set[str]:
    text = (shipped("schemas") / "playbook.schema.json").read_text("utf-8")
    one_by_one = {code for listed in re.findall(r'"codes": (\{.*?\})', text) for code in json.loads(listed).values()}
    return one_by_one | set(re.findall(r'"code": "(.*?)"', text))


def test_every_problem_of_reading_has_one_rule_that_is_its_page() -> None:
    claimed = [code for rule in RULES for code in rule.loads]
    assert len(claimed) == len(set(claimed))
    assert codes_of_problems() <= set(by_problem())


def test_a_dropped_code_has_a_reason_and_no_rule() -> None:
    assert list(DROPPED) == sorted(DROPPED)
    assert not set(DROPPED) & {rule.code for rule in RULES}
    assert all(reason[0].isupper() and reason.endswith(".") for reason in DROPPED.values())
