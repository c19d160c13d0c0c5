"""Two messages put side by side: when one of them is promised less than the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playbook_engine.model.duty import STEPS
from playbook_engine.policy.policy import Deadline, Target
from playbook_engine.prove.case import Case
from playbook_engine.prove.encode import Encoding, RowName
from playbook_engine.prove.formulas import Formula, Formulas
from playbook_engine.prove.values import Value
from playbook_engine.prove.witness import parts_of


def same(case: Case, one: Value, other: Value) -> Formula:
    """When two values of the same fact are equal."""
    formulas = case.prover.formulas
    return formulas.all(formulas.same(*pair) for pair in zip(parts_of(one), parts_of(other), strict=True))


def slower(case: Case, other: Encoding) -> Iterator[Formula]:
    """When the other message is promised a step later than the first, or not at all where both owe it.

    Both are written at the same instant and answered by the same department.
    """
    first, formulas = case.prover.first, case.prover.formulas
    both_owe = {step: formulas.all(owes(formulas, each, step) for each in (first, other)) for step in STEPS}
    for quick in case.policy.targets:
        for slow in case.policy.targets:
            if quick.id == slow.id:
                continue
            wins = first.wins(RowName("targets", quick.id)), other.wins(RowName("targets", slow.id))
            if case.prover.ask(*wins, conflicts=case.budget).kind == "no":
                continue
            for round in ROUNDS:
                for department in case.policy.departments:
                    where = _where(case, quick, slow, round, department)
                    if where:
                        meant = formulas.any(first.inputs.one_of("was").when(index) for index in where)
                        owned = first.department.when(department), other.department.when(department)
                        yield formulas.all((*wins, *owned, meant, both_owe[round.step], *round.when(first)))


@dataclass(frozen=True)
class Round:
    """A step in a round, with the deadlines of a target that it has then, the first that is there."""

    step: str
    deadlines: tuple[str, ...]
    later: bool | None = None

    def of(self, target: Target) -> Deadline | None:
        return next((target.deadlines[each] for each in self.deadlines if each in target.deadlines), None)

    def when(self, encoding: Encoding) -> tuple[Formula, ...]:
        """That the message of an encoding begins such a round."""
        later = encoding.inputs.flag("later_round")
        return () if self.later is None else (later if self.later else -later,)


ROUNDS = (
    Round("reply", ("reply",), later=False),
    Round("reply", ("next_reply", "reply"), later=True),
    Round("apologise", ("apologise",)),
    Round("resolve", ("resolve",)),
)


def owes(formulas: Formulas, of: Encoding, step: str) -> Formula:
    """When the response has the step; a duty needs the target's deadline too."""
    return formulas.any(when for row, when in of.response_rows() if row.step(step).kind != "none")


def _where(case: Case, quick: Target, slow: Target, round: Round, department: str) -> list[int]:
    """The situations in which, at some instant, the slow target's step is due after the quick one's."""
    one, other = round.of(quick), round.of(slow)
    situations = case.prover.first.inputs.situations
    if one is None:
        return []
    if other is None:
        return list(range(len(situations)))
    return [index for index, each in enumerate(situations) if case.bounds.later(other, one, department, each)]
