"""What if: every change that is offered really leads where it says, and none smaller is passed over."""

from __future__ import annotations

from dataclasses import replace as with_fields

import pytest
from msgspec.structs import replace

from playbook_engine.decide.advance import opened
from playbook_engine.decide.decide import decide
from playbook_engine.explain.what_if import Alternative, Done, done, what_if
from playbook_engine.explain.why import explain
from playbook_engine.model.event import Author, Event
from playbook_engine.policy.conditions import Always
from playbook_engine.policy.policy import ClassifyRow, Policy
from shipped import SHIPPED, lived
from shop import message
from story import at, clock, compiled


def alternatives(event: Event, policy: Policy | None = None, most: int = 9) -> dict[str, Alternative]:
    used = policy or compiled()
    incident = opened(event, "i1", event.seen_at)
    found = explain(used, incident, event, event.seen_at)
    return {each.fact: each for each in what_if(used, incident, event, event.seen_at, found, most=most)}


def decided(event: Event, policy: Policy | None = None) -> Done:
    return done(decide(policy or compiled(), opened(event, "i1", event.seen_at), event, event.seen_at))


def setting(policy: Policy, **facts: str | tuple[str, ...]) -> Policy:
    """The policy, with a last row of classify that overrules whatever was read."""
    overruled = {name: with_fields(policy.facts[name], joins="latest") for name in facts}
    last = ClassifyRow("last", Always(), policy.classify[0].span, facts)
    return with_fields(policy, facts={**policy.facts, **overruled}, classify=(*policy.classify, last))


def test_a_fact_that_classify_sets_leads_where_it_says() -> None:
    given = message("1", "mon 10:00", "it is broken")
    found = alternatives(given)

    assert set(found) >= {"kind", "severity", "topics"}
    for name in ("kind", "severity", "topics"):
        after = found[name].after
        assert isinstance(after, str | tuple)
        assert found[name].done == decided(given, setting(compiled(), **{name: after}))


def test_a_fact_of_the_message_leads_where_it_says() -> None:
    given = message("1", "mon 10:00", "hm", author=Author(followers=980))
    policy = compiled(
        replaced={
            "  - {id: praise, when": "  - {id: many, when: {author.followers: {gt: 1000}}, reply: {send: thanks}, "
            "apologise: none, resolve: none}\n  - {id: praise, when"
        }
    )
    found = alternatives(given, policy)

    assert (found["author.followers"].before, found["author.followers"].after) == (980, 1001)
    assert found["author.followers"].done == decided(replace(given, author=Author(followers=1001)), policy)
    assert found["automatic"].done == decided(replace(given, automatic=True), policy)
    assert found["automatic"].done.ignored == "machines"


def test_a_small_change_comes_before_a_great_one() -> None:
    given = message("1", "mon 10:00", "hm", author=Author(followers=980))
    policy = compiled(
        replaced={
            "  - {id: praise, when": "  - {id: many, when: {author.followers: {gte: 1000}}, reply: {send: thanks}, "
            "apologise: none, resolve: none}\n  - {id: praise, when"
        }
    )

    assert list(alternatives(given, policy, most=3)) == ["author.followers", "kind", "severity"]


def test_an_ordered_fact_goes_no_further_than_it_must() -> None:
    policy = compiled(
        replaced={"{id: critical, when: {severity: critical}": "{id: critical, when: {severity: {gte: high}}"}
    )
    severity = alternatives(message("1", "mon 10:00", "hm"), policy)["severity"]

    assert (severity.before, severity.after) == ("normal", "high")


def test_the_hours_are_tried_at_the_instant_at_which_they_turn() -> None:
    policy = compiled(replaced={"    lead: bob\n": "    lead: bob\n    when_closed: {send: closed-now}\n"})
    given = message("1", "mon 10:00", "hm")
    found = alternatives(given, policy)["department.open"]

    assert found.at is not None
    assert (found.before, found.after, clock(found.at)) == (True, False, "mon 17:00")
    assert found.done.says == ("send closed-now",)
    assert found.done == decided(replace(given, at=found.at, seen_at=found.at), policy)


def test_where_hours_change_nothing_they_are_not_offered() -> None:
    assert "department.open" not in alternatives(message("1", "mon 10:00", "injured"))


def test_there_is_nothing_to_change_where_no_row_asks_anything() -> None:
    policy = compiled(replaced={"    calendar: desk\n    on_duty": "    on_duty"})
    bare = with_fields(
        policy, ignore=(), classify=(), respond=policy.respond[-1:], targets=policy.targets[-1:], human_only=()
    )

    assert alternatives(message("1", "mon 10:00", "hm"), bare) == {}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_offered_change_of_every_shipped_decision_alters_what_is_done(name: str) -> None:
    offered = 0
    for past in lived(name):
        found = explain(past.policy, past.incident, past.event, past.record.now, past.timer)
        for each in what_if(past.policy, past.incident, past.event, past.record.now, found, past.timer):
            assert each.done != done(found.decision)
            assert each.before != each.after
            offered += 1
    assert offered > 10


def test_the_reply_of_another_target_is_told_with_it() -> None:
    severity = alternatives(message("1", "mon 10:00", "hm"))["severity"]

    assert (severity.done.target, severity.done.reply_within) == ("critical", at("mon 10:15") - at("mon 10:00"))
