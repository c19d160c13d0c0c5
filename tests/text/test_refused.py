"""What is refused, where, with which advice. Each row holds exactly one fault."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
import yaml

from playbook_engine.model.span import Problem
from playbook_engine.resources import shipped
from playbook_engine.text import stream
from playbook_engine.text.read import read
from playbook_engine.text.validate import validate

SCHEMA: dict[str, Any] = json.loads((shipped("schemas") / "playbook.schema.json").read_text("utf-8"))


class Row(NamedTuple):
    text: str | bytes
    code: str
    line: int
    column: int
    said: str
    nearest: str = ""


UNREADABLE = [
    Row('templates:\n  a: "x\n  b: "{{ y }}"\n', "yaml-syntax", 2, 6, "closed on line 3 only"),
    Row("owner: @care\n", "yaml-syntax", 1, 8, "begins with `@` must stand in double quotes"),
    Row("owner: `care`\n", "yaml-syntax", 1, 8, "begins with a backtick"),
    Row("owner: %care\n", "yaml-syntax", 1, 8, "begins with `%`"),
    Row("owner: *重要*\n", "yaml-syntax", 1, 8, "begins with `*`"),
    Row("owner: &重要\n", "yaml-syntax", 1, 8, "begins with `&`"),
    Row("owner: !重要\n", "yaml-syntax", 1, 8, "begins with `!`"),
    Row("owner: ? care\n", "yaml-syntax", 1, 8, "begins with `? `"),
    Row("owner: 担当: 佐藤\n", "yaml-syntax", 1, 8, 'write `"担当: 佐藤"`'),
    Row("accounts: {a: b: c}\n", "yaml-syntax", 1, 15, 'write `"b: c"`'),
    Row("owner: care: \n", "yaml-syntax", 1, 8, "`care:` is a second key on this line"),
    Row("owner: 佐藤\n  lead: 加藤\n", "yaml-syntax", 2, 3, "continues the text of line 1"),
    Row("owner: 佐藤\n加藤\n", "yaml-syntax", 2, 1, "`加藤` is neither a key nor indented"),
    Row("facts:\n  vip:{flag: true}\n", "yaml-syntax", 2, 6, "a blank is missing after this colon"),
    Row("facts: {vip:[a]}\n", "yaml-syntax", 1, 12, "a blank is missing after this colon"),
    Row('owner: "佐藤\nformat: 1\n', "yaml-syntax", 1, 8, "never closed"),
    Row("owner: 'it's us'\n", "yaml-syntax", 1, 12, "follows the closing quote"),
    Row('people:\n  a: "佐\n    藤" 様\n', "yaml-syntax", 2, 6, "closed on line 3 only"),
    Row('owner: "50\\%"\n', "yaml-syntax", 1, 11, "`\\%` means nothing"),
    Row('owner: "\\ud83d\\ude00"\n', "yaml-syntax", 1, 9, "names no character"),
    Row("owner: [佐藤] 様\n", "yaml-syntax", 1, 13, "follows a closed bracket"),
    Row("approved_by: [佐藤\nformat: 1\n", "yaml-syntax", 1, 14, "`[` that opens here is not closed"),
    Row("approved_by: [佐藤}\n", "yaml-syntax", 1, 17, "`}` does not close the `[`"),
    Row("approved_by: [佐藤,, 加藤]\n", "yaml-syntax", 1, 18, "a value is missing before `,`"),
    Row("owner: ]\n", "yaml-syntax", 1, 8, "a value is missing before `]`"),
    Row("owner: [[\n", "yaml-syntax", 1, 9, "`[` that opens here is not closed"),
    Row('people: {佐藤: {name: "佐" "藤"}}\n', "yaml-syntax", 1, 25, "follows the closing quote"),
    Row("owner: - 佐藤\n", "yaml-syntax", 1, 8, "a list begins below its key"),
    Row("owner: |佐藤\n", "yaml-syntax", 1, 8, "the text begins on the next line"),
    Row("route:\n  - id: a\n  when: b\n", "yaml-syntax", 3, 3, "begin an entry with `- `"),
    Row("owner: 佐藤\n- 加藤\n", "yaml-syntax", 2, 1, "put it under its key"),
    Row("people:\n    佐藤: {}\n  加藤: {}\n", "yaml-syntax", 3, 3, "indented as none of those above"),
    Row(": 佐藤\n", "yaml-syntax", 1, 1, "a key is missing"),
    Row("owner: 佐藤\n}\n", "yaml-syntax", 2, 1, "closes nothing"),
    Row("people:\n\t佐藤: {}\n", "tab-indentation", 2, 1, "indent with spaces"),
    Row("approved_by: [\n\t佐藤]\n", "tab-indentation", 2, 1, "indent with spaces"),
    Row("owner: {{ 氏名 }}\n", "unquoted-template", 1, 8, "put the whole text in double quotes"),
    Row("owner: {{ 氏名 }}様\n", "unquoted-template", 1, 8, "put the whole text in double quotes"),
    Row("templates: {ack: {ja: 親愛なる {{ x }} 様}}\n", "unquoted-template", 1, 28, "in double quotes"),
    Row("owner： 佐藤\n", "full-width-syntax", 1, 6, "`：` is full-width"),
    Row("format: 1\nowner： 佐藤\nlinks: {}\n", "full-width-syntax", 2, 6, "type `:`"),
    Row("departments:\n  窓口：\n    name: x\n", "full-width-syntax", 2, 5, "type `:`"),
    Row("route:\n  - id：a\n", "full-width-syntax", 2, 7, "type `:`"),
    Row("route:\n  - {id：a, when: always}\n", "full-width-syntax", 2, 8, "type `:`"),
    Row("route:\n  - {when： {text: 怪我}}\n", "full-width-syntax", 2, 10, "type `:`"),
    Row("owner:　佐藤\n", "full-width-syntax", 1, 7, "type a plain space"),
    Row("people:\n　佐藤: {}\n", "full-width-syntax", 2, 1, "type a plain space"),
    Row("facts: ｛kind: x｝\n", "full-width-syntax", 1, 8, "type `{`"),
    Row("approved_by: ［佐藤，加藤］\n", "full-width-syntax", 1, 14, "type `[`"),
    Row("facts: {a: 佐，b: 藤}\n", "full-width-syntax", 1, 13, "type `,`"),
    Row("route:\n－ id: a\n", "full-width-syntax", 2, 1, "type `-`"),
    Row("＃ 覚え書き\n", "full-width-syntax", 1, 1, "type `#`"),
    Row("owner: 佐藤\nowner: 加藤\n", "duplicate-key", 2, 1, "`owner` is already here, on line 1"),
    Row("people: {佐藤: {name: a}, 佐藤: {name: b}}\n", "duplicate-key", 1, 25, "keep one of them"),
    Row("owner: *care\n", "alias-or-anchor", 1, 8, "write the value out here"),
    Row("owner: &care 佐藤\n", "alias-or-anchor", 1, 8, "leave it out"),
    Row("*care : 佐藤\n", "alias-or-anchor", 1, 1, "write the key out here"),
    Row("owner: !!str 佐藤\n", "tag", 1, 8, "tags (`!`) are not used"),
    Row("people:\n  <<: {}\n", "merge-key", 2, 3, "write the values out"),
    Row("? [佐藤]\n: a\n", "key-not-text", 1, 3, "a key is one text"),
    Row("%YAML 1.2\n---\nowner: 佐藤\n", "directive", 1, 1, "leave it out"),
    Row("owner: 佐藤\n---\nformat: 1\n", "second-document", 2, 1, "a file of its own"),
    Row("owner: 佐藤\n...\nformat: 1\n", "second-document", 3, 1, "a file of its own"),
    Row("links: {a: Faults, returns}\n", "empty-value", 1, 20, '`"Faults, returns"`'),
    Row("links: {返品}\n", "empty-value", 1, 9, "`返品` has no value"),
    Row("links: {id:x, a: b}\n", "empty-value", 1, 11, "a blank is missing after the colon"),
    Row("links: {返品\n  id:x, a: b}\n", "empty-value", 1, 9, "a blank is missing after the colon"),
    Row("links: {返品\n  ：x, a: b}\n", "full-width-syntax", 1, 9, "type `:`"),
    Row("templates: {ack: {ja: お問い合わせは #返品 まで}}\n", "hash-truncation", 1, 31, "cut off"),
    Row("- 佐藤\n", "wrong-type", 1, 1, "this is a list"),
    Row("佐藤\n", "wrong-type", 1, 1, "this is a text"),
    Row("owner: 佐\u202e藤\n", "hidden-unicode", 1, 9, "right-to-left override U+202E"),
    Row("owner: 佐\x00藤\n", "hidden-unicode", 1, 9, "control character U+0000"),
    Row("owner: 佐\u2028藤\n", "hidden-unicode", 1, 9, "U+2028"),
    Row('owner: "佐\\0藤"\n', "hidden-unicode", 1, 8, "escape in this text"),
    Row("owner: 佐藤".encode("shift_jis"), "not-utf-8", 1, 8, "byte 7 (0x8d) is not UTF-8, it may be Shift_JIS"),
    Row("owner: 佐藤".encode("euc-jp"), "not-utf-8", 1, 8, "it may be EUC-JP"),
    Row(b"a: b\nc: \xff\n", "not-utf-8", 2, 4, "byte 8 (0xff)"),
    Row(b"\xef\xbb\xbfa: \xff\n", "not-utf-8", 1, 4, "byte 6 (0xff)"),
    Row("owner: 佐藤".encode("utf-16"), "not-utf-8", 1, 1, "UTF-16; save it as UTF-8"),
    Row("owner: 佐藤".encode("utf-32"), "not-utf-8", 1, 1, "UTF-32; save it as UTF-8"),
    Row("owner: " + "[" * 70 + "]" * 70 + "\n", "too-deep", 1, 71, "more than 64 levels deep"),
    Row("owner: " + "[" * 999_990 + "\n", "too-deep", 1, 71, "more than 64 levels deep"),
    Row("owner: " + "[" * 50_000 + "]" * 50_000 + "\n", "too-deep", 1, 71, "more than 64 levels deep"),
    Row("- " * 50_000 + "a\n", "wrong-type", 1, 1, "this is a list"),
    Row("a:\n - " + "- " * 50_000 + "a\n", "too-deep", 2, 128, "more than 64 levels deep"),
    Row("owner: [" + "a," * 60_000 + "]\n", "too-large", 1, 99_999, "split it"),
    Row("owner: " + "a" * (1 << 20) + "\n", "too-large", 1, 1, "split it"),
]

MISSHAPEN = [
    Row("respnd: []\n", "unknown-field", 1, 1, "no key is called `respnd`", "respond"),
    Row("Route: []\n", "unknown-field", 1, 1, "no key is called `Route`", "route"),
    Row("listen: {}\n", "reserved-key", 1, 1, "reserved for a later version"),
    Row("format: 2\n", "format", 1, 9, "write 1"),
    Row('format: "1"\n', "wrong-type", 1, 9, "take the quotes away"),
    Row("format: １\n", "wrong-type", 1, 9, "is not a whole number", "1"),
    Row("playbook: 湊/2\n", "wrong-form", 1, 11, "`湊/2` is not a name"),
    Row("review_by: 2027/05/01\n", "wrong-form", 1, 12, "is not a date"),
    Row("timezone: JST\n", "wrong-form", 1, 11, "such as Asia/Tokyo"),
    Row("languages: ja\n", "wrong-type", 1, 12, "write `[ja]`"),
    Row("languages: [日本語]\n", "wrong-form", 1, 13, "is not a language"),
    Row("languages: [ja, ja]\n", "repeated-value", 1, 17, "stands in this list already"),
    Row("approved_by: []\n", "empty-value", 1, 14, "this list is empty"),
    Row("facts:\n", "empty-value", 1, 1, "nothing stands here, a mapping is wanted"),
    Row("facts: {種類: {default: x}}\n", "missing-required", 1, 9, "a fact has one type"),
    Row("facts: {種類: {one_of: [a], flag: true}}\n", "exclusive-keys", 1, 27, "beside `one_of`"),
    Row("facts: {vip: {flag: yes}}\n", "flag", 1, 21, "is not true or false", "true"),
    Row("facts: {vip: {flag: いいえ}}\n", "flag", 1, 21, "is not true or false", "false"),
    Row("calendars: {窓口: {open: {月-金: closed}}}\n", "wrong-form", 1, 25, "is not a day"),
    Row("calendars: {窓口: {open: {mon: [9-18]}}}\n", "wrong-form", 1, 31, "such as 09:00-18:00"),
    Row("calendars: {窓口: {open: {mon: 終日}}}\n", "unknown-value", 1, 30, "neither `closed` nor"),
    Row("people: {佐藤: {name: 佐藤, via: [{email: a, sms: b}]}}\n", "exclusive-keys", 1, 42, "second way"),
    Row("people: {佐藤: {nmae: 佐藤}}\n", "unknown-field", 1, 15, "`nmae`", "name"),
    Row("departments: {窓口: {calendar: 窓口}}\n", "missing-required", 1, 15, "`name` is missing"),
    Row("accounts: {minato: {department: 窓口}}\n", "wrong-form", 1, 12, "is not an account"),
    Row('accounts: {"x:湊": {department: a, type: brnd}}\n', "unknown-value", 1, 41, "type of account", "brand"),
    Row("templates: {受付: {ja: [a]}}\n", "wrong-type", 1, 22, "a text is wanted here, this is a list"),
    Row("templates: {受付: {email: {subject: 件名}}}\n", "missing-required", 1, 18, "`text` is missing"),
    Row("links: {返品: minato.example}\n", "wrong-form", 1, 13, "write it in full"),
    Row("ignore: [{id: a, when: always}]\n", "missing-required", 1, 10, "write for instance `because: Auto"),
    Row("route: 窓口\n", "wrong-type", 1, 8, "a list is wanted here, this is the text `窓口`"),
    Row("route: [窓口]\n", "wrong-type", 1, 9, "a mapping is wanted here, this is the text `窓口`"),
    Row("route: [{id: a, wehn: always, to: 窓口}]\n", "unknown-field", 1, 17, "`wehn`", "when"),
    Row("route: [{id: a, when: allways, to: 窓口}]\n", "unknown-value", 1, 23, "a condition", "always"),
    Row("route: [{id: a, when: {}, to: 窓口}]\n", "empty-value", 1, 23, "this mapping is empty"),
    Row("route: [{id: a, when: {any: []}, to: 窓口}]\n", "empty-value", 1, 29, "this list is empty"),
    Row("route: [{id: a, when: , to: 窓口}]\n", "empty-value", 1, 17, "nothing stands here"),
    Row("route: [{id: a, when: kind：x, to: 窓口}]\n", "full-width-syntax", 1, 23, "type `:`"),
    Row("route: [{id: a, when: kind:x, to: 窓口}]\n", "wrong-type", 1, 23, "a blank is missing"),
    Row("route: [{id: a, when: {text: {contain: x}}, to: b}]\n", "unknown-field", 1, 31, "", "contains"),
    Row("human_only: {topics: []}\n", "empty-value", 1, 22, "this list is empty"),
    Row("targets: [{id: a, when: always, reply: 15}]\n", "wrong-form", 1, 40, "is not a duration"),
    Row("targets: [{id: a, when: always, reply: １５ｍ}]\n", "wrong-form", 1, 40, "is not a duration", "15m"),
    Row("targets: [{id: a, when: always, reply: {open_time: 2d}}]\n", "wrong-form", 1, 52, "open time"),
    Row("targets: [{id: a, when: always, reply: {open_days: 0}}]\n", "out-of-range", 1, 52, "too few"),
    Row("targets: [{id: a, when: always, reply: {when_open: 1h}}]\n", "missing-required", 1, 33, "`when_closed`"),
    Row("targets: [{id: a, when: always, counts: bot}]\n", "unknown-value", 1, 41, "is not a kind of reply"),
    Row("respond: [{id: a, when: always, reply: none, apologise: none}]\n", "missing-step", 1, 11, "`resolve`"),
    Row(
        "respond: [{id: a, when: always, reply: ack, apologise: none, resolve: none}]\n",
        "step", 1, 40, "named as {send: …}",
    ),
    Row(
        "respond: [{id: a, when: always, reply: {send: a, draft: b}, apologise: none, resolve: none}]\n",
        "exclusive-keys", 1, 50, "beside `send`",
    ),
    Row(
        "respond: [{id: a, when: always, reply: {offer: []}, apologise: none, resolve: none}]\n",
        "unknown-field", 1, 41, "no key is called `offer`",
    ),
    Row(
        "respond: [{id: a, when: always, reply: {approve: {by: b}}, apologise: none, resolve: none}]\n",
        "missing-required", 1, 33, "there is nothing to approve",
    ),
    Row("rules: {a: {when: always, do: [{send: a, ticket: b}]}}\n", "exclusive-keys", 1, 42, "second action"),
    Row("rules: {a: {when: always, do: [{send: a, ticket: b, when: always}]}}\n", "exclusive-keys", 1, 42, ""),
    Row("rules: {a: {when: always, do: [{when: always}]}}\n", "missing-required", 1, 32, "stands here alone"),
    Row("rules: {a: {when: always, do: [{coupon: 1000円}]}}\n", "wrong-form", 1, 41, "such as 1000 JPY"),
    Row("rules: {a: {when: always, do: [{hand_over: {send: a}}]}}\n", "missing-required", 1, 33, "where it goes"),
    Row("rules: {a: {when: always, do: [{resolve: }]}}\n", "empty-value", 1, 33, "write for instance `{}`"),
    Row("rules: {a: {when: always, do: {send: b}}}\n", "wrong-type", 1, 31, "a list is wanted here, this is a mapping"),
    Row(
        "rules: {a: {event: message.recieved, when: always, do: [{mute: {}}]}}\n",
        "unknown-value", 1, 20, "is not a type of event", "message.received",
    ),
    Row("escalations: {通常: [{id: a, notify: b}]}\n", "missing-required", 1, 20, "or `overdue`"),
    Row("escalations: {通常: [{id: a, at: 120%, notify: b}]}\n", "wrong-form", 1, 32, "0% to 100%"),
    Row("escalations: {通常: [{id: a, at: 1%, overdue: 1h, notify: b}]}\n", "exclusive-keys", 1, 36, "beside `at`"),
    Row("escalations: {通常: [{id: a, at: 1%, notify: department.leed}]}\n", "wrong-form", 1, 44, "can be told"),
    Row("modes: {嵐: {starts: {messages: 多数, in: 10m}}}\n", "wrong-type", 1, 32, "is not a whole number"),
    Row("limits: [{id: a, of: b, per: all, max: 3, in: 10m, then: wait}]\n", "unknown-value", 1, 58, "above a limit"),
    Row("undecided: {to: 佐藤}\n", "missing-required", 1, 1, "write for instance `within: 30m`"),
    Row("prove: [{id: a}]\n", "missing-required", 1, 9, "`assert` is missing"),
]  # fmt: skip


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    document, problems = read({"湊.yaml": text.encode() if isinstance(text, str) else text})
    return (*problems, *validate(document, SCHEMA))


def named(row: Row) -> str:
    return f"{row.code}: {row.text[:40]!r}"


@pytest.mark.parametrize("row", UNREADABLE, ids=named)
def test_a_text_that_is_not_what_its_writer_sees_is_refused_with_advice(row: Row) -> None:
    _, problems = read({"湊.yaml": row.text.encode() if isinstance(row.text, str) else row.text})

    assert [(p.code, p.span.line, p.span.column) for p in problems] == [(row.code, row.line, row.column)]
    assert row.said in problems[0].message


@pytest.mark.parametrize("row", MISSHAPEN, ids=named)
def test_a_structure_that_the_language_does_not_have_is_refused_with_the_right_fault(row: Row) -> None:
    problems = problems_of(row.text)

    assert [(p.code, p.span.line, p.span.column) for p in problems] == [(row.code, row.line, row.column)]
    assert row.said in problems[0].message
    assert problems[0].nearest == row.nearest


def test_a_fault_of_reading_causes_no_fault_of_structure() -> None:
    for row in UNREADABLE:
        codes = {problem.code for problem in problems_of(row.text)}
        assert codes <= {row.code, "unknown-field", "wrong-type", "wrong-form", "empty-value"}, row
        assert "missing-required" not in codes, row


def test_every_message_begins_in_lower_case_and_blames_nobody() -> None:
    for row in [*UNREADABLE, *MISSHAPEN]:
        for problem in problems_of(row.text):
            first = problem.message[0]
            assert first == first.lower(), problem
            assert "invalid" not in problem.message
            assert "\n" not in problem.message


def test_without_libyaml_the_same_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_Loader", yaml.SafeLoader)
    for row in UNREADABLE:
        assert problems_of(row.text), row
