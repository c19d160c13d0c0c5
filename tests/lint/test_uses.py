"""Where a text can be said, as far as the form of the conditions tells."""

from __future__ import annotations

import pytest

from lint.linting import laid_over, subject_of
from playbook_engine.lint.deducing import Cell
from playbook_engine.lint.uses import Use

PUBLIC, PRIVATE, MAIL = Cell("x", True), Cell("x", False), Cell("email", False)
MAILBOX = 'accounts:\n  "email:care@suzuran.example": {department: care}\n'


def use_of(template: str, fragment: str) -> Use:
    (use,) = subject_of(laid_over(MAILBOX + fragment)).uses_of[template]
    return use


def row(when: str, earlier: str = "") -> str:
    steps = "apologise: none, resolve: by_hand}"
    rows = f"  - {{id: earlier, when: {earlier}, reply: by_hand, {steps}\n" if earlier else ""
    rows += f"  - {{id: new, when: {when}, reply: {{send: new}}, {steps}\n"
    return f"templates:\n  new: {{ja: はい, en: Yes}}\nrespond:\n{rows}"


@pytest.mark.parametrize(
    ("when", "cells"),
    [
        ("{kind: question}", {PUBLIC, PRIVATE, MAIL}),
        ("{public: true}", {PUBLIC}),
        ("{not: {public: true}}", {PRIVATE, MAIL}),
        ("{channel: email}", {MAIL}),
        ("{channel: [x, line]}", {PUBLIC, PRIVATE}),
        ('{account: "x:suzuran"}', {PUBLIC, PRIVATE}),
        ("{origin: direct}", {PRIVATE, MAIL}),
        ("{any: [{channel: email}, {public: true}]}", {PUBLIC, MAIL}),
        ("{any: [{channel: email}, {kind: question}]}", {PUBLIC, PRIVATE, MAIL}),
    ],
)
def test_a_condition_leaves_channels_and_the_public_or_not(when: str, cells: set[Cell]) -> None:
    assert use_of("new", row(when)).cells == cells


@pytest.mark.parametrize(
    ("earlier", "when", "cells"),
    [
        ("{public: true}", "{kind: question}", {PRIVATE, MAIL}),
        ("{kind: question, channel: x}", "{kind: question, topics: damage}", {MAIL}),
        ("{kind: praise, channel: x}", "{kind: question}", {PUBLIC, PRIVATE, MAIL}),
        ("{kind: [question, praise], channel: x}", "{kind: question}", {MAIL}),
        ("{topics: [damage, delivery], public: true}", "{topics: damage}", {PRIVATE, MAIL}),
        ("{topics: damage, public: true}", "{topics: [damage, delivery]}", {PUBLIC, PRIVATE, MAIL}),
        ("{any: [{channel: email}, {public: true}]}", "{kind: question}", {PRIVATE}),
        ("{not: {public: true}}", "{kind: question}", {PUBLIC}),
    ],
)
def test_an_earlier_row_takes_only_what_it_surely_takes(earlier: str, when: str, cells: set[Cell]) -> None:
    assert use_of("new", row(when, earlier)).cells == cells


@pytest.mark.parametrize(
    ("when", "alone"),
    [
        ("{kind: question}", True),
        ("{origin: listening}", False),
        ("{topics: injury}", False),
        ("{severity: critical}", False),
        ("{any: [{topics: injury}, {kind: question}]}", True),
    ],
)
def test_what_is_for_people_or_found_by_listening_never_leaves_alone(when: str, alone: bool) -> None:
    assert use_of("new", row(when)).alone is alone


def test_a_post_stands_in_public_where_its_account_is() -> None:
    post = """\
templates:
  new: {ja: はい, en: Yes}
modes:
  storm: {may_switch: [head]}
rules:
  say: {event: mode.started, when: {mode: storm}, do: [{post: {account: "x:suzuran", template: new}}]}
"""
    assert use_of("new", post).cells == {PUBLIC}


def test_what_an_action_brought_is_told_without_a_person_also_where_one_granted_it() -> None:
    granted = row("{kind: question}").replace("{send: new}", "by_hand")
    assert use_of(
        "new", granted.replace("resolve: by_hand", "resolve: {offer: [{ticket: {queue: q, send: new}}]}")
    ).alone


POST = (
    "{name: {ja: 郵便係, en: Post}, on_duty: mori, lead: head, respond: [{id: own, when: always, reply: {send: new}, "
)


@pytest.mark.parametrize(
    ("route", "rule", "cells"),
    [
        ("{channel: email}", "", {MAIL}),
        ("{topics: delivery}", "", {PUBLIC, PRIVATE, MAIL}),
        ("{channel: email}", "  give: {when: {public: true}, do: [{hand_over: post}]}\n", {PUBLIC, PRIVATE, MAIL}),
    ],
)
def test_a_department_answers_where_it_is_led_to(route: str, rule: str, cells: set[Cell]) -> None:
    fragment = f"""\
templates:
  new: {{ja: はい, en: Yes}}
departments:
  post: {POST}apologise: none, resolve: by_hand}}]}}
route:
  - {{id: post, when: {route}, to: post}}
"""
    assert use_of("new", fragment + (f"rules:\n{rule}" if rule else "")).cells == cells


def test_what_is_sent_while_a_department_is_closed_stands_where_it_answers() -> None:
    closed = """\
templates:
  new: {ja: はい, en: Yes}
departments:
  post: {name: {ja: 郵便係, en: Post}, calendar: desk, on_duty: mori, lead: head, when_closed: {send: new}}
route:
  - {id: post, when: {channel: email}, to: post}
"""
    assert use_of("new", closed).cells == {MAIL}
    by_row = row("{incident.department: post}").replace("templates:\n  new: {ja: はい, en: Yes}\n", "")
    apart = closed.replace("when_closed: {send: new}", "on_duty: mori").replace(
        "on_duty: mori, lead: head, on_duty: mori", "on_duty: mori, lead: head"
    )
    assert use_of("new", apart + by_row).cells == {MAIL}
