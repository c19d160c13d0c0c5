"""Edges of the rules about what platforms take and allow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lint.linting import findings, laid_over, subject_of
from lint.mending import mended
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.policy.platforms import SendRate

TWO = """
accounts:
  "x:one": {department: care}
  "x:two": {department: care}
  "x:suzuran": {department: care}
"""


def limit(most: int, within: str, per: str = "account") -> str:
    return f"limits:\n  - {{id: one, of: send, per: {per}, max: {most}, in: {within}, then: hold}}\n"


def messages(fragment: str) -> list[str]:
    return [each.message for each in findings(fragment, only=("PB712",))]


@pytest.mark.parametrize(
    ("most", "within", "found"),
    [
        (100, "15m", []),
        (101, "15m", ["`one` lets one account on x send 101 in 15m; x takes 100 from one account"]),
        (50, "8m", []),
        (51, "8m", ["`one` lets one account on x send 102 in 15m; x takes 100 from one account"]),
        (100, "1d", []),
        (101, "1d", ["`one` lets one account on x send 101 in 15m; x takes 100 from one account"]),
    ],
)
def test_a_limit_is_measured_in_the_stretch_of_the_platform(most: int, within: str, found: list[str]) -> None:
    assert messages(limit(most, within)) == found


def test_all_accounts_of_a_platform_count_together() -> None:
    assert messages(TWO + limit(34, "15m")) == []  # 34 · 96 · 3 = 9,792
    assert messages(TWO + limit(35, "15m")) == [
        "`one` lets 3 accounts on x together send 10080 in 1d; x takes 10000 from one app"
    ]
    wide = "  - {id: all, of: send, per: platform, max: 10000, in: 1d, then: hold}\n"
    assert messages(TWO + limit(35, "15m") + wide) == []


def test_a_limit_for_one_customer_bounds_no_account() -> None:
    assert messages(limit(500, "15m", "author")) == []


def test_figures_of_a_plugin_are_taken_in_place_of_ours() -> None:
    own = SendRate("x", "posts", 20, 900_000, "account", "our contract", "2026-10-01")
    subject = replace(subject_of(laid_over(limit(80, "15m"))), rates=(own,))

    (found,) = lint(subject, built_in(), Selection("audit", frozenset({"PB712"}))).findings

    assert found.evidence == ("x: 20 posts in 15m from one account, as of 2026-10-01: our contract",)


OVERHEARD = "respond:\n  - {id: heard, when: %s, reply: {send: ack}, apologise: none, resolve: none}\n"


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("{origin: listening}", 1),
        ("{origin: [listening]}", 1),
        ("{not: {origin: [mention, thread, direct, review]}}", 1),
        ("{origin: listening, kind: praise}", 1),
        ("{origin: [listening, mention]}", 0),
        ("{kind: praise}", 0),
        ("{origin: mention}", 0),
    ],
)
def test_only_rows_for_what_was_overheard_are_found(when: str, found: int) -> None:
    assert len(findings(OVERHEARD % when, only=("PB714",))) == found


def test_a_rule_that_answers_what_was_overheard_is_found_at_its_action() -> None:
    rule = "rules:\n  heard: {when: {origin: listening}, do: [{send: ack}]}\n"
    (found,) = findings(rule, only=("PB714",))
    assert found.path == ("rules", "heard", "do", 0, "send")
    assert found.fix is None
    approved = "rules:\n  heard: {when: {origin: listening}, do: [{send: {template: ack, approve: {by: head}}}]}\n"
    assert findings(approved, only=("PB714",)) == ()


def test_a_step_becomes_a_draft() -> None:
    files = laid_over(OVERHEARD % "{origin: listening}")
    wanted = Selection("audit", frozenset({"PB714"}))
    (found,) = lint(subject_of(files), built_in(), wanted).findings

    after = subject_of(mended(files, (found,)))

    assert after.policy.respond[0].reply.kind == "draft"
    assert lint(after, built_in(), wanted).findings == ()


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Thank you. ^KT", "error"),
        ("ご連絡ありがとうございます。＾KT", "error"),
        ("Thank you ^ KT, and more", "error"),
        ("Thank you. ^AB", "warning"),
        ("Thank you. - KT", "warning"),
        ("ありがとうございます。（KT）", "warning"),
        ("Thank you. (automatic reply)", ""),
        ("Plan - B", ""),
        ("KT is our hall", ""),
        ("We like you ^_^", ""),
    ],
)
def test_signs_of_a_person_under_an_automatic_text(text: str, severity: str) -> None:
    fragment = f'templates:\n  ack: {{ja: ありがとうございます。, en: "{text}"}}\n'

    assert [each.severity for each in findings(fragment, only=("PB715",))] == ([severity] if severity else [])


def test_a_draft_may_close_with_anybody_s_initials() -> None:
    fragment = 'templates:\n  thanks: {ja: ありがとうございます。^KT, en: "Thanks {{ personal }} ^KT"}\n'

    assert findings(fragment, only=("PB715",)) == ()


def test_the_text_of_a_closed_department_leaves_by_itself_too() -> None:
    fragment = """
departments:
  care: {name: {ja: 係, en: Care}, calendar: desk, on_duty: mori, when_closed: {send: shut}}
templates:
  shut: {ja: ただいま時間外です。^MR, en: We are closed.}
"""
    (found,) = findings(fragment, only=("PB715",))

    assert found.related[0].node == "departments.care"
