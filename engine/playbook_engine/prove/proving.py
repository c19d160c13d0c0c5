"""A playbook put to every property, and to what it claims itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from playbook_engine.policy.policy import Proof
from playbook_engine.prove.case import Case
from playbook_engine.prove.properties import every_property
from playbook_engine.prove.verdict import Detail, Verdict


def names(case: Case) -> tuple[str, ...]:
    """The codes of the properties, and the ids of what the playbook claims."""
    return (*(each.code for each in every_property()), *(proof.id for proof in case.policy.proofs))


def verdicts(case: Case, wanted: Collection[str] = ()) -> Iterator[Verdict]:
    """One after the other, as they are found; with `wanted` only those of these names."""
    for each in every_property():
        if not wanted or each.code in wanted:
            yield Verdict(each.code, each.title, tuple(each.check(case)))
    for proof in case.policy.proofs:
        if not wanted or proof.id in wanted:
            yield Verdict(proof.id, f"the playbook's own claim `{proof.id}`", tuple(claimed(case, proof)))


def claimed(case: Case, proof: Proof) -> Iterator[Detail]:
    """An assumption that no message meets would prove everything, so that is asked first."""
    oriented = case.prover.first.oriented
    assumed = case.condition(proof.assume, "assume")
    if case.prover.ask(oriented, assumed, conflicts=case.budget).kind == "no":
        yield Detail("broken", "no message meets what is assumed, so nothing is claimed", proof.span)
        return
    claim = case.condition(proof.claim, "assert")
    yield case.never(
        "it holds for every message that is assumed",
        oriented,
        assumed,
        -claim,
        broken="a message that is assumed breaks it",
        place=proof.span,
    )
