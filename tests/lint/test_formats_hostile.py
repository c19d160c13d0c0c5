"""Whatever a playbook or a customer writes is shown and never acts: not on a terminal, a page, a log or a comment."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from lint.reports import EMPTY, FINDINGS, HARMFUL, HOSTILE
from lint.test_formats import findings_schema
from playbook_engine.lint.formats import FORMATS, render

ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Everything that moves a cursor, changes a colour or turns the direction of writing, but for the line break."""


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_holds_a_character_that_acts_on_a_terminal(form: str) -> None:
    assert ACTS.findall(render(HOSTILE, form)) == []


@pytest.mark.parametrize("form", ["text", "concise"])
def test_in_colour_there_are_no_other_controls_than_the_colours(form: str) -> None:
    assert ACTS.findall(re.sub(r"\x1b\[[0-9;]*m", "", render(HOSTILE, form, colour=True))) == []


@pytest.mark.parametrize("form", FORMATS)
def test_half_a_surrogate_pair_can_be_written_to_a_file(form: str) -> None:
    render(HOSTILE, form).encode("utf-8")


def test_concise_keeps_to_one_line_a_finding() -> None:
    lines = render(HOSTILE, "concise").splitlines()
    assert len(lines) == len(FINDINGS)
    assert all(line.startswith("a,b:c|<i>`.yaml:") for line in lines)


def texts_of(value: object) -> Iterator[str]:
    """Every text in a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_of(each)


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_gives_back_what_was_said_to_the_last_character(form: str) -> None:
    said = render(HOSTILE, form)
    first = json.loads(said if form == "json" else said.splitlines()[0])

    assert HARMFUL in texts_of(first)


def test_json_of_it_is_still_what_its_schema_says() -> None:
    Draft202012Validator(findings_schema()).validate(json.loads(render(HOSTILE, "json")))


def commands(said: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub's runner reads them: name, properties, data."""
    read = []
    for line in said.splitlines():
        found = re.fullmatch(r"::([a-z-]+) (.*?)::(.*)", line)
        assert found, line
        properties = dict(each.split("=", 1) for each in found[2].split(","))
        read.append((found[1], {key: unescaped(each) for key, each in properties.items()}, unescaped(found[3])))
    return read


def unescaped(text: str) -> str:
    for written, meant in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def test_github_reads_as_many_commands_as_there_are_findings() -> None:
    read = commands(render(HOSTILE, "github"))

    assert [name for name, _, _ in read] == ["error", "error", "notice", "error", "error", "warning"]
    for _, properties, data in read:
        assert properties.keys() == {"file", "line", "endLine", "col", "endColumn", "title"}
        assert properties["file"] == "a,b:c|<i>`.yaml"
        assert "%0A %s {0}" in data


def test_gitlab_names_the_file_as_it_is_called() -> None:
    assert {issue["location"]["path"] for issue in json.loads(render(HOSTILE, "gitlab"))} == {"a,b:c|<i>`.yaml"}


def test_junit_is_well_formed_and_says_the_text() -> None:
    root = ET.fromstring(render(HOSTILE, "junit"))
    said = "".join(root.itertext()) + "".join(value for each in root.iter() for value in each.attrib.values())

    assert "<script>alert(1)</script>" in said
    assert {each.tag for each in root.iter()} == {
        *("testsuites", "testsuite", "testcase", "failure", "skipped", "system-out")
    }


def test_markdown_renders_to_our_own_elements_only() -> None:
    markdown = MarkdownIt("gfm-like", {"linkify": False}).enable("table")
    page = markdown.render(render(HOSTILE, "markdown"))
    parser = Elements()
    parser.feed(page)
    ours = {"h3", "h4", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "em", "details", "summary", "pre"}

    assert {name for name, _ in parser.found} <= ours | {"ul", "li", "strong"}
    assert parser.unclosed == []
    assert all(each in (("class", "language-text"), ("style", "text-align:left")) for each in parser.attributes)
    assert page.count("<tr>") == 1 + len(FINDINGS) + 1 + 1


def test_markdown_calls_nobody_and_links_nowhere() -> None:
    said = re.sub(r"(?s)^(`{3,})text\n.*?^\1$|<code>.*?</code>", "", render(HOSTILE, "markdown"), flags=re.MULTILINE)
    read = unescape(said)

    assert "@<!-- -->everyone" in read
    assert "[click](" not in said
    for acting in ("@everyone", "#1", "://", "www."):
        assert acting not in read


class Elements(HTMLParser):
    """The elements of a page, their attributes, its texts, and what is not closed."""

    VOID = frozenset({"meta", "br", "input", "img", "link", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.unclosed: list[str] = []
        self.scripts: list[str] = []

    @property
    def attributes(self) -> list[tuple[str, str | None]]:
        return [each for _, attributes in self.found for each in attributes.items()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed, f"</{tag}> closes nothing"
        assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.unclosed[-1:] == ["script"]:
            self.scripts.append(data)


def elements(said: str) -> Elements:
    parser = Elements()
    parser.feed(said)
    parser.close()
    return parser


def test_the_page_has_the_elements_it_would_have_without_them() -> None:
    harmless, hostile = elements(render(EMPTY, "html")), elements(render(HOSTILE, "html"))

    assert hostile.unclosed == []
    assert len(hostile.scripts) == 1
    assert hostile.scripts == harmless.scripts
    assert not {"img", "iframe"} & {name for name, _ in hostile.found}
    assert not [key for key, _ in hostile.attributes if key.startswith("on")]
    assert all((attributes.get("href") or "#").startswith("#") for _, attributes in hostile.found)
