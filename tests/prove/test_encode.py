"""What the engine decides of a message is what the formulas say of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.decide.advance import advance, opened
from playbook_engine.decide.decide import deliberate
from playbook_engine.decide.facts import read_message
from playbook_engine.decide.turn import Turn
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.concrete import said
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.prover import Prover
from prove.random_playbooks import HORIZON, SINCE, messages, playbooks, policy_of
from prove.trying import TRIED

DAY = 86_400_000


def decided(turn: Turn) -> set[RowName]:
    """The rows that won, by the engine's own word."""
    because = turn.because
    rows = {RowName("classify", row) for row in because.classify} | {RowName("rules", row) for row in because.rules}
    rows |= {RowName("modes", mode) for mode in turn.marks}
    ignored = read_message(turn.policy, turn.event).ignored_by  # the record of an edit does not say so
    for section, row in (("ignore", ignored), ("route", because.route), ("targets", because.target)):
        rows |= {RowName(section, row)} if row else set()
    if because.respond:
        rows.add(RowName("respond", because.respond, turn.incident.response_of))
    return rows


def act(policy: Policy, incident: Incident, kind: str, number: int, at: int) -> Incident:
    """Something that people do meanwhile."""
    data = {"step": "reply"} if kind == "duty.waived" else {}
    event = Event(source="test", id=f"p{number}", type=kind, at=at, seen_at=at, by="ann", data=data, channel="x")
    return advance(policy, incident, event, at, incident.id)[-1].incident


ACTS = ("message.sent", "incident.acknowledged", "incident.waiting", "incident.resolved", "duty.waived", "")


@given(text=playbooks(), data=st.data())
@TRIED
def test_every_formula_says_what_the_engine_decides(text: str, data: st.DataObject) -> None:
    policy = policy_of(text)
    prover = Prover(policy, SINCE, until=SINCE + HORIZON)
    rows = [name for section in SECTIONS for name in prover.rows(section)]
    formulas = {row: prover.wins(row) for row in rows}
    at, incident = SINCE + 8 * DAY, None
    for number in range(4):
        at += data.draw(st.integers(0, 200)) * 3_600_000 // 20
        event = data.draw(messages(number, at))
        if incident is not None:
            for wake in advance(policy, incident, None, at, "i"):
                incident = wake.incident
        before = incident or opened(event, "i", at)
        turn = deliberate(policy, before, event, max(before.clock, at))
        if event.type == "message.received" or before.messages:
            facts = said(prover.first, before, event, turn.now)
            answer = prover.ask(*facts)
            assert answer.kind == "yes", "what happened is not among what the proofs speak of"
            solver = prover.formulas.solver
            assert {row for row, formula in formulas.items() if solver.holds(formula, answer)} == decided(turn)
            if not read_message(policy, event).ignored_by:
                assert solver.holds(prover.first.human_only, answer) == turn.because.human_only
        incident = turn.decision().incident
        kind = data.draw(st.sampled_from(ACTS))
        if kind:
            incident = act(policy, incident, kind, number, at + 60_000)


SECTIONS = ("ignore", "classify", "route", "targets", "respond", "rules", "modes")
