"""Edges of the rules about accounts, and their fixes."""

from __future__ import annotations

import pytest

from lint.linting import laid_over, subject_of
from lint.mending import mended
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.subject import Subject

OTHER = """
accounts:
  "x:news": {department: care, see_also: ["x:suzuran"]}
  "x:suzuran":
"""


def see_also(subject: Subject) -> tuple[Finding, ...]:
    return lint(subject, built_in(), Selection("audit", frozenset({"PB711"}))).findings


@pytest.mark.parametrize(
    "account",
    [
        "    department: care  # the desk\n    type: both\n",
        '    department: care\n    see_also: ["x:shop"]\n',
        '    department: care\n    see_also:\n      - "x:shop"  # our shop\n    type: both\n',
        '    {department: care, see_also: ["x:shop"]}\n',
        "    {department: care, type: both}\n",
    ],
)
def test_the_other_account_is_made_to_name_the_first(account: str) -> None:
    shop = '  "x:shop": {department: care, see_also: ["x:suzuran"]}\n'
    files = laid_over(OTHER + account + (shop if "shop" in account else ""))
    (found,) = see_also(subject_of(files))
    assert found.message == "`x:news` names `x:suzuran`, which does not name it"
    assert found.fix is not None

    after = subject_of(mended(files, (found,)))

    assert "x:news" in after.policy.accounts["x:suzuran"].see_also
    assert see_also(after) == ()
    assert sum(text.count("#") for text in map(bytes.decode, mended(files, (found,)).values())) == sum(
        text.count("#") for text in map(bytes.decode, files.values())
    )


def test_a_layout_with_no_plain_place_is_left_to_people() -> None:
    files = laid_over(
        OTHER
        + '    department: care\n    see_also: ["x:shop",\n      "x:mall"]\n'
        + (
            '  "x:shop": {department: care, see_also: ["x:suzuran"]}\n'
            '  "x:mall": {department: care, see_also: ["x:suzuran"]}\n'
        )
    )

    (found,) = see_also(subject_of(files))

    assert found.fix is None
