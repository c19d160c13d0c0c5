"""A problem as it is printed, and the name that was meant."""

from __future__ import annotations

import pytest

from playbook_engine.model.span import Problem, Span
from playbook_engine.text.excerpt import excerpt
from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import flow, shown


def test_the_line_is_printed_with_carets_under_the_fault() -> None:
    problem = Problem(Span("湊.yaml", 7, 9, 14), "unknown-action", "no action is called `emial`", (), "email")
    lines = ("",) * 6 + ("      - emial:",)

    assert excerpt(problem, {"湊.yaml": lines}) == (
        "湊.yaml:7:9: no action is called `emial`; did you mean `email`? [unknown-action]\n"
        "  7 |       - emial:\n"
        "    |         ^^^^^"
    )


@pytest.mark.parametrize(
    ("line", "column", "end", "carets"),
    [
        ("people: {佐藤: x}", 10, 12, "         ^^^^"),
        ("受付：x", 4, 5, "      ^"),
        ("ｱ: x", 1, 2, "^"),
        ("か\u3099: x", 1, 3, "^^"),
        ("a: 😀!", 4, 5, "   ^^"),
        ("a: \tb", 5, 6, "    ^"),
        ("a: \u202eb", 4, 5, "   ^"),
        ("a:", 3, 4, "  ^"),
    ],
)
def test_carets_line_up_in_a_terminal(line: str, column: int, end: int, carets: str) -> None:
    printed = excerpt(Problem(Span("a", 1, column, end), "x", "y"), {"a": (line,)}).splitlines()

    assert printed[2] == "    | " + carets


def test_no_character_of_a_playbook_acts_on_the_terminal() -> None:
    printed = excerpt(Problem(Span("a", 1, 1, 2), "x", "y"), {"a": ("a\x1b[31m\u202e\u2067b",)})

    assert printed.splitlines()[1] == "  1 | a�[31m��b"


def test_a_long_line_is_cut_around_the_fault() -> None:
    line = "佐" * 500 + "X" + "藤" * 500
    printed = excerpt(Problem(Span("a", 1, 501, 502), "x", "y"), {"a": (line,)}).splitlines()

    assert printed[1].index("X") == printed[1].index("…") + 41
    assert len(printed[1]) < 100
    assert printed[2].endswith(" " * 81 + "^")


def test_a_place_without_a_line_is_named_all_the_same() -> None:
    problem = Problem(Span("gone.yaml", 3), "too-large", "split it")

    assert excerpt(problem, {}) == "gone.yaml:3:1: split it [too-large]"
    assert excerpt(problem, {"gone.yaml": ("a",)}) == "gone.yaml:3:1: split it [too-large]"


def test_legal_values_are_named_up_to_twelve() -> None:
    legal = tuple(f"v{number}" for number in range(15))
    printed = excerpt(Problem(Span("a"), "x", "no such value", legal, "v3"), {})

    assert "no such value; did you mean `v3`? (known: v0, v1," in printed
    assert printed.endswith("v11, and 3 more) [x]")


def test_a_message_that_names_the_nearest_itself_is_left_alone() -> None:
    problem = Problem(Span("a"), "x", "no day; did you mean `mon`? it is short", (), "mon")

    assert excerpt(problem, {}) == "a:1:1: no day; did you mean `mon`? it is short [x]"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("respnd", "respond"),
        ("RESPOND", "respond"),
        ("ｒｅｓｐｏｎｄ", "respond"),
        ("may-spend", "may_spend"),
        ("お客様掛", "お客様係"),
        ("zzz", ""),
        ("", ""),
        ("x" * 100_000, ""),
    ],
)
def test_the_nearest_name_is_found_whatever_its_dress(word: str, meant: str) -> None:
    assert nearest(word, ["route", "respond", "may_spend", "お客様係"]) == meant


def test_a_name_is_never_offered_for_itself() -> None:
    assert nearest("respond", ["respond"]) == ""


def test_texts_in_messages_stay_short_and_on_one_line() -> None:
    assert shown("佐\n藤\t様\x07") == "佐 藤 様�"
    assert len(shown("あ" * 5000)) == 60


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"to": "窓口", "when": ["a, b"]}, '{to: 窓口, when: ["a, b"]}'),
        ("a: b", '"a: b"'),
        ("{{ x }}", '"{{ x }}"'),
        ([], "[]"),
        ([True, 3], "[true, 3]"),
    ],
)
def test_examples_are_written_as_yaml(value: object, written: str) -> None:
    assert flow(value) == written
