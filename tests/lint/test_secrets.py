"""Secrets and patterns in the files, and the codes that need no rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from lint.linting import findings, subject_of
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.dropped import DROPPED
from playbook_engine.lint.lint import Selection, lint

ROOT = Path(__file__).resolve().parents[2]


def hook(parameters: str) -> str:
    return (
        "respond:\n  - {id: new, when: {kind: question}, reply: {send: ack}, apologise: none, "
        f"resolve: {{do: [{{webhook: {parameters}}}]}}}}\n"
    )


LETTERS = "Zk3vQ8hTq1xW7pLm0cRb"


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + LETTERS * 2,
        "glpat-" + LETTERS,
        "xoxb-" + "1234567890-" + LETTERS,
        "https://hooks.slack.com/services/" + "T00000000/B00000000/" + LETTERS,
        "sk_live_" + LETTERS,
        "AIza" + LETTERS + LETTERS[:15],
        "eyJhbGciOiJIUzI1" + ".eyJzdWIiOiIxMjM0." + LETTERS,
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "https://crm:" + "geheim@suzuran.example/in",
        "sk-proj-" + LETTERS * 2,
    ],
)
def test_a_secret_is_found_in_a_comment_too_and_not_printed(text: str) -> None:
    limit = "limits:\n  - {id: one-person, of: send, per: author, max: 3, in: 10m, then: hold}"
    (found,) = findings(f"{limit}  # {text}\n", only=("PB801",))
    assert (found.severity, found.span.line) == ("error", 2)
    assert text not in found.message
    assert LETTERS not in found.message


@pytest.mark.parametrize(
    ("parameters", "severities"),
    [
        ("{name: orders, body: {api_key: abcdef123}}", ["error"]),
        ("{name: orders, body: {api_key: '${env:ORDERS_KEY}'}}", []),
        ("{name: orders, body: {token_type: bearer}}", []),
        (f"{{url: 'https://suzuran.example/in?api_key={LETTERS}'}}", ["warning"]),
        ("{url: 'https://suzuran.example/in?api_key=${env:KEY}'}", []),
        ("{name: orders, body: {page: sk-a-long-name-of-a-page-that-nobody-drew-by-lot}}", []),
        (f"{{name: orders, body: {{sign: {LETTERS}Yd5sJ2nE9uGa}}}}", ["warning"]),
        ("{name: orders, body: {page: a-long-name-of-a-page-that-nobody-drew-by-lot}}", []),
        ("{name: orders, body: {id: 550e8400-e29b-41d4-a716-446655440000}}", []),
    ],
)
def test_a_value_is_judged_by_its_key_and_by_its_look(parameters: str, severities: list[str]) -> None:
    assert [each.severity for each in findings(hook(parameters), only=("PB801",))] == severities


@pytest.mark.parametrize(
    "text",
    [
        'links: {password: "https://suzuran.example/password"}\n',
        'templates:\n  token: {ja: "{{ ticket.number }}", en: "{{ ticket.number }}"}\n',
        'people:\n  head: {name: 加藤, via: [{sms: "${env:SMS_HEAD}"}], initials: KT}\n',
    ],
)
def test_what_only_speaks_of_secrets_is_none(text: str) -> None:
    assert findings(text, only=("PB801",)) == ()


def matching(pattern: str) -> str:
    return f"classify:\n  - {{id: money, when: {{text: {{matches: '{pattern}'}}}}, set: {{topics: delivery}}}}\n"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"返金", "is no pattern but a text"),
        (r"refund", "is no pattern but a text"),
        (r".*refund(ed|s)", "changes nothing"),
        (r"refund(ed|s).*", "changes nothing"),
        (r"\b返金\b", "never holds"),
        (r"ＲＥＦＵＮＤ(ed)?", "once it is folded"),
        (r"ﾍﾝｷﾝ|返金", "once it is folded"),
        (r"(straße|weg)", "once it is folded"),
    ],
)
def test_a_pattern_that_misleads_is_found(pattern: str, said: str) -> None:
    (found,) = findings(matching(pattern), only=("PB803",))
    assert said in found.message


@pytest.mark.parametrize(
    "pattern",
    [r"\brefund(ed|s)?\b", r"返(金|品)", r"注文\d{6}", r"Ébène|café(s)?", r"a\.\*", r"MN-[0-9]+", r"^ね[えぇ]+"],
)
def test_a_pattern_that_does_what_it_says_is_left(pattern: str) -> None:
    assert findings(matching(pattern), only=("PB803",)) == ()


def test_the_fixes_of_patterns_leave_what_they_match() -> None:
    (found,) = findings(matching("返金"), only=("PB803",))
    assert found.fix is not None
    assert found.fix.safe
    assert [(edit.start, edit.text) for edit in found.fix.edits] == [((2, 31), "contains")]
    (found,) = findings(matching(".*refund(ed|s).*"), only=("PB803",))
    assert found.fix is not None
    assert [(edit.start, edit.end, edit.text) for edit in found.fix.edits] == [((2, 41), (2, 57), "refund(ed|s)")]


def test_a_code_without_a_rule_has_a_reason() -> None:
    codes = {rule.code for rule in built_in()}
    assert not codes & DROPPED.keys()
    assert list(DROPPED) == sorted(DROPPED)
    assert all(DROPPED.values())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_new_playbook_begins_without_an_error_or_a_warning_on_its_texts(language: str) -> None:
    text = (ROOT / "engine/playbook_engine/starters" / f"{language}.yaml").read_text("utf-8")
    zone = {"en": "Europe/London", "ja": "Asia/Tokyo"}[language]
    files = {"playbook.yaml": text.replace("{name}", "new").replace("{timezone}", zone).encode()}
    own = tuple(rule for rule in built_in() if rule.code[:3] in ("PB6", "PB7", "PB8"))
    assert lint(subject_of(files), own, Selection("audit")).findings == ()
