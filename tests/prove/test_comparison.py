"""Two playbooks put every message: what is the same is proved, what is not is shown by a message both have replayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from playbook_engine.policy.conditions import Always
from playbook_engine.policy.policy import Policy, Row
from playbook_engine.prove.comparison import Comparison, compare
from playbook_engine.prove.replay import Replayed, replay
from shipped import shipped
from small_playbook import SMALL, edited, policy_of

SINCE = 1_772_323_200_000
OLD = policy_of(SMALL)

# fmt: off
ALIKE = {
    "nothing changed": (),
    "a row under another name": (("{id: thanks,", "{id: grateful,"),),
    "a condition denied twice": (
        ("{kind: fault, department.open: true}", "{not: {not: {kind: fault, department.open: true}}}"),
    ),
    "an action's condition denied twice": (
        ("{when: {topics: damage}, coupon", "{when: {not: {not: {topics: damage}}}, coupon"),
    ),
    "a row that an earlier one covers": (
        (
            "  - {id: anyone, when: always, to: care}",
            "  - {id: anyone, when: always, to: care}",
        ),
    ),
    "a row that does as the next one does": (
        ("topics: [delivery, damage]}, to: care", "topics: [delivery]}, to: care"),
    ),
    "what is always set together": (
        ("human_only: {topics: [injury], severity: critical}", "human_only: {severity: critical}"),
    ),
    "the same length in another unit": (("reply: 15m", "reply: 900s"),),
}

MUTANTS = {
    "a longer promise": ((("reply: 15m", "reply: 30m"),), "slower"),
    "a shorter promise": ((("apologise: 1h,", "apologise: 30m,"),), "faster"),
    "a longer promise in open time": ((("{open_time: 1h}, when_closed", "{open_time: 2h}, when_closed"),), "slower"),
    "a longer promise in open days": ((("{open_days: 2}", "{open_days: 3}"),), "slower"),
    "a longer wait for the next reply": ((("next_reply: {open_time: 2h}", "next_reply: {open_time: 3h}"),), "slower"),
    "a reply that is owed no longer": (
        (("{id: others, when: always, reply: {send: ack}", "{id: others, when: always, reply: none"),),
        "lost",
    ),
    "a deadline that is gone": (((", resolve: 8h,", ","),), "lost"),
    "an apology more": (
        (
            ("resolve: by_hand}", "resolve: by_hand}"),
            ("reply: {send: ack}, apologise: none", "reply: {send: ack}, apologise: {draft: sorry}"),
        ),
        "gained",
    ),
    "more is ignored": (
        (("when: {automatic: true}, because", "when: {any: [{automatic: true}, {lang: en}]}, because"),),
        "lost",
    ),
    "less is ignored": (
        (("when: {automatic: true}, because", "when: {automatic: true, lang: en}, because"),),
        "gained",
    ),
    "a larger coupon": ((("amount: 1000 JPY", "amount: 2000 JPY"),), "dearer"),
    "a smaller coupon": ((("amount: 1000 JPY", "amount: 500 JPY"),), "cheaper"),
    "another department": (
        (("{id: anyone, when: always, to: care}", "{id: anyone, when: always, to: dusk}"),),
        "rerouted",
    ),
    "another text": (
        (("{id: others, when: always, reply: {send: ack}", "{id: others, when: always, reply: {send: storm}"),),
        "actions",
    ),
    "another ladder": ((("at: 100%", "at: 90%"),), "actions"),
    "more for people only": (
        (("human_only: {topics: [injury], severity: critical}", "human_only: {kind: praise}"),),
        "actions",
    ),
    "a rule that fires on less": ((("{personal_data: true}", "{personal_data: true, lang: en}"),), "actions"),
    "another fact": ((("set: {kind: praise}", "set: {kind: praise, loud: true}"),), "facts"),
    "another word": ((("words: thanks", "words: cheers"),), "facts"),
}

WRITTEN = {
    "texts": (("en: We are closed.", "en: We are shut."), "differs in text of template `closed-now`"),
    "limits": (("max: 3, in: 10m", "max: 4, in: 10m"), "differs in the limit `one-person`"),
    "people": (("{slack: \"#care\"}", "{slack: \"#desk\"}"), "differs in the person `care-desk`"),
    "modes": (("messages: 50", "messages: 60"), "differs in the mode `storm`"),
    "calendars": (("2026-12-29..2026-12-31", "2029-12-29..2029-12-31"), "differs in the calendar `desk`"),
    "rules on other events": (("after: 3d", "after: 4d"), "differs in the rule on other events `remind`"),
    "authority": (("per_incident: 2000 JPY", "per_incident: 3000 JPY"), "differs in the department `care`"),
    "incidents": (("reopen_within: 5d", "reopen_within: 6d"), "differs in how long an incident may be reopened"),
}
# fmt: on


def compared(new: Policy) -> Comparison:
    return compare(OLD, new, SINCE)


@pytest.mark.parametrize("name", ALIKE)
def test_what_decides_alike_is_proved_to(name: str) -> None:
    found = compared(policy_of(edited(*ALIKE[name])))
    assert found.equivalent, (found.regions, found.unencoded, found.unknown)


@pytest.mark.parametrize("name", MUTANTS)
def test_what_decides_otherwise_is_shown_by_a_message_that_both_replay(name: str) -> None:
    edits, kind = MUTANTS[name]
    new = policy_of(edited(*edits))
    found = compared(new)
    assert not found.equivalent
    assert kind in found.kinds
    assert found.shown
    for region in found.shown:
        assert region.replayed is not None
        events = region.replayed[0].events
        assert events == region.replayed[1].events
        assert decided(OLD, replay(OLD, events)) != decided(new, replay(new, events)), region.said


def decided(policy: Policy, replayed: Replayed) -> object:
    """What has come of the last message, whatever the rows are called."""
    decision = replayed.decision
    incident = decision.incident
    duties = [
        (each.step, each.since, each.deadline, each.department, each.counts, each.levels) for each in incident.duties
    ]
    said = [(each.action, each.parameters, each.person) for each in decision.deliveries]
    because = [getattr(decision.because, name) for name in ("human_only", "rules", "ignore", "facts")]
    offered = [
        action.parameters
        for row in policy.respond
        if row.id == decision.because.respond
        for action in row.resolve.actions
    ]
    home = incident.department, incident.home
    return because, incident.facts, home, incident.stage, duties, said, offered, sorted(decision.marks)


# Every row of a shipped playbook that may go, taken out, and every deadline, doubled.

SHOP, STORY = shipped("minimal")


def with_rows(section: str, rows: tuple[Row, ...]) -> Policy:
    given: dict[str, Any] = {section: rows}
    return replace(SHOP, digest="otherwise", **given)


def mutants() -> Iterator[tuple[str, Policy]]:
    for section in ("ignore", "classify", "route", "targets", "respond", "rules"):
        rows = getattr(SHOP, section)
        for row in rows:
            kept = tuple(each for each in rows if each is not row)
            if section in ("route", "targets", "respond") and row.when == Always():
                continue  # without the last row it is no playbook
            yield f"without {section} {row.id}", with_rows(section, kept)
    for target in SHOP.targets:
        for step, deadline in target.deadlines.items():
            longer = replace(
                target, deadlines={**target.deadlines, step: replace(deadline, amount=2 * deadline.amount)}
            )
            kept = tuple(longer if each is target else each for each in SHOP.targets)
            yield f"{step} of {target.id} doubled", replace(SHOP, digest="otherwise", targets=kept)


MADE = dict(mutants())


@pytest.mark.parametrize("name", MADE)
def test_no_mutant_of_a_shipped_playbook_is_equivalent_where_its_story_goes_otherwise(name: str) -> None:
    new = MADE[name]
    found = compare(SHOP, new, SINCE)
    told = [event for event in STORY if event.type == "message.received"]
    apart = [event for event in told if decided(SHOP, replay(SHOP, (event,))) != decided(new, replay(new, (event,)))]
    assert not (apart and found.equivalent)
    assert found.equivalent or found.shown or found.unencoded, (found.regions, found.unknown)
    for region in found.shown:
        assert region.replayed is not None
        events = region.replayed[0].events
        assert decided(SHOP, replay(SHOP, events)) != decided(new, replay(new, events)), region.said


@pytest.mark.parametrize("name", WRITTEN)
def test_what_no_formula_speaks_of_is_never_called_equivalent(name: str) -> None:
    edit, said = WRITTEN[name]
    found = compared(policy_of(edited(edit)))
    assert not found.equivalent
    assert said in [each.said for each in found.unencoded]


def test_a_fact_that_is_declared_otherwise_leaves_the_question_open() -> None:
    found = compared(policy_of(edited(("max: 100", "max: 200"))))
    assert found.inconclusive
    assert not found.equivalent


def test_where_the_solver_may_not_think_nothing_is_claimed() -> None:
    new = policy_of(edited(("reply: 15m", "reply: 30m")))
    found = compare(OLD, new, SINCE, budget=0)
    assert not found.equivalent
