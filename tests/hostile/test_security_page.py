"""Every promise of the security page names the tests behind it, and each of them is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
TEXT = PAGE.read_text("utf-8")
NAMED = re.findall(r'\]\((\.\./tests/[^ )]+) "(\w+)"\)', TEXT)
PROMISES = [
    row
    for row in TEXT.partition("## What is promised")[2].partition("## What is not promised")[0].splitlines()
    if row.startswith("| ") and not row.startswith(("| promise", "| ---"))
]


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((PAGE.parent / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_every_test_that_the_page_names_is_there(file: str, name: str) -> None:
    assert name in functions_of(file)


@pytest.mark.parametrize("row", PROMISES, ids=[row[2:60] for row in PROMISES])
def test_every_promise_names_a_test(row: str) -> None:
    promise, _, tests = row.strip("| ").rpartition(" | ")
    assert promise
    assert re.findall(r'"test_\w+"', tests)


def test_the_page_is_found_from_the_first_page_and_from_the_operators() -> None:
    assert "docs/security.md" in (PAGE.parents[1] / "README.md").read_text("utf-8")
    assert "(security.md" in (PAGE.parent / "running.md").read_text("utf-8")
