"""Where the comments of a file are, in time that grows with its length and no faster."""

from __future__ import annotations

import time

import pytest

from playbook_engine.lint.comments import comments


def found(text: str) -> list[tuple[int, int, str, int]]:
    return [(each.line, each.column, each.text, each.covers) for each in comments(text.split("\n"))]


@pytest.mark.parametrize(
    "line",
    [
        " " * 100_000 + ": x",
        "- " * 50_000,
        "-" * 100_000,
        "a: |" * 25_000,
        "a: | # " * 15_000 + "x",
        '"\\' * 50_000 + " #",
        "'\"" * 50_000 + " #",
    ],
    ids=lambda line: f"{line[:6]}…{line[-6:]}",
)
def test_a_long_line_takes_no_long_time(line: str) -> None:
    begun = time.process_time()
    found(f"{line}\n{line}")
    assert time.process_time() - begun < 0.5


def test_thousands_of_comments_take_no_long_time() -> None:
    begun = time.process_time()
    assert found("#a\n" * 50_000 + "b: c")[0] == (1, 1, "a", 50_001)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("opening", ["a: |", "- >-", "  - - a: >2 # why", "|", "a: b: |+"])
def test_what_looks_like_a_comment_in_a_block_of_text_is_none(opening: str) -> None:
    indent = " " * (len(opening) - len(opening.lstrip()) + 1)
    assert [each[0] for each in found(f"{opening}\n{indent}# text\n\n{indent}# more\n# note")][-1:] == [5]
    assert not {2, 4} & {each[0] for each in found(f"{opening}\n{indent}# text\n\n{indent}# more\n# note")}


@pytest.mark.parametrize("line", ["# see: |", "a|b", "a -|", "a: x | y"])
def test_a_line_that_opens_no_block_hides_no_comment(line: str) -> None:
    assert (2, 2, "note", 3) in found(f"{line}\n # note\nb: c")


def test_a_sign_in_quotes_or_within_a_word_begins_no_comment() -> None:
    assert found('a: "x # y" # one') == [(1, 12, "one", 1)]
    assert found("a: 'it''s # y' # two") == [(1, 16, "two", 1)]
    assert found("a: it's # three") == [(1, 9, "three", 1)]
    assert found('a: it\'s "#" # four') == [(1, 13, "four", 1)]
    assert found("a: b#c") == []
