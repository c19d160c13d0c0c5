"""What explain says is what decided: held together over every decision of the shipped stories."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from playbook_engine.decide.advance import opened
from playbook_engine.explain.rows import every_row
from playbook_engine.explain.why import OUTCOMES, Explanation, Verdict, explain
from playbook_engine.model.event import Author
from playbook_engine.model.incident import Timer
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.past import Past
from playbook_engine.runtime.personal import public_delivery
from playbook_engine.runtime.store import encode
from shipped import SHIPPED, lived, pasts
from shop import Shop, event, message
from story import DAY, MINUTE, at, compiled

ASKED = {"decided", "fired", "earlier", "failed", "once", "deep"}


def explained(past: Past) -> Explanation:
    return explain(past.policy, past.incident, past.event, past.record.now, past.timer)


def rows(found: Explanation, section: str, outcome: str) -> tuple[str, ...]:
    return tuple(verdict.id for verdict in found.section(section) if verdict.outcome == outcome)


def hold_together(past: Past) -> None:
    """The rows that explain says decided are the recorded ones, and its decision is the recorded one."""
    found, record, because = explained(past), past.record, past.record.because
    assert rows(found, "ignore", "decided") == ((because.ignore,) if because.ignore else ())
    assert rows(found, "classify", "fired") == because.classify
    assert sorted(rows(found, "rules", "fired")) == sorted(because.rules)
    for section, row in (("route", because.route), ("respond", because.respond), ("targets", because.target)):
        assert rows(found, section, "decided") == ((row,) if row else ())
    assert rows(found, "modes", "fired") == record.marks
    if any(note.because == "human-only" for note in record.notes):
        assert rows(found, "human_only", "fired") == ("human_only",)
    assert (found.decision.because, found.decision.notes) == (because, record.notes)
    recorded = [encode(each) for each in record.deliveries]
    assert [encode(public_delivery(each)) for each in found.decision.deliveries] == recorded


def one_verdict_each(found: Explanation, policy: Policy) -> None:
    """Every row has exactly one fate of the closed list, and tests where it was asked."""
    told = sorted((verdict.section, verdict.id, verdict.department) for verdict in found.verdicts)
    assert told == sorted((row.section, row.id, row.department) for row in every_row(policy))
    for verdict in found.verdicts:
        assert verdict.outcome in OUTCOMES
        assert (verdict.reason is not None) == (verdict.outcome in ASKED and verdict.section != "limits")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_rows_that_explain_names_are_the_rows_that_decided(name: str) -> None:
    for past in lived(name):
        hold_together(past)
    assert {past.record.type for past in lived(name)} >= {"message.received", "message.sent", "timer.due"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_row_of_a_playbook_has_one_fate_at_every_event(name: str) -> None:
    for past in lived(name):
        one_verdict_each(explained(past), past.policy)


WORDS = ("injured", "broken", "lovely", "?", "hm", "shop@here.example")

RULED = """
rules:
  loud: {when: {author.followers: {gte: 1000}}, do: [{notify: {to: eve, text: Loud}}]}
  once: {when: {kind: fault}, once_per: incident, do: [{send: thanks}]}
  later: {after: 1h, when: {kind: question, not: {severity: critical}}, do: [{send: still-there}]}
  ours: {event: message.sent, when: {incident.public_turns: {gte: 2}}, do: [{tag: talkative}]}
limits:
  - {id: few, of: send, per: author, max: 3, in: 10m, then: hold}
modes:
  storm:
    starts: {messages: 2, in: 10m, when: {kind: fault}}
    ends: {messages: 1, in: 10m, when: {kind: fault}}
"""

said = st.fixed_dictionaries(
    {
        "text": st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
        "automatic": st.sampled_from([False, False, False, True]),
        "author": st.sampled_from([None, 5, 1000]).map(lambda count: Author(handle="cleo", followers=count)),
        "lang": st.sampled_from(["en", "ja", ""]),
        "type": st.sampled_from(["message.received", "message.received", "message.sent"]),
    }
)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([0, 5, 50, 300, 2000]), said), min_size=1, max_size=5))
def test_whatever_is_said_and_whenever_explanation_and_decision_hold_together(
    told: list[tuple[int, dict[str, object]]],
) -> None:
    policy, now = compiled(more=RULED), at("mon 10:00")
    shop = Shop(policy)
    for number, (minutes, fields) in enumerate(told):
        now += minutes * MINUTE
        shop.takes(replace(message(f"e{number}", now), **fields))
    shop.wakes(now + DAY)
    taken_up = list(pasts(shop.store, policy))

    assert all(past.same for past in taken_up)
    assert len(taken_up) == len(shop.decisions)
    for past in taken_up:
        hold_together(past)
        one_verdict_each(explained(past), policy)


def first(
    text: str,
    when: str = "mon 10:00",
    policy: Policy | None = None,
    followers: int | None = None,
    automatic: bool = False,
) -> Explanation:
    """A customer's first message, explained."""
    given = message("1", "mon 10:00", text, author=Author(followers=followers), automatic=automatic)
    return explain(policy or compiled(), opened(given, "i1", given.seen_at), given, given.seen_at)


def row(found: Explanation, section: str, id: str) -> Verdict:
    (verdict,) = [each for each in found.section(section) if each.id == id]
    return verdict


def test_a_row_that_matches_after_the_winner_names_the_winner() -> None:
    verdict = row(first("it is broken"), "respond", "rest")

    assert (verdict.outcome, verdict.instead) == ("earlier", "fault")


def test_a_row_that_failed_says_which_test_and_what_it_saw() -> None:
    verdict = row(first("it is broken"), "targets", "critical")

    assert verdict.outcome == "failed"
    assert [(check.test.fact, check.value) for check in verdict.failed] == [("severity", "normal")]


def test_a_row_of_classify_says_what_it_sets() -> None:
    assert row(first("it is broken"), "classify", "broken").sets == {"kind": "fault", "topics": ("damage",)}


def test_where_a_message_is_ignored_no_other_row_is_asked() -> None:
    found = first("it is broken", automatic=True)

    assert rows(found, "ignore", "decided") == ("machines",)
    assert {(each.outcome, each.instead) for each in found.verdicts if each.section not in ("ignore", "limits")} == {
        ("ignored", "machines")
    }


def test_a_rule_on_other_events_says_for_which_it_waits() -> None:
    verdict = row(first("hm", policy=compiled(more=RULED)), "rules", "ours")

    assert (verdict.outcome, verdict.instead) == ("event", "message.sent")


def test_a_rule_that_waits_says_until_when() -> None:
    verdict = row(first("hm", policy=compiled(more=RULED)), "rules", "later")

    assert (verdict.outcome, verdict.due) == ("later", at("mon 11:00"))


def test_a_rule_that_fires_once_has_fired_before() -> None:
    policy = compiled(more=RULED)
    shop = Shop(policy).takes(message("1", "mon 10:00", "broken"), message("2", "mon 10:05", "still broken"))
    fates = [
        row(explained(past), "rules", "once").outcome
        for past in pasts(shop.store, policy)
        if past.record.type == "message.received"
    ]

    assert fates == ["fired", "once"]


def test_when_a_person_has_taken_the_incident_nobody_is_looked_for() -> None:
    policy = compiled()
    given = message("1", "mon 10:00", "broken")
    before = replace(opened(given, "i1", given.seen_at), taken_by="ann", target="rest", response="fault", home="care")
    verdict = row(explain(policy, before, given, given.seen_at), "respond", "fault")

    assert (verdict.outcome, verdict.instead) == ("taken", "ann")


def test_another_departments_own_row_is_not_asked() -> None:
    policy = compiled(
        replaced={
            "templates:\n  ack:": """\
  night:
    name: Night
    calendar: night
    on_duty: eve
    lead: eve
    respond:
      - {id: at-night, when: always, reply: {send: ack}, apologise: none, resolve: none}
templates:
  ack:"""
        }
    )
    verdict = row(first("hm", policy=policy), "respond", "at-night")

    assert (verdict.outcome, verdict.instead, verdict.department) == ("department", "care", "night")


def test_a_limit_says_whether_something_counts_against_it() -> None:
    policy = compiled(more=RULED)

    assert row(first("broken", policy=policy), "limits", "few").outcome == "fired"
    assert row(first("broken", policy=policy, automatic=True), "limits", "few").outcome == "unused"


def test_what_our_own_deliveries_set_off_too_often_fires_nothing_more() -> None:
    policy = compiled(more=RULED)
    given = replace(message("1", "mon 10:00", "broken"), depth=3)

    assert row(explain(policy, opened(given, "i1", 1), given, given.seen_at), "rules", "once").outcome == "deep"


def test_a_decision_that_could_not_be_made_has_no_rows() -> None:
    given = event("1", "timer.due", "mon 10:00", channel="x", incident="i1")
    found = explain(compiled(), opened(given, "i1", given.at), given, given.at, Timer(given.at, name="unheard-of"))

    assert found.verdicts == ()
    assert [note.kind for note in found.decision.notes] == ["undecided"]


NEAR = {
    "  - {id: praise, when: {kind: praise}": """\
  - {id: english-fault, when: {kind: fault, lang: en}, reply: {send: ack}, apologise: none, resolve: none}
  - {id: many, when: {author.followers: {gte: 1000}}, reply: {send: ack}, apologise: none, resolve: none}
  - {id: praise, when: {kind: praise}""",
    "    when: {kind: fault}": "    when: {kind: fault, lang: ja}",
}


def test_the_nearest_rows_lost_by_one_test_while_more_of_them_held() -> None:
    found = first("hm", policy=compiled(replaced=NEAR), followers=999)

    assert [verdict.id for verdict in found.nearest("respond")] == ["english-fault", "many"]


def test_a_row_after_the_winner_is_no_near_miss() -> None:
    found = first("it is broken", policy=compiled(replaced=NEAR), followers=999)

    assert [verdict.id for verdict in found.nearest("respond")] == ["fault"]
