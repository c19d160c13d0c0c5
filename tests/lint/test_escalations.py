"""Edges of the rules about ladders, and their fixes."""

from __future__ import annotations

import pytest

from lint.linting import findings, laid_over, subject_of
from lint.mending import mended
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.lint import Selection, lint

ALONE = """
escalations:
  urgent:
    - {id: now, at: 0%, notify: head, acknowledge_within: 5m}
    - {id: again, at: 100%, notify: head, repeat: {every: 15m, times: 8}}
"""


def test_the_one_person_is_named_with_the_ladder() -> None:
    (found,) = findings(ALONE, only=("PB406",))

    assert found.message == "every level of `urgent` reaches `head` alone"
    assert [each.node for each in found.related] == ["people.head"]


def test_a_deputy_who_steps_in_outside_somebody_s_hours_is_a_second_person() -> None:
    assert findings(ALONE.replace("head", "mori"), only=("PB406",)) == ()


def test_a_deputy_of_somebody_without_a_calendar_never_steps_in() -> None:
    people = """
people:
  head: {name: 加藤, via: [{email: k@s.example}], deputy: aoki}
  aoki: {name: 青木, via: [{email: a@s.example}]}
"""

    assert len(findings(ALONE + people, only=("PB406",))) == 1


def test_when_nobody_acknowledges_the_last_level_the_undecided_hear_of_it() -> None:
    fragment = ALONE.replace("repeat:", "acknowledge_within: 1h, repeat:")

    assert len(findings(fragment, only=("PB406",))) == 1  # it is the same person
    assert findings(fragment + "undecided: {to: mori, within: 30m}\n", only=("PB406",)) == ()


def test_a_department_in_which_everybody_is_one_person_is_named() -> None:
    fragment = """
departments:
  night: {name: {ja: 夜間窓口, en: Night}, calendar: night, on_duty: head, lead: head}
route:
  - {id: late, when: {severity: high}, to: night}
"""
    found = findings(fragment, only=("PB406",))

    assert {each.message for each in found} == {
        "every level of `standard` reaches `head` alone for `night`",
        "every level of `urgent` reaches `head` alone for `night`",
    }


@pytest.mark.parametrize(
    "levels",
    [
        " [{id: soon, at: 75%, notify: mori}, {id: lead, at: 100%, notify: head}]",
        "\n    - {id: soon, at: 75%, notify: mori}\n    - {id: lead, at: 100%, notify: [head, mori] }  # the end",
        "\n    - {id: soon, at: 75%, notify: mori}\n    - id: lead  # the end\n      at: 100%\n      notify: head",
    ],
)
def test_the_level_at_the_deadline_is_given_time_to_be_acknowledged(levels: str) -> None:
    files = laid_over(f"escalations:\n  urgent:{levels}\n")
    wanted = Selection("audit", frozenset({"PB407"}))
    (found,) = lint(subject_of(files), built_in(), wanted).findings
    assert found.fix is not None
    assert not found.fix.safe

    after = subject_of(mended(files, (found,)))

    assert [level.acknowledge_within for level in after.policy.ladders["urgent"]] == [0, 1_800_000]
    assert lint(after, built_in(), wanted).findings == ()
