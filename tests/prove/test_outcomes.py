"""What is proved of outcomes, against what the engine does: no sampled message breaks it, every refutation replays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("z3")

from playbook_engine.decide.advance import advance, opened
from playbook_engine.decide.decide import deliberate
from playbook_engine.decide.turn import Turn
from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident
from playbook_engine.policy.conditions import facts_read, holds
from playbook_engine.policy.money import Money
from playbook_engine.policy.policy import Policy, Proof, Response
from playbook_engine.prove.case import Case
from playbook_engine.prove.cross_check import SecondOpinion
from playbook_engine.prove.proving import claimed
from playbook_engine.prove.replay import replay
from prove.random_claims import claiming
from prove.random_playbooks import HORIZON, SINCE, messages, policy_of
from prove.trying import TRIED
from story import DAY, HOUR

Facts = dict[str, FactValue]


def given_away(response: Response, facts: Facts) -> int:
    """All that its actions would give, in minor units."""
    actions = [action for step in STEPS for action in response.step(step).actions]
    amounts = [
        action.parameters["amount"]
        for action in actions
        if action.name in ("coupon", "refund") and holds(action.when, facts)
    ]
    return sum(amount.amount for amount in amounts if isinstance(amount, Money))


def outcome(turn: Turn, before: Incident) -> tuple[Facts, frozenset[str]]:
    """What came of a message by the engine's own word, and what cannot be told because it was owed before."""
    response, target, facts = turn.response(), turn.target(), read(turn)
    assert response is not None
    assert target is not None
    found: Facts = {
        **facts,
        "department": turn.incident.department,
        "target": target.id,
        "ladder": target.ladder,
        "respond": response.id,
        "human_only": turn.human_only(),
        "spend": given_away(response, facts),
    }
    held, untold = {duty.key for duty in before.duties}, set()
    for step in STEPS:
        found[f"{step}.step"] = response.step(step).kind
        duty = turn.duty(step)
        if duty is not None and duty.key not in held and duty.since == turn.event.at:
            found[f"{step}.due_in"] = duty.deadline - duty.since
        elif response.step(step).kind != "none" and step in target.deadlines:
            untold.add(f"{step}.due_in")
    return found, frozenset(untold)


def read(turn: Turn) -> Facts:
    """What responses were asked with, and the calendars of which only a claim speaks."""
    calendars = turn.policy.calendars.items()
    opening: Facts = {f"open.{name}": calendar.hours.is_open(turn.now) for name, calendar in calendars}
    return {**turn.seen["respond"], **opening}


def broken_by(proof: Proof, turn: Turn, before: Incident) -> bool | None:
    """Whether a decision breaks a claim; None where the claim says nothing of it."""
    if "respond" not in turn.seen or not turn.because.target or not holds(proof.assume, read(turn)):
        return None
    found, untold = outcome(turn, before)
    return None if untold & set(facts_read(proof.claim)) else not holds(proof.claim, found)


def lived(policy: Policy, data: st.DataObject) -> list[tuple[Turn, Incident]]:
    """Some decisions of one incident, each with the incident as it was before."""
    at, incident, found = SINCE + 8 * DAY, None, []
    for number in range(4):
        at += data.draw(st.integers(0, 200)) * HOUR // 20
        event: Event = data.draw(messages(number, at))
        if incident is not None:
            for wake in advance(policy, incident, None, at, "i"):
                incident = wake.incident
        before = incident or opened(event, "i", at)
        if event.type == "message.received" or before.messages:
            turn = deliberate(policy, before, event, max(before.clock, at))
            incident = turn.decision().incident
            found.append((turn, before))
    return found


@given(text=claiming(), data=st.data())
@TRIED
def test_what_is_proved_of_outcomes_no_decision_breaks_and_what_is_refuted_one_does(
    text: str, data: st.DataObject
) -> None:
    policy = policy_of(text)
    case = Case(policy, SINCE, opinion=SecondOpinion, span=HORIZON)
    details = {proof: detail for proof in policy.proofs for detail in claimed(case, proof)}
    for _ in range(5):
        for turn, before in lived(policy, data):
            for proof, detail in details.items():
                broken = broken_by(proof, turn, before)
                assert detail.kind != "holds" or not broken, (proof.id, turn.because)
                assert not detail.said.startswith("no message meets") or broken is None, proof.id
    for proof, detail in details.items():
        for shown in detail.replayed:
            assert replay(policy, shown.events) == shown
            turn = deliberate(policy, shown.before, shown.event, max(shown.before.clock, shown.event.seen_at))
            assert broken_by(proof, turn, shown.before) is True, proof.id
