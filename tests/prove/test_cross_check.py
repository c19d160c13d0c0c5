"""Our solver and our encoding against z3."""

from __future__ import annotations

import pytest
from hypothesis import given

z3 = pytest.importorskip("z3")

from playbook_engine.prove.cross_check import Again, Clauses  # noqa: E402
from playbook_engine.prove.prover import Prover  # noqa: E402
from prove.random_playbooks import HORIZON, SINCE, playbooks, policy_of  # noqa: E402
from prove.trying import TRIED  # noqa: E402


@given(text=playbooks())
@TRIED
def test_every_question_has_the_same_answer_from_z3(text: str) -> None:
    prover = Prover(policy_of(text), SINCE, until=SINCE + HORIZON)
    rows = list(prover.first.rows)
    questions = [formula for row in rows for formula in (prover.matches(row), prover.wins(row))]
    questions += [prover.formulas.both(prover.matches(row), -prover.wins(row)) for row in rows]
    clauses = Clauses(prover.formulas)
    for question in questions:
        answer = prover.ask(question)
        assert answer.kind == clauses.ask(question)
        if answer.kind == "no":
            assert clauses.ask(*answer.core) == "no"


@given(text=playbooks())
@TRIED
def test_the_playbook_written_down_anew_is_the_same(text: str) -> None:
    prover = Prover(policy_of(text), SINCE, until=SINCE + HORIZON)
    ours = {row: prover.wins(row) for row in prover.first.rows}
    clauses = Clauses(prover.formulas)
    again = Again(prover.first, clauses)
    assert {row for row in ours if row.section not in ("modes", "rules")} == set(again.wins)
    for row, term in again.wins.items():
        assert clauses.asked(clauses.term(ours[row]) != term) == "no", f"{row} wins otherwise"
