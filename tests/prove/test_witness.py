"""Whatever is shown has been replayed, and what cannot be shown is hardly ever there."""

from __future__ import annotations

from hypothesis import given

from playbook_engine.prove.prover import Prover
from playbook_engine.prove.replay import replay
from playbook_engine.prove.witness import Witnesses
from prove.random_playbooks import HORIZON, SINCE, playbooks, policy_of
from prove.trying import TRIED


@given(text=playbooks())
@TRIED
def test_every_witness_replays(text: str) -> None:
    policy = policy_of(text)
    prover = Prover(policy, SINCE, until=SINCE + HORIZON)
    witnesses = Witnesses(prover)
    for row in list(prover.first.rows):
        shown = witnesses.show(prover.wins(row))
        if shown.kind == "shown":
            assert shown.replayed is not None
            assert row in replay(policy, shown.replayed.events).rows
