"""What a playbook says is what its policy holds: names resolved, times in ms, money in minor units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from playbook_engine.model.action import ActionSpec
from playbook_engine.policy.compile.playbook import compile_policy
from playbook_engine.policy.conditions import All, Always, Test, each_test, holds
from playbook_engine.policy.durations import DAY, HOUR, MINUTE
from playbook_engine.policy.holidays import HolidayLock
from playbook_engine.policy.money import Money
from playbook_engine.policy.policy import Address, Approval, Deadline, Policy, WhenClosed
from playbook_engine.runtime.playbooks import load_texts
from playbook_engine.text.read import read
from small_playbook import FILE, SMALL, edited, holiday_lock, loaded, policy_of

DESIGN = Path(__file__).parents[2].parent / "shared" / "DESIGN.md"

# 2026-01-01T00:00+09:00 is a holiday, 2026-01-05 a Monday; in ms UTC.
NEW_YEAR = 1_767_193_200_000
MONDAY = NEW_YEAR + 4 * DAY


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of(SMALL)


def test_facts_have_their_kinds_and_the_way_they_join(policy: Policy) -> None:
    own = {name: fact for name, fact in policy.facts.items() if not fact.built_in}
    assert {name: (fact.kind, fact.joins, fact.default) for name, fact in own.items()} == {
        "delay": ("duration", "first", None),
        "kind": ("name", "first", "other"),
        "loud": ("flag", "first", False),
        "score": ("number", "first", None),
        "severity": ("ordered", "highest", None),
        "topics": ("set", "union", None),
        "value": ("money", "first", None),
        "vip": ("flag", "first", None),
    }
    assert (own["score"].least, own["score"].most) == (0, 100)
    assert own["value"].currency == "JPY"
    assert own["vip"].enriched_by == "crm"


def test_a_fact_may_be_kept_as_it_was_said_last() -> None:
    policy = policy_of(
        edited(("{ordered: [normal, high, critical]}", "{ordered: [normal, high, critical], keep: latest}"))
    )
    assert policy.facts["severity"].joins == "latest"


def test_built_in_facts_take_the_names_of_this_playbook(policy: Policy) -> None:
    assert policy.facts["account"].values == ("bluesky:help.example", "mastodon:shop.example")
    assert policy.facts["mode"].values == ("storm",)
    assert policy.facts["incident.department"].values == ("care", "dusk")
    assert policy.facts["open.desk"].kind == "flag"
    assert policy.facts["incident.reopened"].kind == "flag"
    assert {"bluesky", "mastodon", "email"} <= set(policy.channels)


def test_a_calendar_counts_with_the_locked_holidays_and_its_exceptions(policy: Policy) -> None:
    desk = policy.calendars["desk"].hours
    assert desk.zone == "Asia/Tokyo"
    assert not desk.is_open(NEW_YEAR + 9 * HOUR)
    assert desk.is_open(NEW_YEAR + 10 * HOUR)
    assert desk.is_open(MONDAY + 9 * HOUR)
    assert not desk.is_open(MONDAY + 12 * HOUR)
    assert not desk.is_open(MONDAY + 358 * DAY + 10 * HOUR)  # 2026-12-29, a Tuesday


def test_people_are_reached_in_the_order_written(policy: Policy) -> None:
    sato = policy.people["sato"]
    assert sato.via == (Address("email", "sato@shop.example"),)
    assert (sato.calendar, sato.deputy, sato.initials) == ("desk", "care-desk", "ks")
    assert sato.name == {"ja": "佐藤", "en": "Sato"}
    assert policy.people["care-desk"].name == {"": "Care desk"}


def test_a_department_has_its_hours_its_people_and_its_purse(policy: Policy) -> None:
    care = policy.departments["care"]
    assert care.calendar == "desk"
    assert care.on_duty == (("desk", "care-desk"), ("night", "head"))
    assert care.when_closed == WhenClosed(department="dusk")
    assert care.approval == Approval("department.lead", 2 * HOUR, "head")
    coupon = care.may_spend["coupon"]
    assert (coupon.per_incident, coupon.per_day, coupon.up_to) == (
        Money(2000, "JPY"),
        Money(50000, "JPY"),
        Money(9000, "JPY"),
    )
    assert coupon.approver == "head"


def test_who_is_on_duty_does_not_depend_on_the_order_of_the_keys() -> None:
    policy = policy_of(edited(("{desk: care-desk, night: head}", "{night: head, desk: care-desk}")))
    assert policy.departments["care"].on_duty == (("desk", "care-desk"), ("night", "head"))


def test_deadlines_are_kept_in_the_measure_they_were_given_in(policy: Policy) -> None:
    critical, social = policy.targets
    assert critical.deadlines == {
        "reply": Deadline("elapsed", 15 * MINUTE),
        "apologise": Deadline("elapsed", HOUR),
        "resolve": Deadline("elapsed", 8 * HOUR),
    }
    assert social.deadlines["reply"] == Deadline(
        "by_hours", 0, Deadline("open_time", HOUR), Deadline("elapsed", 12 * HOUR)
    )
    assert social.deadlines["resolve"] == Deadline("open_days", 2)
    assert (critical.ladder, critical.counts, social.counts) == ("safety", "", "human")


def test_steps_are_what_they_say(policy: Policy) -> None:
    fault, stocked, others = policy.respond
    assert (fault.reply.kind, fault.reply.template) == ("send", "ack")
    assert (fault.apologise.kind, fault.apologise.template) == ("draft", "sorry")
    assert [action.name for action in fault.resolve.actions] == ["coupon", "ticket"]
    assert fault.resolve.actions[0].parameters == {"amount": Money(1000, "JPY")}
    assert fault.resolve.actions[1].parameters == {"queue": "returns"}
    assert isinstance(fault.resolve.actions[1].when, Always)
    assert stocked.reply.actions[0].parameters == {"table": "stock", "answer": "stock", "unsure": "by_hand"}
    assert (others.apologise.kind, others.resolve.kind) == ("none", "by_hand")


def test_rules_fire_in_the_order_of_their_ids(policy: Policy) -> None:
    assert [rule.id for rule in policy.rules] == ["remind", "statement", "to-private"]
    remind, statement, private = policy.rules
    assert (remind.event, remind.after) == ("message.sent", 3 * DAY)
    assert (remind.once_per, remind.once_within) == ("author", 7 * DAY)
    assert [dict(action.parameters) for action in remind.actions] == [
        {"template": "closed-now"},
        {},
        {"tags": ("chased",)},
        {"duration": 2 * DAY},
    ]
    assert private.event == "message.received"
    assert statement.actions[0].approval == Approval("sato", 15 * MINUTE, "head")
    assert dict(statement.actions[1].parameters) == {"to": ("head", "department.lead")}


def test_conditions_are_typed_by_their_facts(policy: Policy) -> None:
    (target, _) = policy.targets
    assert target.when == Test("severity", "ordered", "gte", "high", ("high", "critical"))
    assert isinstance(policy.route[0].when, All)
    private = policy.rules[2].when
    assert [(test.fact, test.operand) for test in each_test(private)] == [
        ("incident.public_turns", 3),
        ("personal_data", True),
        ("message.kind", "praise"),
    ]


def test_several_searches_in_one_text_are_alternatives_and_several_comparisons_are_not(policy: Policy) -> None:
    injury = policy.classify[0].when
    assert holds(injury, {"text": "手を怪我した"})
    assert holds(injury, {"text": "i am burnt"})
    assert not holds(injury, {"text": "sunburnt"})
    between = policy_of(edited(("{gte: 3}", "{gte: 3, lt: 5}"))).rules[2].when
    assert holds(between, {"incident.public_turns": 4})
    assert not holds(between, {"incident.public_turns": 5})


def test_classify_sets_values_of_the_facts_own_kind(policy: Policy) -> None:
    assert [dict(row.sets) for row in policy.classify] == [
        {"severity": "critical", "topics": ("injury",)},
        {"kind": "praise"},
        {"kind": "fault", "topics": ("damage",)},
    ]


def test_what_an_incidents_life_leaves_open_has_its_defaults(policy: Policy) -> None:
    assert (policy.reopen_within, policy.close_after, policy.answer_within_max) == (5 * DAY, 14 * DAY, 48 * HOUR)


def test_wordings_stand_by_channel_and_language(policy: Policy) -> None:
    closed = policy.templates["closed-now"]
    assert closed.texts[""]["ja"].text == "本日は終了しました。"
    assert (closed.texts["email"]["en"].subject, closed.texts["email"]["en"].text) == ("Closed", "Closed")
    assert closed.tone == "plain"
    assert policy.templates["stock"].texts[""][""].text == "{{ answer }}"
    assert policy.templates["sorry"].personal


def test_an_account_carries_its_platform(policy: Policy) -> None:
    account = policy.accounts["bluesky:help.example"]
    assert (account.platform, account.department, account.type) == ("bluesky", "care", "support")
    assert account.see_also == ("mastodon:shop.example",)
    assert account.silent_after == 6 * HOUR


def test_the_engine_that_compiled_it_is_noted(policy: Policy) -> None:
    document, _ = read({FILE: SMALL.encode()})
    compiled, problems = compile_policy(document, holiday_lock(), {}, "engine 1")
    assert problems == ()
    assert compiled == replace(policy, engine_mark="engine 1")


def test_a_reply_and_an_apology_without_a_person_may_be_one_message() -> None:
    text = edited(("reply: {send: ack}, apologise: {draft: sorry}", "reply: {send: storm}, apologise: {send: storm}"))
    fault = policy_of(text).respond[0]
    assert (fault.reply.template, fault.apologise.template) == ("storm", "storm")


def test_a_draft_or_an_approval_lets_a_person_fill_in() -> None:
    text = edited(("reply: {send: ack}, apologise: none", "reply: {send: sorry, approve: {by: head}}, apologise: none"))
    assert policy_of(text).respond[2].reply.approval == Approval("head")


def test_hand_overs_that_leave_gaps_are_held_in_them_and_load(policy: Policy) -> None:
    desk, night = policy.calendars["desk"].hours, policy.calendars["night"].hours
    noon = MONDAY + 12 * HOUR
    assert not desk.is_open(noon)
    assert not night.is_open(noon)


def test_a_department_of_its_own_answers_first() -> None:
    own = "respond: [{id: at-night, when: {vip: true}, reply: by_hand, apologise: none, resolve: none}]"
    policy = policy_of(edited(("dusk: {name: Night desk,", f"dusk: {{{own}, name: Night desk,")))
    assert [row.id for row in policy.departments["dusk"].respond] == ["at-night"]


PAGER = ActionSpec(
    "page",
    MappingProxyType(
        {
            "type": "object",
            "properties": {
                "who": {"type": "string", "format": "person"},
                "times": {"type": "integer", "minimum": 1, "maximum": 5},
                "loud": {"type": "boolean"},
                "tune": {"enum": ["siren", "bell"], "type": "string"},
                "within": {"type": "string", "format": "duration"},
                "steps": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
                "code": {"type": "string", "pattern": "^[0-9]{3}$"},
            },
            "required": ["who"],
            "additionalProperties": False,
        }
    ),
    main="who",
)
TICKET = "{ticket: {queue: returns}}"


def test_a_plugins_action_takes_what_its_schema_says() -> None:
    action = "{page: {who: head, times: 3, loud: true, tune: bell, within: 5m, steps: 2, code: 007}}"
    policy = policy_of(edited((TICKET, action)), {"page": PAGER})
    assert dict(policy.respond[0].resolve.actions[1].parameters) == {
        "code": "007",
        "loud": True,
        "steps": (2,),
        "times": 3,
        "tune": "bell",
        "who": "head",
        "within": 5 * MINUTE,
    }


def test_a_bare_value_beside_a_plugins_action_is_its_main_parameter() -> None:
    policy = policy_of(edited((TICKET, "{page: head}")), {"page": PAGER})
    assert dict(policy.respond[0].resolve.actions[1].parameters) == {"who": "head"}


@pytest.mark.parametrize(
    ("action", "code", "said"),
    [
        ("{page: {times: 3}}", "missing-parameter", "`page` needs `who`"),
        ("{page: {who: haed}}", "unknown-person", "no person is called `haed`"),
        ("{page: {who: head, times: 9}}", "number", "the most here is 5"),
        ("{page: {who: head, loud: loudly}}", "flag", "neither true nor false"),
        ("{page: {who: head, tune: bel}}", "unknown-value", "is not a value of `tune`"),
        ("{page: {who: head, code: abc}}", "parameter", "`page` does not take this"),
        ("{page: {who: head, volume: 9}}", "unknown-parameter", "`page` takes no `volume`"),
        ("{page: [head, sato]}", "structure", "a mapping is wanted"),
        ("{page: {who: head, times: 0}}", "number", "the least here is 1"),
        ("{page: {who: head, steps: [1, 1]}}", "parameter", "`page` does not take this"),
    ],
)
def test_a_plugins_action_is_refused_what_its_schema_does_not_take(action: str, code: str, said: str) -> None:
    (problem,) = loaded(edited((TICKET, action)), {"page": PAGER}).problems
    assert problem.code == code
    assert said in problem.message


def test_a_plugin_that_carries_a_verb_adds_its_channels_and_leaves_the_verb_alone() -> None:
    carrier = ActionSpec("send", main="text", effects=("spends",), channels=("carrier-pigeon",))
    policy = policy_of(edited(("{automatic: true}", "{channel: carrier-pigeon}")), {"send": carrier})
    assert policy.actions["send"].main == "template"
    assert "carrier-pigeon" in policy.channels


def test_the_example_of_the_design_compiles() -> None:
    if not DESIGN.exists():
        pytest.skip("the design is not beside this checkout")
    block = DESIGN.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]
    rest = """\
accounts: {"bluesky:minato.example": {department: care}}
templates:
  stock-answer: "{{ answer }}"
  thanks: "{{ personal }}"
  move-to-dm: {ja: DMでどうぞ。, en: Please write to us directly.}
  still-there: {ja: その後いかがですか。, en: Is there anything else?}
  storm-status: {ja: 遅れています。, en: Deliveries are late.}
"""
    files = {"minato.yaml": block.encode(), "rest.yaml": rest.encode()}
    found = load_texts(files, holiday_lock())
    assert found.problems == ()
    assert found.policy is not None
    assert [row.id for row in found.policy.targets] == ["critical", "mail", "social"]


def test_without_a_fallback_the_first_language_is_spoken_to_everybody_else() -> None:
    assert policy_of(SMALL).fallback == "en"
    assert policy_of(edited(("fallback: en\n", ""))).fallback == "ja"


def test_mappings_stand_in_the_order_of_their_names_whatever_the_files_say(policy: Policy) -> None:
    before, marker, after = SMALL.partition("accounts:\n")
    files = {"a.yaml": (marker + after).encode(), "b.yaml": before.encode()}
    parted = load_texts(files, holiday_lock()).policy
    assert parted is not None
    for named in (parted.people, parted.departments, parted.templates, parted.facts, parted.modes, parted.ladders):
        assert list(named) == sorted(named)
    assert parted.digest == policy.digest
    assert [row.id for row in parted.route] == [row.id for row in policy.route]


def test_compiling_twice_gives_the_same_policy() -> None:
    assert policy_of(SMALL) == policy_of(SMALL)


def test_without_a_lock_a_calendar_with_holidays_does_not_compile() -> None:
    found = load_texts({FILE: SMALL.encode()}, HolidayLock())
    assert [problem.code for problem in found.problems] == ["unlocked-holidays"]
