"""Every life under a playbook is visited; what breaks is told by the engine too."""

from __future__ import annotations

from pathlib import Path

import pytest

from lives_near import opening
from playbook_engine.prove import automaton, living
from playbook_engine.prove.automaton import FORGOTTEN, ORDER, VOICE, Violation, lives, walk
from playbook_engine.prove.confirming import confirmed
from playbook_engine.prove.life import Plan, Switches
from playbook_engine.prove.promises import routed
from playbook_engine.prove.switches import exact, plainest, switches
from playbook_engine.runtime.playbooks import load
from story import compiled

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
FAULT = Switches(
    (Plan("send", gated=True), Plan("draft"), Plan("by_hand")), (True, True, True, True), "human", closed="hold"
)


def test_no_life_of_a_shipped_playbook_breaks_order_or_voice_or_forgets_anybody() -> None:
    policy = load(PLAYBOOKS / "minimal").policy
    assert policy is not None
    found = lives(policy)

    assert found.complete
    assert found.violations == ()
    assert found.states > 5_000


def test_a_promise_without_a_ladder_that_nobody_is_told_of_is_forgotten_and_the_engine_agrees() -> None:
    policy = compiled(
        replaced={
            ", escalate: standard}": "}",
            "reply: {send: ack}, apologise: none, resolve: by_hand}": "reply: by_hand, apologise: none, resolve: none}",
        }
    )
    given = next(each for each, origin in switches(policy).items() if origin.response == "rest" and not each.ladder)
    found = walk(given).violations[0]

    assert found == Violation(FORGOTTEN, "reply", ("customer", "deadline:reply"))
    assert confirmed(policy, opening("hm"), found)
    assert not confirmed(compiled(), opening("hm"), found), "here a ladder watches"
    assert not confirmed(policy, opening("hm"), Violation(FORGOTTEN, "reply", ("customer", "approve")))


def test_a_second_voice_and_a_step_out_of_order_are_found_where_the_rules_of_life_allow_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(living._Life, "earlier_done", lambda life, index: True)
    both = FAULT._replace(plans=(FAULT.plans[0], Plan("send", gated=True), FAULT.plans[2]), rules=True, closed="")
    early = automaton._Walker(both._replace(plans=(Plan("by_hand"), *both.plans[1:]))).walk()
    monkeypatch.undo()

    def always_said(life: living._Life, step: str, *, asked: bool, apology: bool = False) -> None:
        life.voiced = False
        kept(life, step, asked=asked, apology=apology)

    kept = living._Life.say
    monkeypatch.setattr(living._Life, "say", always_said)
    voices = automaton._Walker(both).walk()

    assert Violation(ORDER, "apologise", ("customer",)) in early.violations
    assert [(each.kind, len(each.trace)) for each in voices.violations] == [(VOICE, 2)]
    assert not confirmed(compiled(), opening("hm"), voices.violations[0]), "the engine keeps one voice"


def test_the_same_switches_are_walked_once() -> None:
    assert walk(FAULT) is walk(FAULT._replace())
    assert walk(FAULT).violations == ()


def test_what_makes_no_difference_is_not_told_apart() -> None:
    approved = FAULT._replace(plans=(Plan("send", asked=True), Plan("draft", asked=True), Plan("offer")))
    drafted = FAULT._replace(plans=(Plan("draft"), Plan("draft"), Plan("by_hand")), closed="", pauses=True)

    assert plainest(approved) == plainest(drafted)
    assert plainest(FAULT._replace(asked="human-only")) == plainest(drafted)


def test_a_playbook_has_few_kinds_of_life() -> None:
    policy = load(PLAYBOOKS / "minato").policy
    assert policy is not None
    written = {
        each
        for home in routed(policy)
        for response in policy.respond
        for target in policy.targets
        for each in exact(policy, home, response, target)
    }

    assert len(switches(policy)) < len(written) / 4
