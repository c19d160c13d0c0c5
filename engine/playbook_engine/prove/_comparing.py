"""Two messages put side by side: when one of them is promised less than the other."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.model.duty import STEPS
from playbook_engine.policy.policy import Target
from playbook_engine.prove.case import Case
from playbook_engine.prove.encode import Encoding, RowName
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.values import Value
from playbook_engine.prove.witness import parts_of


def same(case: Case, one: Value, other: Value) -> Formula:
    """When two values of the same fact are equal."""
    formulas = case.prover.formulas
    return formulas.all(formulas.same(*pair) for pair in zip(parts_of(one), parts_of(other), strict=True))


def slower(case: Case, other: Encoding) -> Iterator[tuple[str, Formula]]:
    """When the other message is promised a step later than the first, with what is then so.

    Both are written at the same instant and answered by the same department.
    """
    first, formulas = case.prover.first, case.prover.formulas
    for quick in case.policy.targets:
        for slow in case.policy.targets:
            if quick.id == slow.id:
                continue
            wins = first.wins(RowName("targets", quick.id)), other.wins(RowName("targets", slow.id))
            if case.prover.ask(*wins, conflicts=case.budget).kind == "no":
                continue
            for step in STEPS:
                for department in case.policy.departments:
                    where = _where(case, quick, slow, step, department)
                    if where:
                        meant = formulas.any(first.inputs.one_of("was").when(index) for index in where)
                        owned = first.department.when(department), other.department.when(department)
                        said = f"the {step} under `{slow.id}` is due later than under `{quick.id}`"
                        yield said, formulas.all((*wins, *owned, meant))


def _where(case: Case, quick: Target, slow: Target, step: str, department: str) -> list[int]:
    """The situations in which, at some instant, the slow target's step is due after the quick one's."""
    if step not in quick.deadlines:
        return []
    if step not in slow.deadlines:
        return list(range(len(case.prover.first.inputs.situations)))
    situations = case.prover.first.inputs.situations
    one, other = quick.deadlines[step], slow.deadlines[step]
    return [index for index, each in enumerate(situations) if case.bounds.later(other, one, department, each)]
