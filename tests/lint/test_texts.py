"""Lengths, languages, marks of formatting and what is said in public, as the rules on texts find them."""

from __future__ import annotations

import pytest

from lint.linting import findings
from playbook_engine.lint.finding import Finding

ON_MASTODON = '"mastodon:suzuran@social.example"'


def codes(fragment: str, *only: str) -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in findings(fragment, only=only)]


def one(fragment: str, code: str) -> Finding:
    (found,) = findings(fragment, only=(code,))
    return found


def thanks(japanese: str, english: str = "Thank you! {{ personal }}") -> str:
    return f'templates:\n  thanks: {{ja: "{japanese}", en: "{english}"}}\n'


ROOM = 280 - 2 * 60
"""On X beside the longest `personal` in Japanese."""


def test_a_text_of_exactly_the_length_of_a_post_fits_and_one_more_does_not() -> None:
    assert codes(thanks("あ" * (ROOM // 2) + "{{ personal }}"), "PB601") == []
    assert codes(thanks("あ" * (ROOM // 2) + "i{{ personal }}"), "PB601") == [("PB601", "warning")]


def test_a_text_that_leaves_by_itself_and_does_not_fit_is_an_error_with_its_length() -> None:
    found = one("templates:\n  ack: {ja: " + "あ" * 141 + ", en: Thanks}\n", "PB601")
    assert (found.severity, found.node) == ("error", "templates.ack")
    assert "`ack` comes to 282 of 280 on `x` in `ja`" in found.message
    assert found.evidence[0] == "at its longest: あ…(141)"


def test_a_text_is_measured_only_where_it_can_be_said() -> None:
    long = "templates:\n  ack: {ja: " + "あ" * 141 + ", en: Thanks}\n"
    by_mail = 'accounts:\n  "email:care@suzuran.example": {department: care}\n  "x:suzuran":\n'
    assert codes(long.replace("ack", "page") + _row("channel: email", "page"), "PB601") == []
    assert codes(long + by_mail.replace('  "x:suzuran":\n', ""), "PB601") == [("PB601", "error")]


def _row(when: str, template: str) -> str:
    return (
        f"respond:\n  - {{id: new, when: {{kind: question, {when}}}, reply: {{send: {template}}}, "
        "apologise: none, resolve: by_hand}\n"
    )


def test_what_an_earlier_row_takes_is_not_said_by_a_later_one() -> None:
    taken = """\
templates:
  page: {ja: LONG, en: Thanks}
  short: {ja: ありがとうございます, en: Thanks}
respond:
  - {id: posts, when: {kind: question, channel: x}, reply: {send: short}, apologise: none, resolve: by_hand}
  - {id: other, when: {kind: question, topics: delivery}, reply: {send: page}, apologise: none, resolve: by_hand}
""".replace("LONG", "あ" * 141)
    assert codes(taken, "PB601") == []
    assert codes(taken.replace("kind: question, channel: x", "kind: praise, channel: x"), "PB601") == [
        ("PB601", "error")
    ]


def test_a_wording_of_the_channel_stands_for_the_common_one() -> None:
    own = "templates:\n  ack:\n    text: {ja: " + "あ" * 141 + ", en: Thanks}\n    x: {ja: 短く, en: Thanks}\n"
    assert codes(own, "PB601") == []
    swapped = "templates:\n  ack:\n    x: {ja: " + "あ" * 141 + ", en: Thanks}\n    text: {ja: 短く, en: Thanks}\n"
    assert codes(swapped, "PB601") == [("PB601", "error")]


@pytest.mark.parametrize(
    ("japanese", "english", "expected"),
    [
        ("お届けが遅れ、お詫びいたします", "We apologise", []),
        ("お届けは明日です", "We apologise", ["ja"]),
        ("お詫びいたします", "It comes tomorrow", ["en"]),
    ],
)
def test_each_language_of_an_apology_apologises(japanese: str, english: str, expected: list[str]) -> None:
    found = findings(
        f"""\
templates:
  late: {{ja: {japanese}, en: {english}}}
respond:
  - {{id: late, when: {{topics: delivery}}, reply: {{send: late}}, apologise: {{send: late}}, resolve: by_hand}}
""",
        only=("PB604",),
    )
    assert [each.path[-1] for each in found] == expected
    assert {each.severity for each in found} <= {"error"}


def test_a_draft_of_an_apology_without_the_word_is_a_warning_as_the_person_may_write_it() -> None:
    assert codes('templates:\n  sorry: {ja: "{{ personal }}", en: "Sorry. {{ personal }}"}\n', "PB604") == [
        ("PB604", "warning")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ご連絡ありがとうございます。We thank you for your message.", False),
        ("ご連絡ありがとうございます。", True),
        ("iPhoneの件、ありがとうございます。", True),
        ("Thank you for your message.", True),
        ("{{ author.name }} 👍", False),
    ],
)
def test_one_text_for_all_languages_is_in_all_of_them(text: str, found: bool) -> None:
    assert bool(codes(f'templates:\n  ack: "{text}"\n', "PB607")) is found


@pytest.mark.parametrize(
    ("japanese", "english", "expected"),
    [
        ("ありがとうございます。", "Thank you.", 0),
        ("返金", "Refund", 0),
        ("OK!", "OK!", 0),
        ("Thank you for writing.", "Thank you for writing.", 1),
        ("ありがとうございます。", "ありがとうございます。", 1),
        ("iPhone 15 Proの件を承りました。", "About your iPhone 15 Pro.", 0),
    ],
)
def test_a_text_is_in_the_language_of_its_key(japanese: str, english: str, expected: int) -> None:
    assert len(codes(thanks(japanese, english), "PB607")) == expected


def test_a_department_is_named_to_customers_in_their_language() -> None:
    named = "departments:\n  care: {name: お客様係, calendar: desk, on_duty: mori, lead: head}\n"
    assert [each.path for each in findings(named, only=("PB607",))] == [("departments", "care", "name")]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Now** {{ personal }}", "Now {{ personal }}"),
        ("[Here](https://suzuran.example/a) {{ personal }}", "Here https://suzuran.example/a {{ personal }}"),
        ("One<br>two &amp; three {{ personal }}", "One two & three {{ personal }}"),
    ],
)
def test_marks_of_formatting_are_taken_out_by_the_fix(text: str, plain: str) -> None:
    fragment = thanks("ありがとうございます。", text)
    found = findings(fragment, only=("PB609",))
    lines = fragment.splitlines()
    for each in sorted(found, key=lambda each: each.span, reverse=True):
        assert each.fix is not None
        for edit in each.fix.edits:
            line = lines[edit.start[0] - 1]
            lines[edit.start[0] - 1] = line[: edit.start[1] - 1] + edit.text + line[edit.end[1] - 1 :]
    assert plain in lines[1]
    assert codes("\n".join(lines), "PB609") == []


@pytest.mark.parametrize(
    "text", ["5 * 3 * 2", "#suzuran is here", "snake_case_name", "a < b and c > d", "AT&T", "2 ** 3"]
)
def test_signs_that_are_no_markup_are_left(text: str) -> None:
    assert codes(thanks("ありがとうございます。", f"{text} {{{{ personal }}}}"), "PB609") == []


def test_a_statement_on_x_does_not_begin_with_a_mention() -> None:
    post = """\
templates:
  status: {ja: "@all お詫びいたします", en: "To @all: we apologise"}
modes:
  storm: {may_switch: [head]}
rules:
  say: {event: mode.started, when: {mode: storm}, do: [{post: {account: "x:suzuran", template: status}}]}
"""
    assert [(each.path[-1], each.span.column) for each in findings(post, only=("PB609",))] == [("ja", 17)]


@pytest.mark.parametrize(
    ("when", "found"), [("kind: fault", 2), ("kind: fault, public: false", 0), ("channel: email", 0)]
)
def test_a_coupon_is_told_where_nobody_else_reads_it(when: str, found: int) -> None:
    granted = """\
templates:
  code: {ja: "クーポン {{ coupon.code }} です。", en: "It is {{ coupon.code }}."}
respond:
  - id: new
    when: {WHEN}
    reply: by_hand
    apologise: {draft: sorry}
    resolve: {offer: [{coupon: {amount: 1000 JPY, send: code}}]}
""".replace("WHEN", when)
    assert codes(granted, "PB606") == [("PB606", "error")] * found


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("order number", "ご注文番号をお教えください", True),
        ("電話番号", "番号をお教えください", True),
        ("photograph", "写真をお送りください", False),
        ("product name", "商品名をお教えください", False),
        ("your name", "お教えください", True),
        ("order number", "ご注文番号をDMでお教えください", False),
    ],
)
def test_what_identifies_a_customer_is_not_asked_for_in_public(asked: str, text: str, found: bool) -> None:
    ack = f"templates:\n  ack: {{asks_for: [{asked}], ja: {text}, en: Please tell us by direct message.}}\n"
    assert bool(codes(ack, "PB606")) is found


@pytest.mark.parametrize(
    ("when", "found"), [("topics: delivery", True), ("public: false", False), ("channel: email", False)]
)
def test_asking_in_private_is_no_fault(when: str, found: bool) -> None:
    page = "templates:\n  page: {ja: ご住所をお知らせください, en: Please send us your order number}\n"
    assert bool(codes(page + _row(when, "page"), "PB612")) is found


@pytest.mark.parametrize(
    ("resolve", "found"),
    [
        ("none", True),
        ("by_hand", False),
        ("{offer: [{refund: 1000 JPY}]}", False),
        ("{offer: [{ticket: {queue: q}}]}", False),
        ("{do: [{tag: seen}]}", True),
    ],
)
def test_money_is_promised_where_somebody_can_give_it(resolve: str, found: bool) -> None:
    row = "apologise: {draft: sorry}, resolve: "
    promised = f"""\
templates:
  page: {{ja: 3日以内に返金いたします, en: We will refund you within 3 days}}
respond:
  - {{id: new, when: {{kind: question}}, reply: {{send: page}}, {row}{resolve}}}
"""
    assert bool(codes(promised, "PB610")) is found


def test_an_answer_is_promised_where_a_person_owes_one() -> None:
    row = """\
respond:
  - {id: new, when: {kind: question}, reply: {send: ack}, apologise: none, resolve: none}
"""
    machine = """\
targets:
  - {id: rest, when: always, reply: 1h, counts: any, escalate: standard}
"""
    assert codes(row, "PB610") == []
    assert codes(row + machine, "PB610") == [("PB610", "warning"), ("PB610", "warning")]


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("rules:\n  again: {when: {topics: delivery}, do: [{send: new}]}\n", 1),
        ("rules:\n  again: {when: {topics: delivery}, once_per: incident, do: [{send: new}]}\n", 0),
        ("rules:\n  again: {when: {incident.messages: 3}, do: [{send: new}]}\n", 0),
        ("rules:\n  again: {event: message.sent, after: 3d, when: {topics: delivery}, do: [{send: new}]}\n", 0),
        ("rules:\n  again: {event: message.sent, after: 3d, when: {topics: delivery}, do: [{send: ack}]}\n", 1),
    ],
)
def test_a_rule_does_not_say_the_same_again(fragment: str, expected: int) -> None:
    assert len(codes("templates:\n  new: {ja: 確認中です。, en: We are looking.}\n" + fragment, "PB608")) == expected


def test_one_text_in_two_steps_of_a_row_is_said_twice_but_for_an_answer_that_apologises() -> None:
    row = """\
templates:
  late: {ja: 申し訳ございません, en: We are sorry}
respond:
  - {id: late, when: {topics: delivery}, reply: {send: late}, apologise: {send: late}, resolve: RESOLVE}
"""
    assert codes(row.replace("RESOLVE", "by_hand"), "PB608") == []
    assert codes(row.replace("RESOLVE", "{do: [{send: late}]}"), "PB608") == [("PB608", "warning")]


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("〇〇様、ありがとうございます", ["error"]),
        ("[your name]", ["error"]),
        ("TODO", ["error"]),
        ("Price: TBD", ["warning"]),
        ("Model XXX", ["warning"]),
        ("{{ author.name }}様", []),
        ("Size XXL", []),
        ("○ 良い", []),
        ("[1] See below", []),
    ],
)
def test_what_was_to_be_filled_in_is_found(text: str, severities: list[str]) -> None:
    assert [severity for _, severity in codes(thanks("ありがとう", text), "PB611")] == severities


def test_what_was_to_be_filled_in_is_found_in_a_playbook_that_cannot_be_used_yet() -> None:
    broken = "route:\n  - {id: rest, when: always, to: nobody}\ntemplates:\n  ack: {ja: 〇〇様, en: Thanks}\n"
    assert ("PB611", "error") in codes(broken, "PB611")
