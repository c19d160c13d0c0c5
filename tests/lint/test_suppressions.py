"""What a playbook asks not to be told, and what it takes to be heard."""

from __future__ import annotations

import pytest

from lint.linting import NOW, findings, laid_over, subject_of
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.comments import comments
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.suppressions import Suppression, day_of

OLD = "  old: {ja: ありがとうございます。, en: Thank you.}\n"
WHY = 'reason="needed in spring" by=mori until=2027-04-30'


def codes(fragment: str) -> list[str]:
    return [each.code for each in findings(fragment)]


def wishes(fragment: str) -> tuple[Suppression, ...]:
    return subject_of(laid_over(fragment)).suppressions


@pytest.mark.parametrize(
    "fragment",
    [
        f"templates:\n  # playbook: ignore[PB110] {WHY}\n{OLD}",
        f"templates:\n{OLD.rstrip()}  # playbook: ignore[PB110] {WHY}\n",
        f"templates:\n  # playbook: ignore[unused-definition, PB110] {WHY}\n\n  # a remark\n{OLD}",
        f"templates:\n  old:\n    ja: ありがとう\n    en: Thank you  # playbook: ignore[PB110] {WHY}\n",
        f"templates:\n{OLD}lint:\n  ignore:\n    - {{code: PB110, at: templates.old, reason: later, by: mori, "
        "until: 2027-04-30}\n",
    ],
    ids=["line above", "same line", "by name and past a remark", "inside the part", "entry"],
)
def test_a_finding_is_silenced_where_a_reason_a_person_and_an_end_are_given(fragment: str) -> None:
    outcome = lint(subject_of(laid_over(fragment)), built_in(), Selection("audit"))

    assert outcome.findings == ()
    assert [(each.finding.code, each.by) for each in outcome.suppressed] == [("PB110", "mori")]


@pytest.mark.parametrize("part", ['reason="needed in spring"', "by=mori", "until=2027-04-30"])
def test_without_a_reason_a_person_or_an_end_nothing_is_silenced(part: str) -> None:
    assert codes(f"templates:\n  # playbook: ignore[PB110] {WHY.replace(part, '')}\n{OLD}") == ["PB901", "PB110"]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (day_of(NOW).isoformat(), []),
        ("2026-11-24", ["PB902", "PB110"]),
        ("2027-05-24", []),
        ("2027-05-25", ["PB901", "PB110"]),
        ("2027-02-30", ["PB901", "PB110"]),
    ],
    ids=["its last day", "the day after", "180 days ahead", "181 days ahead", "no day"],
)
def test_a_suppression_ends(until: str, expected: list[str]) -> None:
    assert day_of(NOW).isoformat() == "2026-11-25"
    assert codes(f'templates:\n  # playbook: ignore[PB110] reason="x" by=mori until={until}\n{OLD}') == expected


def test_a_suppression_covers_its_part_only() -> None:
    other = OLD.replace("old", "older")

    assert codes(f"templates:\n  # playbook: ignore[PB110] {WHY}\n{OLD}{other}") == ["PB110"]


def test_a_suppression_that_silences_nothing_is_found() -> None:
    (found,) = findings(f"templates:\n  # playbook: ignore[PB110] {WHY}\n" + OLD.replace("old", "ack"))

    assert (found.code, found.severity) == ("PB902", "error")
    assert "`PB110` finds nothing at `templates.ack`" in found.message


def test_a_locked_rule_is_not_silenced() -> None:
    fragment = f"templates:\n  # playbook: ignore[PB901] {WHY}\n  # playbook: ignore[PB110]\n{OLD}"

    assert "PB901" in codes(fragment)


@pytest.mark.parametrize(
    ("comment", "code", "says"),
    [
        ("# playbook: ingore[PB110] " + WHY, "PB903", "ingore"),
        ("# playbook: ignore[PB110] " + WHY + " for=ever", "PB903", "`for`"),
        ("# playbook: ignore[] " + WHY, "PB903", "no rule is named"),
        ("# playbook: ignore[PB999] " + WHY, "PB903", "no lint rule is called `PB999`"),
        ("# playbook: ignore PB110", "PB903", "ignore PB110"),
    ],
)
def test_a_slip_in_a_suppression_is_found(comment: str, code: str, says: str) -> None:
    found = findings(f"templates:\n  {comment}\n{OLD}")

    assert [says in each.message for each in found if each.code == code] == [True]
    assert "PB110" in [each.code for each in found]


def test_what_only_looks_like_a_comment_silences_nothing() -> None:
    text = (
        f"templates:\n  old:\n    ja: |\n      # playbook: ignore[PB110] {WHY}\n    en: 'x # playbook: ignore[PB110]'\n"
    )

    assert wishes(text) == ()
    assert codes(text) == ["PB110"]


def test_comments_are_told_from_texts() -> None:
    lines = [
        "# first",
        'a: "in # quotes"  # second',
        "b: >-",
        "  # text",
        "",
        "  # text still",
        "c: it's#not",
        "- |  # third",
        "  # text",
        "# fourth",
    ]

    assert [(each.line, each.text, each.covers) for each in comments(lines)] == [
        (1, "first", 2),
        (2, "second", 2),
        (8, "third", 8),
        (10, "fourth", 10),
    ]


def test_what_keeps_a_playbook_from_being_used_is_not_silenced() -> None:
    fragment = f"route:\n  # playbook: ignore[PB104] {WHY}\n  - {{id: rest, when: always, to: cera}}\n"

    assert "PB104" in codes(fragment)
