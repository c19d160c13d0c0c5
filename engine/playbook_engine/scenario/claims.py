"""A claim for every message, put to the prover."""

from __future__ import annotations

from playbook_engine.prove.case import Case
from playbook_engine.prove.proving import claimed
from playbook_engine.scenario.suite import ForAll
from playbook_engine.scenario.verdict import Verdict


def judge_claim(claim: ForAll) -> Verdict:
    """Passed only where it is proved; a message for which it does not hold is told as the engine decides it."""
    said = []
    for detail in claimed(Case(claim.policy, claim.since), claim.proof):
        if detail.kind == "holds":
            continue
        said.append(f"{detail.place}: {detail.said}" if detail.kind == "broken" else f"inconclusive: {detail.said}")
        for replayed in detail.replayed:
            because = replayed.decision.because
            rows = f"route {because.route}, respond {because.respond}, target {because.target}"
            said += [f"  for instance {event.channel}, {event.lang}: {event.text!r}" for event in replayed.events]
            said.append(f"  → {f'ignored by {because.ignore}' if because.ignore else rows}")
    return Verdict(tuple(said))
