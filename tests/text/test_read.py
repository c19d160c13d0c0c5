"""Files to one document: values as written, places that can be believed, faults that do not hide others."""

from __future__ import annotations

import json
import re
import string
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playbook_engine.model.span import Span
from playbook_engine.resources import shipped
from playbook_engine.text.document import Document, Path, Value
from playbook_engine.text.read import read
from playbook_engine.text.validate import validate

SCHEMA: dict[str, Any] = json.loads((shipped("schemas") / "playbook.schema.json").read_text("utf-8"))

MINATO = """\
playbook: 湊
languages: [ja, en]
people:
  佐藤: {name: 佐藤, via: [{email: sato@minato.example}, {sms: "+81 90"}]}
departments:
  お客様係:
    name: {ja: お客様係, en: Customer care}   # 窓口
    lead: 佐藤
templates:
  受付:
    ja: "{{ author.name }}様、ありがとうございます。"
    en: |
      Thank you,
      {{ author.name }}.
route:
  - id: 全件
    when: always
    to: お客様係
  - {id: 残り, when: {text: {contains: [怪我, 'やけど']}}, to: お客様係}
"""


def one(text: str) -> Document:
    document, problems = read({"湊.yaml": text.encode()})
    assert problems == ()
    return document


def slice_of(document: Document, span: Span) -> str:
    return document.lines[span.file][span.line - 1][span.column - 1 : span.end_column - 1]


def scalars(value: Value, path: Path = ()) -> list[tuple[Path, str]]:
    if isinstance(value, dict):
        return [found for key, held in value.items() for found in scalars(held, (*path, key))]
    if isinstance(value, list):
        return [found for index, held in enumerate(value) for found in scalars(held, (*path, index))]
    return [(path, value)] if value is not None else []


def test_scalars_are_their_source_text_whatever_they_look_like() -> None:
    document = one("a: 0120\nb: no\nc: 503\nd: 2026-11-22\ne: 22:00\nf: ~\ng: =\nh: 1_000\ni:\nj: null\n")

    assert document.value == {
        "a": "0120", "b": "no", "c": "503", "d": "2026-11-22", "e": "22:00", "f": "~", "g": "=", "h": "1_000",
        "i": None, "j": "null",
    }  # fmt: skip


def test_quoted_and_block_scalars_are_decoded_and_marked() -> None:
    document = one("a: \"\\u4f50\"\nb: '503'\nc: |\n  佐\n  藤\nd: >-\n  佐\n  藤\ne: 503\n")

    assert document.value == {"a": "佐", "b": "503", "c": "佐\n藤\n", "d": "佐 藤", "e": "503"}
    assert document.quoted == {("a",), ("b",), ("c",), ("d",)}


def test_every_plain_scalar_stands_where_its_span_says() -> None:
    document = one(MINATO)
    plain = [(path, text) for path, text in scalars(document.value) if path not in document.quoted]

    assert len(plain) == 14
    for path, text in plain:
        assert slice_of(document, document.spans[path]) == text


def test_every_key_stands_where_its_span_says() -> None:
    document = one(MINATO)

    assert len(document.key_spans) == 27
    for path, span in document.key_spans.items():
        assert slice_of(document, span) == path[-1]


def test_collections_and_quoted_scalars_point_at_their_first_line() -> None:
    document = one(MINATO)

    assert document.span("people", "佐藤", "via", 1, "sms") == Span("湊.yaml", 4, 60, 68)
    assert document.span("templates", "受付", "en") == Span("湊.yaml", 12, 9, 10)
    assert slice_of(document, document.span("languages")) == "[ja, en]"
    assert slice_of(document, document.span("route")) == "- id"
    assert slice_of(document, document.span("route", 0)) == "id"
    assert slice_of(document, document.span("departments")) == "お客様係"


def test_an_absent_place_is_answered_with_what_encloses_it() -> None:
    document = one(MINATO)

    assert document.span("route", 0, "because") == document.span("route", 0)
    assert document.key_span("departments", "お客様係", "calendar") == Span("湊.yaml", 6, 3, 7)
    assert document.key_span("route", 1, "because") == document.span("route", 1)
    assert document.span("rules") == Span("湊.yaml", 1, 1, 9)
    assert read({})[0].span("rules") == Span("")


def test_mappings_may_be_spread_over_files() -> None:
    document, problems = read(
        {
            "a.yaml": "departments: {窓口: {name: 窓口}}\nowner: 佐藤\n".encode(),
            "b.yaml": "departments: {夜間: {name: 夜間}}\nroute: [{id: a}]\n".encode(),
            "c.yaml": b"# nothing yet\n",
        }
    )

    assert problems == ()
    assert document.value == {
        "departments": {"窓口": {"name": "窓口"}, "夜間": {"name": "夜間"}},
        "owner": "佐藤",
        "route": [{"id": "a"}],
    }
    assert document.span("departments", "夜間", "name") == Span("b.yaml", 1, 26, 28)
    assert document.key_span("departments") == Span("a.yaml", 1, 1, 12)


def test_the_same_id_in_two_files_is_refused_with_both_places_and_the_first_is_kept() -> None:
    document, (problem,) = read(
        {"a.yaml": "people: {佐藤: {name: 甲}}\n".encode(), "b.yaml": "people:\n  佐藤: {name: 乙}\n".encode()}
    )

    assert (problem.code, problem.span) == ("duplicate-key", Span("b.yaml", 2, 3, 5))
    assert "a.yaml:1:10" in problem.message
    assert document.value == {"people": {"佐藤": {"name": "甲"}}}
    assert document.span("people", "佐藤", "name").file == "a.yaml"


@pytest.mark.parametrize("text", ["route: [{id: b}]\n", "route: 窓口\n", "route:\n"])
def test_a_list_stands_in_one_file(text: str) -> None:
    document, (problem,) = read({"a.yaml": b"route: [{id: a}]\n", "b.yaml": text.encode()})

    assert (problem.code, str(problem.span)) == ("duplicate-key", "b.yaml:1:1")
    assert document.value == {"route": [{"id": "a"}]}
    assert not any(span.file == "b.yaml" for path, span in document.spans.items() if path)


def test_a_fault_in_one_file_leaves_the_others_readable() -> None:
    document, problems = read({"a.yaml": b"owner: @x\n", "b.yaml": b"\xff", "c.yaml": "owner: 佐藤\n".encode()})

    assert [(problem.span.file, problem.code) for problem in problems] == [
        ("a.yaml", "yaml-syntax"),
        ("b.yaml", "not-utf-8"),
    ]
    assert document.value == {"owner": "佐藤"}


def test_after_a_fault_reading_goes_on_at_the_next_section() -> None:
    document, problems = read(
        {"a.yaml": "people: {佐藤: @x}\nlinks:\n  返品: `y`\nowner: 甲: 乙\nformat: 1\ntimezone: [\n".encode()}
    )

    assert [problem.span.line for problem in problems] == [1, 3, 4, 6]
    assert document.value == {"format": "1"}
    assert set(document.spans) == {(), ("format",)}


def test_one_file_tells_all_its_problems_in_order() -> None:
    _, problems = read({"a.yaml": "a: !x 1\nb: &y 2\na: 3\nc: {d}\ne: f\u202eg\nh： i\n".encode()})

    assert [(problem.span.line, problem.code) for problem in problems] == [
        (1, "tag"),
        (2, "alias-or-anchor"),
        (3, "duplicate-key"),
        (4, "empty-value"),
        (5, "hidden-unicode"),
        (6, "full-width-syntax"),
    ]


def test_a_flood_of_problems_is_cut_and_counted() -> None:
    _, problems = read({"a.yaml": b"".join(b"k%d: !x 1\n" % number for number in range(150))})

    assert len(problems) == 101
    assert (problems[-1].code, problems[-1].span.line) == ("more-problems", 101)
    assert problems[-1].message.startswith("50 or more")


def test_marks_of_byte_order_and_all_line_ends_are_accepted() -> None:
    document, problems = read({"a.yaml": "\ufeffa: 佐\r\nb: 藤\rc: 様\n".encode()})

    assert problems == ()
    assert document.value == {"a": "佐", "b": "藤", "c": "様"}
    assert document.lines == {"a.yaml": ("a: 佐", "b: 藤", "c: 様")}
    assert document.span("c") == Span("a.yaml", 3, 4, 5)


@pytest.mark.parametrize(
    "text",
    [
        "purpose: 受付：平日9時\n",
        "purpose:\n  受付：平日9時\n",
        "subject: ［重要］お知らせ\n",
        "subject: RE：ご注文\n",
        "contains: [怪我、やけど, ＃返品, tel：]\n",
        "reply: 5m #ops\n",
        "ja: 返品は # 覚え書き\n",
        "name: 「湊」\n",
        "en: Hello {{ author.name }}\n",
        "url: https://minato.example/a#b\n",
        "k: {a: b:c, d: 12:30}\n",
    ],
)
def test_signs_that_can_be_text_are_text(text: str) -> None:
    assert read({"a.yaml": text.encode()})[1] == ()


def test_an_empty_file_adds_nothing() -> None:
    assert read({"a.yaml": b"", "b.yaml": b"---\n"}) == (read({"a.yaml": b"", "b.yaml": b"---\n"})[0], ())
    assert read({"a.yaml": b""})[0].value == {}


def test_a_hundred_kilobytes_are_read_and_judged_well_within_a_second() -> None:
    rows = "".join(f"  - {{id: 行-{n}, when: {{text: {{contains: [怪我]}}}}, to: 窓口}}\n" for n in range(1700))
    text = ("route:\n" + rows).encode()
    assert len(text) > 100_000

    began = time.process_time()
    document, problems = read({"a.yaml": text})
    found = validate(document, SCHEMA)

    assert (problems, found) == ((), ())
    assert time.process_time() - began < 1.5


signs = st.sampled_from(
    [*"{}[]:,-#&*!|>'\"%@`?<=~ \t\n\\0a：｛［，　漢#.", "{{", "---\n", "\n  - ", ": ", "\0", "\u202e", "😀"]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = MINATO
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(signs) + text[at + draw(st.integers(0, 3)) :]
    return text


def believable(document: Document) -> None:
    """Every place lies in its file, and plain scalars stand where their span says."""
    for span in (*document.spans.values(), *document.key_spans.values()):
        lines = document.lines[span.file] or ("",)
        assert 1 <= span.line <= len(lines)
        assert 1 <= span.column < span.end_column <= len(lines[span.line - 1]) + 2
    for path, text in scalars(document.value):
        found = slice_of(document, document.spans[path])
        if path not in document.quoted and not re.search("[\0\u202e]", found):
            assert text == found or text.startswith((found + " ", found + "\n"))


@given(mutated())
@example("departments: {care: {name: {en: &Customer care   # 窓口\n}}}\n")
def test_a_slip_of_the_keyboard_never_stops_the_reading_and_never_moves_a_place(text: str) -> None:
    document, problems = read({"湊.yaml": text.encode()})

    believable(document)
    for problem in (*problems, *validate(document, SCHEMA)):
        lines = document.lines["湊.yaml"]
        assert 1 <= problem.span.line <= len(lines)
        assert problem.span.column <= len(lines[problem.span.line - 1]) + 1


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reading(content: bytes) -> None:
    document, _ = read({"湊.yaml": content})

    validate(document, SCHEMA)


@given(st.text(max_size=300))
def test_no_text_stops_the_reading(text: str) -> None:
    document, _ = read({"湊.yaml": text.encode("utf-8", "surrogatepass")})

    believable(document)


words = st.text(st.sampled_from(string.ascii_letters + "お客様係湊ｱé😀"), min_size=1, max_size=8)
texts = st.one_of(words, st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20))
values: st.SearchStrategy[Any] = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(words, values, max_size=4))
def test_what_is_written_as_json_is_read_back(value: dict[str, Any]) -> None:
    document, problems = read({"a.yaml": json.dumps(value, ensure_ascii=False).encode()})

    assert problems == ()
    assert document.value == value


def block(value: Any, indent: str) -> str:
    """A value in block style below its key, plain where it is a word."""
    if isinstance(value, str):
        return " " + (value if value.isalnum() else json.dumps(value, ensure_ascii=False)) + "\n"
    if not value:
        return " {}\n" if isinstance(value, dict) else " []\n"
    pairs = value.items() if isinstance(value, dict) else (("-", held) for held in value)
    return "\n" + "".join(
        f"{indent}{key}{':' if isinstance(value, dict) else ''}{block(held, indent + '  ')}" for key, held in pairs
    )


@given(st.dictionaries(words, values, min_size=1, max_size=4))
def test_what_is_written_in_block_style_is_read_back_with_true_places(value: dict[str, Any]) -> None:
    document, problems = read({"a.yaml": block(value, "").encode()})

    assert problems == ()
    assert document.value == value
    believable(document)
