"""Names: those that look alike, those that will not last, and those that nothing uses."""

from __future__ import annotations

import pytest

from lint.linting import findings
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.names import looks

ROUTE = "route:\n  - {{id: {}, when: {{kind: fault}}, to: care}}\n  - {{id: {}, when: {{kind: praise}}, to: care}}\n"


def found(fragment: str, code: str) -> list[Finding]:
    return [each for each in findings(fragment) if each.code == code]


@pytest.mark.parametrize(
    ("first", "second"),
    [("cаre", "care"), ("care", "car\u200be"), ("НОТ", "HOT"), ("入口", "入ロ"), ("カ", "力"), ("が", "か\u3099")],
)
def test_two_names_that_look_the_same_are_an_error_at_the_second(first: str, second: str) -> None:
    assert looks(first) == looks(second)
    (one, *_) = (each for each in found(ROUTE.format(first, second), "PB009") if each.span.line == 3)
    assert one.severity == "error"


@pytest.mark.parametrize("name", ["cаre", "cаre-desk", "ΗELP", "x-раyment-a", "pаy"])
def test_a_word_of_two_alphabets_that_look_the_same_is_an_error(name: str) -> None:
    (one,) = found(ROUTE.format(name, "other"), "PB009")
    assert "mixes" in one.message
    assert one.evidence[0].startswith("`")


@pytest.mark.parametrize(
    "name", ["SNS対応", "お問い合わせ", "ケアデスク", "забота", "α-test", "5μs", "naïve", "Ｘ対応", "한국어", "b2b"]
)
def test_names_of_one_alphabet_and_japanese_with_latin_letters_are_none(name: str) -> None:
    assert found(ROUTE.format(name, "other"), "PB009") == []


@pytest.mark.parametrize(
    ("first", "second"), [("late", "Late"), ("late", "ｌａｔｅ"), ("too-late", "toolate"), ("too_late", "too-late")]
)
def test_names_that_differ_by_case_width_or_dashes_only_are_a_warning(first: str, second: str) -> None:
    fragment = f"templates:\n  {first}: {{ja: はい, en: Yes}}\n  {second}: {{ja: はい, en: Yes}}\n"
    if "_" in first:
        fragment = f"facts:\n  {first}: {{flag: true, from: crm}}\n  {second}: {{flag: true, from: crm}}\n"
    (one,) = found(fragment, "PB109")
    assert (one.severity, one.span.line, one.related[0].span.line) == ("warning", 3, 2)


def test_the_same_id_in_two_lists_is_none() -> None:
    assert found("route:\n  - {id: Fault, when: {kind: fault}, to: care}\n", "PB109") == []


@pytest.mark.parametrize(
    ("name", "placed"), [("row-1", True), ("2", True), ("行3", True), ("b2b", False), ("v2", False)]
)
def test_an_id_that_only_counts_is_told(name: str, placed: bool) -> None:
    one = found(ROUTE.format(name, "other"), "PB109")
    assert [(each.severity, each.confidence) for each in one] == ([("info", "heuristic")] if placed else [])


@pytest.mark.parametrize(
    "fragment",
    [
        "calendars:\n  spare: {open: {daily: [09:00-12:00]}}\n",
        "departments:\n  spare: {name: Spare, on_duty: mori}\n",
        "escalations:\n  spare: [{id: head, at: 100%, notify: head}]\n",
        "facts:\n  spare: {flag: true, from: crm}\n",
        'links:\n  spare: "https://suzuran.example/"\n',
        "modes:\n  spare: {may_switch: [mori]}\n",
        "people:\n  spare: {name: Spare, via: [{email: spare@suzuran.example}]}\n",
        'templates:\n  spare: "{{ personal }}"\n',
    ],
)
def test_what_nothing_names_is_told_of_every_section(fragment: str) -> None:
    (one,) = found(fragment, "PB110")
    assert (one.span.file, one.span.line, one.severity) == ("example.yaml", 2, "warning")


@pytest.mark.parametrize(
    "more",
    [
        "calendars:\n  spare: {open: {daily: [09:00-12:00]}}\n"
        "route:\n  - {id: s, when: {open.spare: true}, to: care}\n",
        "calendars:\n  spare: {open: {daily: [09:00-12:00]}}\n"
        "people:\n  a: {name: A, deputy: head, calendar: spare, initials: A}\n",
        "departments:\n  spare: {name: Spare, on_duty: mori}\nroute:\n  - {id: s, when: {kind: fault}, to: spare}\n",
        "departments:\n  spare: {name: S, on_duty: mori}\n"
        "rules:\n  r: {when: {kind: fault}, do: [{hand_over: spare}]}\n",
        "facts:\n  spare: {flag: true, from: crm}\nroute:\n  - {id: s, when: {not: {spare: true}}, to: care}\n",
        "facts:\n  spare: {flag: true}\nroute:\n  - {id: s, when: {message.spare: true}, to: care}\n"
        "classify:\n  - {id: s, when: {text: {words: [spare]}}, set: {spare: true}}\n",
        'links:\n  spare: "https://suzuran.example/"\ntemplates:\n  thanks: "{{link.spare}} {{ personal }}"\n',
        "modes:\n  spare: {may_switch: [mori]}\nroute:\n  - {id: s, when: {mode: [spare]}, to: care}\n",
        "people:\n  spare: {name: S, via: [{email: s@suzuran.example}]}\nmodes:\n  m: {may_switch: [spare]}\n"
        "route:\n  - {id: s, when: {mode: m}, to: care}\n",
        "templates:\n  spare: はい\ndepartments:\n"
        "  night: {name: N, calendar: night, on_duty: yoru, when_closed: {send: spare}}\n"
        "route:\n  - {id: s, when: {kind: fault}, to: night}\n",
    ],
)
def test_what_is_named_anywhere_is_used(more: str) -> None:
    assert found(more, "PB110") == []


def test_a_department_that_is_only_asked_for_is_given_nothing() -> None:
    asked = "route:\n  - {id: s, when: {incident.department: spare}, to: care}\n"
    (one,) = found(f"departments:\n  spare: {{name: Spare, on_duty: mori}}\n{asked}", "PB110")
    assert one.node == "departments.spare"


def test_a_fact_that_is_set_and_never_asked_for_is_for_whoever_looks_closer() -> None:
    words = "classify:\n  - {id: s, when: {text: {words: [spare]}}, set: {spare: true}}\n"
    (one,) = found(f"facts:\n  spare: {{flag: true}}\n{words}", "PB110")
    assert (one.severity, one.fix) == ("info", None)


@pytest.mark.parametrize(("section", "safe"), [("links", True), ("departments", False), ("people", False)])
def test_only_what_no_event_can_name_is_taken_out_unasked(section: str, safe: bool) -> None:
    entries = {
        "links": ('"https://suzuran.example/"', '"https://suzuran.example/more"'),
        "departments": ("{name: A, on_duty: mori}", "{name: B, on_duty: mori}"),
        "people": ("{name: A, deputy: head}", "{name: B, deputy: head}"),
    }[section]
    told = found(f"{section}:\n  one: {entries[0]}\n  two: {entries[1]}\n", "PB110")
    assert [each.fix.safe for each in told if each.fix is not None] == [safe, safe]
