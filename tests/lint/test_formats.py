"""What each format makes of one report with every kind of thing in it, byte for byte, and of an empty one.

The texts stand in `tests/cases/lint`. After a change that is meant, `UPDATE_CASES=1 pytest tests/lint/test_formats.py`
writes them anew, to be read in the diff.
"""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lint.reports import EMPTY, FINDINGS, SAMPLE
from playbook_engine.lint.finding import SEVERITIES
from playbook_engine.lint.formats import FORMATS, render
from playbook_engine.lint.report import Report
from playbook_engine.resources import shipped
from playbook_engine.text.width import width

CASES = Path(__file__).parents[1] / "cases" / "lint"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def strict(schema: object) -> object:
    """The schema with no room for keys that it does not name, so that it names all that we write."""
    if isinstance(schema, dict):
        closed = {"additionalProperties": False} if "properties" in schema else {}
        return {**{key: strict(value) for key, value in schema.items()}, **closed}
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


def findings_schema() -> dict[str, object]:
    schema = strict(json.loads((shipped("schemas") / "findings.schema.json").read_text("utf-8")))
    assert isinstance(schema, dict)
    return schema


def as_json(report: Report) -> Any:
    return json.loads(render(report, "json"))


@pytest.mark.parametrize("case", [*FORMATS, "text-in-colour", "concise-in-colour"])
def test_a_format_says_the_same_as_before(case: str) -> None:
    name, _, colour = case.partition("-")
    said = render(SAMPLE, name, bool(colour))
    file = CASES / f"{case}.txt"
    if os.environ.get("UPDATE_CASES"):
        file.write_text(said, "utf-8", newline="\n")

    assert said == file.read_text("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_in_a_line_break_unless_it_is_empty(form: str) -> None:
    assert render(SAMPLE, form).endswith("\n")
    assert re.fullmatch(r"(?s)(.*\n)?", render(EMPTY, form))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_every_finding(form: str) -> None:
    said = render(SAMPLE, form)
    assert all(finding.code in said for finding in FINDINGS)


@pytest.mark.parametrize("form", ["concise", "github", "jsonl"])
def test_nothing_found_is_nothing_said(form: str) -> None:
    assert render(EMPTY, form) == ""


def test_colour_changes_nothing_but_the_colour() -> None:
    for form in FORMATS:
        assert ANSI.sub("", render(SAMPLE, form, colour=True)) == render(SAMPLE, form)
    assert "\x1b" in render(SAMPLE, "text", colour=True)
    assert "\x1b" not in render(SAMPLE, "text")


def marks_of(lines: list[str]) -> Iterator[tuple[str, str]]:
    """What stands above each row of marks, in terminal columns."""
    above = ""
    for line in lines:
        marks = re.match(r" +\| ( *)([-^]+)( |$)", line)
        if marks and above:
            start = width(line[: marks.start(2)])
            yield marks[2], at_columns(above, start, start + len(marks[2]))
        elif re.match(r" *[0-9]+ \| ", line):
            above = line


def at_columns(line: str, start: int, end: int) -> str:
    found, column = "", 0
    for character in line:
        if start <= column < end:
            found += character
        column += width(character)
    return found


def test_marks_stand_under_what_they_mark_in_wide_scripts_too() -> None:
    marked = list(marks_of(render(SAMPLE, "text").splitlines()))

    assert ("^" * 8, "返金-vip") in marked
    assert ("^" * 4, "🍵🍵") in marked
    assert ("^" * 8, "古い返事") in marked
    assert ("-" * 8, "お客様係") in marked
    assert len(marked) == sum(1 + len(each.related) for each in FINDINGS) - 1, "two of a loop share their place"


def test_excerpts_begin_with_the_finding_s_own_file_and_name_others() -> None:
    said = render(SAMPLE, "text")
    loop = said[said.index("error[PB401]") : said.index("warning[PB110]")]

    assert loop.index("--> suzuran/ladders.yaml") < loop.index("warn, at: 75%") < loop.index("::: suzuran/social.yaml")


def test_the_last_line_sums_up() -> None:
    last = render(SAMPLE, "text").splitlines()[-1]
    assert last == "4 errors, 1 warning, 1 note in 3 files · 7 rules, 6 asked · 1 suppressed (1 expires in 9 days)"
    assert render(EMPTY, "text") == "nothing found in 3 files · 7 rules, 6 asked\n"


def test_a_place_without_a_line_is_told_without_an_excerpt() -> None:
    gone = replace(SAMPLE, lines={name: () for name in SAMPLE.lines})
    for form in FORMATS:
        assert FINDINGS[0].message in render(gone, form)


def test_json_is_what_its_schema_says_and_nothing_else() -> None:
    schema = findings_schema()
    Draft202012Validator.check_schema(schema)
    for report in (SAMPLE, EMPTY):
        Draft202012Validator(schema).validate(as_json(report))

    assert as_json(SAMPLE)["counts"] == {"error": 4, "warning": 1, "info": 1, "suppressed": 1}
    assert as_json(SAMPLE)["suppressed"][0]["until"] == "2026-12-04"


def test_every_line_of_jsonl_is_a_finding_of_json() -> None:
    schema = findings_schema()
    line_schema = {"$ref": "#/$defs/finding", "$defs": schema["$defs"]}
    lines = [json.loads(line) for line in render(SAMPLE, "jsonl").splitlines()]
    for line in lines:
        Draft202012Validator(line_schema).validate(line)

    assert lines == [{"version": 1, **each} for each in as_json(SAMPLE)["findings"]]


def test_github_shows_one_annotation_a_finding() -> None:
    lines = render(SAMPLE, "github").splitlines()

    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 2 + ["::notice"] + ["::error"] * 2 + [
        "::warning"
    ]
    assert "file=suzuran/social.yaml,line=8,endLine=8,col=41,endColumn=47,title=PB104 unknown-department::" in lines[1]


def test_gitlab_s_issues_have_all_it_needs_and_no_fingerprint_twice() -> None:
    issues = json.loads(render(SAMPLE, "gitlab"))

    assert len(issues) == len(FINDINGS) == len({issue["fingerprint"] for issue in issues})
    for issue, finding in zip(issues, FINDINGS, strict=True):
        assert issue["description"]
        assert issue["check_name"].startswith(finding.code)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] == finding.span.line
        assert issue["location"]["path"] == finding.span.file
    assert json.loads(render(EMPTY, "gitlab")) == []


def test_junit_has_the_shape_that_its_readers_know() -> None:
    root = ET.fromstring(render(SAMPLE, "junit"))

    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root] == list(SAMPLE.lines)
    for suite in root:
        assert suite.tag == "testsuite"
        assert {case.tag for case in suite} == {"testcase"}
        assert suite.get("tests") == str(len(suite))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
        assert all(case.get("name") and case.get("classname") and case.get("time") for case in suite)
        assert all(len(case) <= 1 for case in suite)
    for key in ("tests", "failures", "skipped"):
        assert int(root.get(key, "")) == sum(int(suite.get(key, "")) for suite in root)


@pytest.mark.parametrize("fail_on", [*SEVERITIES, "never"])
def test_junit_fails_where_lint_does(fail_on: str) -> None:
    report = replace(SAMPLE, fail_on=fail_on)
    failures = ET.fromstring(render(report, "junit")).findall(".//failure")

    assert bool(failures) == report.fails
    assert len(failures) == {"info": 6, "warning": 5, "error": 4, "never": 0}[fail_on]


def test_a_comment_has_no_more_characters_than_github_takes() -> None:
    many = replace(SAMPLE, findings=FINDINGS * 200, suppressed=SAMPLE.suppressed * 500)
    said = render(many, "markdown")

    assert len(said) < 65_536
    assert re.search(r"…and [0-9]+ findings more", said)
    assert re.search(r"…and [0-9]+ excerpts more", said)
    assert said.count("<details>") == said.count("</details>") > 0
