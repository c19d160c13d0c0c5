"""A test that cannot fail is not written by accident: every way we know of is refused or fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from telling_tests import HEAD, refused, verdicts

BROKEN = "timeline: [{at: 0m, message: The tin came broken.}]"


def one(body: str) -> str:
    return f"tests:\n  - {{name: a, {body}}}\n"


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("{at: 0m, send: akc}", "no template is called `akc` [ack]"),
        ("{at: 0m, send: ack, rule: remimd}", "no rule is called `remimd` [remind]"),
        ("{at: 0m, send: ack, respond: falt}", "no row of `respond` is called `falt` [fault]"),
        ("{at: 0m, route: parcel}", "no row of `route` is called `parcel` [parcels]"),
        ("{at: 0m, target: hihg}", "no row of `targets` is called `hihg` [high]"),
        ("{at: 0m, ignored: machine}", "no row of `ignore` is called `machine` [machines]"),
        ("{at: 0m, classify: [falt]}", "no row of `classify` is called `falt` [fault]"),
        ("{at: 0m, department: packng}", "no department is called `packng` [packing]"),
        ("{at: 0m, notify: tim}", "no person is called `tim` [tom]"),
        ("{at: 0m, notify: tom, level: son}", "no level is called `son` [soon]"),
        ("{at: 0m, draft: sorry, asks: femmi}", "no person is called `femmi` [femi]"),
        ("{at: 0m, send: ack, channel: mastodn}", "no channel is called `mastodn` [mastodon]"),
        ("{at: 0m, facts: {knid: fault}}", "no fact is called `knid` [kind]"),
        ("{at: 0m, facts: {kind: falt}}", "`falt` is not a value of `kind` [fault]"),
        ("{at: 0m, action: cupon}", "no action is called `cupon` [coupon]"),
        ("{at: 0m, mode_started: storm}", "no mode is called `storm`"),
        ("{at: 0m, met: replay}", "`replay` is not one of the words that can stand here [reply]"),
        ("{at: 0m, sned: ack}", "no key is called `sned` here [send]"),
        ("{at: 0m, send: ack, level: soon}", "`level` says nothing beside `send`"),
        ("{at: 0m, send: ack, notify: tom}", "send and notify are two things"),
        ("{at: 0m}", "this expects nothing"),
        ("{at: 0m, by: 1m, send: ack}", "only one of `at`, `by` and `between`"),
        ("{between: [10m, 5m], send: ack}", "the earlier one first"),
        ('{at: 0m, send: ack, text: {contains: ""}}', "is in every text"),
    ],
)
def test_an_expectation_that_nothing_could_meet_or_break_is_refused(tmp_path: Path, expected: str, said: str) -> None:
    assert said in refused(tmp_path, one(f"{BROKEN}, expect: [{expected}]"))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{at: 5m, by: feme, says: Hello}", "no person is called `feme` [femi]"),
        ("{at: 5m, by: femi, does: acknowledge}", "[acknowledged]"),
        ("{at: 5m, by: femi, approves: sory}", "no template and no action is called `sory` [sorry]"),
        ("{at: 5m, by: femi, grants: coupn}", "no action is called `coupn` [coupon]"),
        ("{at: 5m, fails: sned}", "no action is called `sned` [send]"),
        ("{at: 5m, message: Hello, channel: xx}", "no channel is called `xx`"),
        ("{at: 5m, message: Hello, account: lanternta}", "no account is called `lanternta`"),
        ("{at: 5m, message: Hello, facts: {vip: true}}", "no fact that enrichment tells is called `vip`"),
        ("{at: 5m, message: Hello, by: femi}", "`by` says nothing beside `message`"),
        ("{at: 5m, says: Hello}", "`by` is missing beside `says`"),
        ("{at: 5m, by: femi}", "nothing is done in this step"),
        ("{at: 5m, by: femi, says: Hello, about: laef}", "did you mean `leaf`?"),
        ("{at: 5m, by: mei, switches: storm, on: true}", "no mode is called `storm`"),
        ("{at: 5m, mesage: Hello}", "no key is called `mesage` here [message]"),
        ("{at: 5, message: Hello}", "`5` is not a moment"),
    ],
)
def test_a_step_that_would_do_something_else_is_refused(tmp_path: Path, step: str, said: str) -> None:
    timeline = f"timeline: [{{at: 0m, message: Hello}}, {step}], expect: [{{at: 0m, send: ack}}]"

    assert said in refused(tmp_path, one(timeline))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("expect: [{at: 0m, send: ack}]", "nothing happens in this test; write one of timeline"),
        ("timeline: [], expect: [{at: 0m, send: ack}]", "this list is empty"),
        (BROKEN, "nothing is expected of this test"),
        (f"{BROKEN}, expect: []", "this list is empty"),
        (f"{BROKEN}, expect: nothing", "until when must nothing happen?"),
        (f"{BROKEN}, expect: nothing, until: 0m", "until when must nothing happen?"),
        (f"{BROKEN}, expect: nothing, until: 1h, open_world: true", "expect nothing at all"),
        (f"{BROKEN}, never: [{{send: closed}}], until: 1h", "nothing is expected of this test"),
        (f"{BROKEN}, expect: [{{at: 3h, breached: reply}}], until: 1h", "the story ends at Mon 2026-06-15 11:00:00"),
        (f"{BROKEN}, expect: [{{by: 3h, breached: reply}}], until: 1h", "the story ends at Mon 2026-06-15 11:00:00"),
        (f'{BROKEN}, expect: [{{at: "2026-06-14T10:00", send: ack}}]', "this is before the story starts"),
        ("timeline: [{at: 1h, message: Hi}], until: 10m, expect: nothing", "the last step is later"),
        ("timeline: [{at: 1h, message: Hi}, {at: 5m, message: Hi}], expect: [{send: ack}]", "in the order of time"),
        ("timeline: [{at: 0m, by: tom, says: Hi}], expect: [{send: ack}]", "nobody has written yet"),
        ("table: {columns: [message, lang], rows: [[Hi, en]]}", "no column says what is expected"),
        ("table: {columns: [route, lang], rows: [[rest, en]]}", "the column `message` is missing"),
        ("table: {columns: [message, rout], rows: [[Hi, rest]]}", "no column is called `rout` [route]"),
        ("table: {columns: [message, route], rows: [[Hi, rset]]}", "no row of `route` is called `rset` [rest]"),
        ("table: {columns: [message, route, lang], rows: [[Hi, rest]]}", "this row has 2 cells for 3 columns"),
        ("table: {columns: [message, route], rows: []}", "this list is empty"),
        (f"{BROKEN}, around_deadline: {{step: reply}}, expect: nothing", "`expect` says nothing beside"),
        (f"{BROKEN}, around_deadline: {{step: reply, target: hihg}}", "no row of `targets` is called `hihg` [high]"),
        ("forall: {assume: {severty: high}, assert: {human_only: true}}", "no fact is called `severty` [severity]"),
        ("forall: {assume: {severity: high}}", "`assert` is missing"),
        ("events: none.jsonl, snapshot: a.yaml", "none.jsonl is not there"),
        (f"{BROKEN}, expect: [{{at: 0m, send: ack}}], skip: {{reason: later}}", "`until` is missing"),
        (f"{BROKEN}, expect: [{{at: 0m, send: ack}}], skp: {{}}", "no key is called `skp` here [skip]"),
        (
            f"{BROKEN}, mocks: {{copon: {{outcomes: [failed]}}}}, expect: nothing",
            "no action is called `copon` [coupon]",
        ),
    ],
)
def test_a_test_that_says_too_little_or_too_much_is_refused(tmp_path: Path, body: str, said: str) -> None:
    assert said in refused(tmp_path, one(body))


def test_two_tests_of_one_name_are_refused(tmp_path: Path) -> None:
    body = f"{BROKEN}, expect: [{{send: ack}}, {{draft: sorry}}]"

    assert "a test called `a` is already at" in refused(tmp_path, f"{one(body)}  - {{name: ' a', {body}}}\n")


def test_a_file_without_tests_is_refused(tmp_path: Path) -> None:
    assert "`tests` is missing" in refused(tmp_path, "")
    assert "this list is empty" in refused(tmp_path, "tests: []\n")


def test_a_test_that_does_not_say_when_it_begins_is_refused(tmp_path: Path) -> None:
    head = HEAD.replace("  start: 2026-06-15T10:00       # a Monday; the shop is open from 09:00 to 17:30\n", "")

    assert "no `start` says when this begins" in refused(tmp_path, one(f"{BROKEN}, expect: [{{send: ack}}]"), head)


def test_a_test_of_a_broken_playbook_tells_what_is_wrong_with_the_playbook(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("playbook: broken\nformat: 1\n", "utf-8")

    assert "`timezone` is missing" in refused(tmp_path, one(f"{BROKEN}, expect: nothing"), "playbook: broken.yaml\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"{BROKEN}, until: 1h, expect: nothing", "not expected: {send: ack"),
        (f"{BROKEN}, expect: [{{send: ack}}]", "not expected: {draft: sorry"),
        (f"{BROKEN}, expect: [{{send: ack}}, {{draft: sorry}}, {{at: 0m, send: ack}}]", "not met: {at: 0m, send: ack}"),
        (f"{BROKEN}, expect: [{{send: ack}}, {{draft: sorry}}, {{rule: remind}}]", "not met: {rule: remind}"),
        (f"{BROKEN}, expect: [{{send: ack, times: 2}}, {{draft: sorry}}]", "not met: {send: ack, times: 2}"),
        (f"{BROKEN}, until: 1h, expect: [{{send: ack}}, {{draft: sorry}}, {{met: reply}}]", "not met: {met: reply}"),
        (f"{BROKEN}, until: 1h, open_world: true, never: [{{send: ack}}]", "must never happen: {send: ack}"),
        ("timeline: [{at: 0m, message: Thanks!, automatic: true}], around_deadline: {step: reply}", "no reply is owed"),
        (
            "timeline: [{at: 0m, message: Hi}, {at: 1m, by: tom, approves: sorry}], expect: [{send: ack}]",
            "no draft of `sorry` waits for a person; nothing does",
        ),
        (
            "timeline: [{at: 0m, message: Hi, automatic: true}, {at: 1m, by: tom, approves: sorry}], expect: nothing, "
            "until: 1h",
            "no draft of `sorry` waits",
        ),
    ],
)
def test_what_comes_out_otherwise_fails(tmp_path: Path, body: str, said: str) -> None:
    for found in verdicts(tmp_path, one(body)).values():
        assert not found.passed
        assert said in "\n".join(found.said)
