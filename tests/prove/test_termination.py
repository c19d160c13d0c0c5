"""What our own doing sets off ends, as early as is said and not later."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook_engine.decide.saying import MOST_REPEATED
from playbook_engine.model.event import EVENT_TYPES
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.termination import RULES_FIRE_ON, termination
from playbook_engine.runtime.playbooks import load
from story import Story, compiled

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"

LOOP = """
rules:
  one:
    event: action.delivered
    when: always
    do: [{webhook: audit}]
  two:
    event: action.delivered
    after: 1h
    when: always
    do: [{notify: {to: bob, text: look}}]
"""

BOTS = {"when: {automatic: true}, because: Machines need no answer": "when: {vip: true}, because: no"}
"""Nothing is ignored because a machine wrote it."""


def fired(policy: Policy, type: str) -> bool:
    """Whether the rule of a playbook acts when an event of a type comes."""
    story = Story(policy, deliver=not type.startswith("action.")).hears("it is broken", "mon 10:00")
    if type.startswith("action."):
        story.outcome(story.deliveries[0], type)
    elif type == "timer.due":
        story.waits("tue 10:00")
    else:
        story.takes(type, "mon 11:00", text="broken again", by="ann")
    return "acted" in story.now.tags


@pytest.mark.parametrize("type", EVENT_TYPES)
def test_rules_fire_on_these_types_and_no_others(type: str) -> None:
    policy = compiled(more=f"rules:\n  act: {{event: {type}, when: always, do: [{{tag: acted}}]}}\n")
    assert fired(policy, type) == (type in RULES_FIRE_ON)
    assert termination(policy).never == (() if type in RULES_FIRE_ON else ("act",))


def test_rules_that_answer_to_one_another_are_a_cycle_that_depth_cuts() -> None:
    found = termination(compiled(more=LOOP))

    assert [(cycle.rules, cycle.events, cycle.cut) for cycle in found.cycles] == [
        (("one", "two"), ("action.delivered",), ("depth",))
    ]


def test_a_chain_is_never_longer_than_is_said() -> None:
    policy = compiled(more=LOOP)
    story = Story(policy).hears("lovely", "mon 10:00").waits("+1w mon 10:00")
    caused = [delivery for delivery in story.deliveries if delivery.depth > 1]

    most = termination(policy).most
    assert 3 <= len(caused) <= most["one"] + most["two"]


def test_a_rule_that_fires_once_ends_a_cycle_sooner() -> None:
    once = compiled(more=LOOP.replace("    event", "    once_per: incident\n    event"))

    assert [cycle.cut for cycle in termination(once).cycles] == [("depth", "once_per")]


def test_asking_a_person_ends_no_cycle_because_it_is_a_delivery_too() -> None:
    policy = compiled(
        more="""
rules:
  one:
    event: action.failed
    when: always
    do: [{send: {template: thanks, approve: {by: bob}}}]
"""
    )
    story = Story(policy, deliver=False).hears("hm", "mon 10:00")
    for asked in (1, 2):
        story.outcome(story.deliveries[-1], "action.failed")
        assert len(story.now.drafts) == asked, "the rule fires again for the notification that failed"

    assert [cycle.cut for cycle in termination(policy).cycles] == [("depth",)]


def test_rules_that_only_change_the_incident_set_nothing_off() -> None:
    more = "rules:\n  one: {event: action.delivered, when: always, do: [{tag: seen}, {mute: {}}]}\n"
    found = termination(compiled(more=more))

    assert found.cycles == ()
    assert found.most == {"one": 0}


def test_a_ladder_says_at_most_so_much() -> None:
    policy = compiled()
    story = Story(policy).hears("it is broken", "mon 10:00").waits("+1w mon 10:00")
    told = [delivery for delivery in story.deliveries if delivery.purpose == "escalation"]

    assert termination(policy).ladders == {"standard": 5, "safety": 3}
    assert 0 < len(told) <= 3 * termination(policy).ladders["standard"]


def ping_pong(policy: Policy, times: int) -> int:
    """How often a machine that answers every message of ours is answered."""
    story = Story(policy)
    for minute in range(times):
        story.hears("out of office", f"mon 10:{minute:02}", automatic=True)
    return len(story.said())


def test_a_machine_that_is_ignored_is_not_answered() -> None:
    assert termination(compiled()).echoes == ()
    assert ping_pong(compiled(), 9) == 0


def test_a_machine_is_answered_time_and_again_where_the_automatic_answer_ends_the_round() -> None:
    policy = compiled(replaced=BOTS)
    found = {echo.answer: echo.targets for echo in termination(policy).echoes}

    assert found == {"praise": ("critical", "rest"), "rest": ("critical", "rest")}
    assert ping_pong(policy, 9) == MOST_REPEATED, "then a person is asked"


def test_a_machine_is_answered_once_where_only_a_person_ends_the_round() -> None:
    policy = compiled(replaced={**BOTS, "escalate: standard}": "escalate: standard, counts: human}"})
    found = {echo.answer: echo.targets for echo in termination(policy).echoes}

    assert found == {"praise": ("critical",), "rest": ("critical",)}
    assert ping_pong(policy, 9) == 1


def test_a_rule_answers_every_machine_unless_it_fires_once_and_a_limit_bounds_it() -> None:
    rule = "rules:\n  greet: {ONCE when: {not: {kind: praise}}, do: [{send: thanks}]}\n"
    limits = "limits:\n  - {id: one, of: send, per: author, max: 3, in: 10m, then: hold}\n"
    human = {**BOTS, "escalate: standard}": "escalate: standard, counts: human}"}
    every = termination(compiled(replaced=human, more=rule.replace("ONCE ", "") + limits)).echoes
    once = termination(compiled(replaced=human, more=rule.replace("ONCE", "once_per: incident,"))).echoes

    bounded = next(echo for echo in every if echo.answer == "greet")
    assert bounded.limit is not None
    assert (bounded.limit.id, bounded.limit.most) == ("one", 3)
    assert "greet" not in [echo.answer for echo in once]


@pytest.mark.parametrize("name", ["minato", "airline", "minimal"])
def test_the_shipped_playbooks_answer_no_machine_and_have_no_dead_rule(name: str) -> None:
    policy = load(PLAYBOOKS / name).policy
    assert policy is not None
    found = termination(policy)

    assert (found.echoes, found.never, found.cycles) == ((), (), ())
