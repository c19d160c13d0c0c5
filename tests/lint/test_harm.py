"""What could harm customers, our people or the company: tone, links, loops, money, names."""

from __future__ import annotations

import pytest

from lint.linting import findings

NEW = "{kind: question}"


def codes(fragment: str, *only: str) -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in findings(fragment, only=only)]


def row(resolve: str = "by_hand", reply: str = "{send: ack}", when: str = NEW) -> str:
    return f"respond:\n  - {{id: new, when: {when}, reply: {reply}, apologise: none, resolve: {resolve}}}\n"


def test_a_draft_of_an_apology_has_a_place_to_write_and_another_should() -> None:
    bare = 'templates:\n  {}: {{ja: "申し訳ございません", en: "We are sorry. {{{{ personal }}}}"}}\n'
    assert [(each.severity, each.path[-1]) for each in findings(bare.format("sorry"), only=("PB613",))] == [
        ("warning", "ja")
    ]
    assert codes(bare.format("thanks"), "PB613") == [("PB613", "info")]


@pytest.mark.parametrize(
    ("template", "found"), [("{tone: playful, ", True), ("{tone: warm, ", False), ("{tone: とても明るい, ", False)]
)
def test_an_apology_is_not_playful(template: str, found: bool) -> None:
    assert (
        bool(codes(f'templates:\n  sorry: {template}ja: お詫び, en: "Sorry. {{{{ personal }}}}"}}\n', "PB614")) is found
    )


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("{severity: high}", True),
        ("{severity: {gte: high}}", True),
        ("{severity: normal}", False),
        ("{topics: injury}", True),
        ("{topics: delivery}", False),
    ],
)
def test_nobody_laughs_where_it_is_severe(when: str, found: bool) -> None:
    fun = "templates:\n  fun: {ja: ありがとう（笑）, en: Thanks haha}\n"
    assert bool(codes(fun + row(reply="{draft: fun}", when=when), "PB614")) is found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.suzuran.co.jp/a", False),
        ("https://suzuran.example/a", False),
        ("http://www.suzuran.co.jp/a", True),
        ("https://localhost:8000/a", True),
        ("https://10.1.2.3/a", True),
        ("https://bit.ly/3xYz", True),
        ("mailto:care@suzuran.co.jp", False),
    ],
)
def test_an_address_that_customers_cannot_trust_is_found(address: str, found: bool) -> None:
    used = 'templates:\n  ack: {ja: "こちら {{ link.page }}", en: "Here: {{ link.page }}"}\n'
    assert bool(codes(f'links: {{page: "{address}"}}\n{used}', "PB615")) is found


def test_the_host_of_an_example_is_found_in_a_company_that_is_none() -> None:
    real = """\
accounts:
  "x:suzuran": {department: care}
people:
  mori: {name: 森, via: [{email: mori@suzuran.co.jp}], calendar: desk, deputy: head, initials: MR}
  head: {name: 加藤, via: [{email: kato@suzuran.co.jp}], initials: KT}
links: {page: "https://www.example.com/returns"}
templates:
  ack: {ja: "こちら {{ link.page }}", en: "Here: {{ link.page }}"}
"""
    assert codes(real, "PB615") == [("PB615", "warning")]


def test_an_address_is_moved_to_https_by_hand() -> None:
    (found,) = findings('links: {page: "http://suzuran.example/a"}\n', only=("PB615",))
    assert found.fix is not None
    assert not found.fix.safe
    assert [(edit.start, edit.end, edit.text) for edit in found.fix.edits] == [((1, 16), (1, 20), "https")]


HIDE = "rules:\n  clean: {{when: {{topics: delivery}}, once_per: incident, do: [{{hide: {0}}}]}}\n"


def test_hiding_needs_a_person() -> None:
    assert codes(HIDE.format("{}"), "PB701") == [("PB701", "error")]
    assert codes(HIDE.format("{approve: {by: head, within: 1h, else: mori}}"), "PB701") == []
    assert codes(row("{offer: [{hide: {}}]}"), "PB701") == []
    assert codes(row("{do: [{hide: {}}]}"), "PB701") == [("PB701", "error")]


PAGER = "limits:\n  - {id: one-person, of: notify, per: person, max: 10, in: 10m, then: digest}\n"


def test_an_answer_that_machines_could_exchange_for_ever_is_bounded() -> None:
    assert codes(PAGER, "PB703") == [("PB703", "error")]
    assert codes(PAGER.replace("notify, per: person", "send, per: all").replace("digest", "hold"), "PB703") == []


def test_what_leaves_once_needs_no_bound() -> None:
    once = """\
respond:
  - {id: first, when: {incident.messages: 1}, reply: {send: ack}, apologise: none, resolve: by_hand}
  - {id: rest, when: always, reply: by_hand, apologise: none, resolve: by_hand}
rules:
  private: {when: {personal_data: true}, RULE do: [{hand_over: {channel: direct, send: ack}}]}
"""
    assert codes(PAGER + once.replace("RULE", "once_per: incident,"), "PB703") == []
    assert codes(PAGER + once.replace("RULE ", ""), "PB703") == [("PB703", "error")]


@pytest.mark.parametrize(
    ("when", "text", "found"),
    [
        ("{topics: injury}", "This was our fault. {{ personal }}", True),
        ("{topics: [legal, damage]}", "We accept full responsibility. {{ personal }}", True),
        ("{topics: damage}", "This was our fault. {{ personal }}", False),
        ("{topics: injury}", "We are so sorry. {{ personal }}", False),
    ],
)
def test_liability_is_admitted_by_lawyers(when: str, text: str, found: bool) -> None:
    hurt = f'templates:\n  hurt: {{ja: "お詫びいたします。{{{{ personal }}}}", en: "{text}"}}\n'
    assert bool(codes(hurt + row(reply="{draft: hurt}", when=when), "PB707")) is found


def paid(amount: str, may_spend: str) -> str:
    care = "{name: {ja: 係, en: Care}, calendar: desk, on_duty: mori, lead: head, may_spend: "
    return f"departments:\n  care: {care}{{coupon: {{per_incident: 1000 JPY}}, {may_spend}}}}}\n" + row(
        f"{{do: [{{refund: {amount}}}]}}"
    )


@pytest.mark.parametrize(
    ("amount", "may_spend", "found"),
    [
        ("500 JPY", "refund: {per_incident: 500 JPY}", True),
        ("501 JPY", "refund: {per_incident: 500 JPY, above: {approve: head, up_to: 1000 JPY}}", False),
        ("500 JPY", "refund: {per_day: 5000 JPY}", True),
        ("500 JPY", "", False),
    ],
)
def test_a_refund_is_paid_by_a_person(amount: str, may_spend: str, found: bool) -> None:
    assert bool(codes(paid(amount, may_spend), "PB708")) is found


def test_a_refund_that_is_for_people_only_is_seen_by_one() -> None:
    reserved = paid("500 JPY", "refund: {per_incident: 500 JPY}").replace(NEW, "{topics: injury}")
    assert codes(reserved, "PB708") == []


def test_what_is_said_to_all_and_told_to_our_people_is_bounded() -> None:
    status = "templates:\n  status: {ja: お詫びいたします, en: We apologise}\n"
    post = (
        'rules:\n  say: {{when: {{topics: delivery}}, do: [{{post: {{account: "x:suzuran", template: status{0}}}}}]}}\n'
    )
    assert codes(status + post.format(""), "PB709") == [("PB709", "error")]
    assert codes(status + post.format(", approve: {by: head}"), "PB709") == []
    by_mode = post.format("").replace("when: {topics: delivery}", "event: mode.started, when: {mode: storm}")
    assert codes(status + by_mode + "modes:\n  storm: {may_switch: [head]}\n", "PB709") == []
    tell = "rules:\n  tell: {when: {topics: delivery}, do: [{notify: {to: head, text: Look}}]}\n"
    unbounded = "limits:\n  - {id: pager, of: send, per: author, max: 3, in: 10m, then: hold}\n"
    assert codes(tell, "PB709") == []
    assert codes(tell + unbounded, "PB709") == [("PB709", "warning")]
    assert codes(tell.replace("do:", "once_per: incident, do:") + unbounded, "PB709") == []


def test_answers_in_a_mode_are_bounded_for_all_together() -> None:
    storm = "modes:\n  storm: {may_switch: [head]}\n" + row(when="{mode: storm}")
    assert codes(storm, "PB709") == [("PB709", "warning")]
    bound = "limits:\n  - {id: one-account, of: send, per: account, max: 80, in: 15m, then: hold}\n"
    assert codes(storm + bound, "PB709") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("加藤さんに伝えます", True),
        ("加藤より", True),
        ("佐加藤田の町", False),
        ("森の中", False),
        ("森さんが伺います", True),
        ("夜勤が伺います", False),
        ("kato@suzuran.example", True),
        ("+81355550100", True),
        ("@rival_shop もご覧ください", True),
        ("@suzuran もご覧ください", False),
        ("care@elsewhere.example", False),
    ],
)
def test_nobody_but_the_customer_is_named(text: str, found: bool) -> None:
    assert bool(codes(f'templates:\n  ack: {{ja: "{text}", en: Thanks}}\n', "PB710")) is found
