"""P11: what is worse is never promised more slowly: of two matters alike in all but severity the graver comes first."""

from collections.abc import Iterator

from playbook_engine.prove._comparing import same, slower
from playbook_engine.prove.case import Case
from playbook_engine.prove.encode import Encoding
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.inputs import TEXTS, declared
from playbook_engine.prove.values import Ranked
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for fact in declared(case.policy):
        if fact.kind == "ordered" and fact.joins == "highest":
            yield from _never_slower(case, fact.name)
    yield from _with_followers(case)


def _never_slower(case: Case, fact: str) -> Iterator[Detail]:
    """The second message says more of the fact, and the same of everything else."""
    other = case.prover.second((*TEXTS, f"told.{fact}", f"held.{fact}"))
    graver = _graver(case, other, fact)
    if graver is None:
        return
    alike = [same(case, value, other.joined[name]) for name, value in case.prover.first.joined.items() if name != fact]
    alike += [
        same(case, value, other.message[name]) for name, value in case.prover.first.message.items() if name != fact
    ]
    worse = case.prover.formulas.any(slower(case, other))
    said, broken = f"a higher `{fact}` is never promised more slowly", f"a higher `{fact}` is promised more slowly"
    yield case.never_two(said, other, graver, *alike, worse, broken=broken)


def _graver(case: Case, other: Encoding, fact: str) -> Formula | None:
    one, two = case.prover.first.joined[fact], other.joined[fact]
    if not isinstance(one, Ranked) or not isinstance(two, Ranked):
        return None
    formulas = case.prover.formulas
    return formulas.any(formulas.both(-mine, theirs) for mine, theirs in zip(one.reaches, two.reaches, strict=True))


def _with_followers(case: Case) -> Iterator[Detail]:
    other = case.prover.second(("author.followers",))
    one, two = (each.inputs.ranked("author.followers") for each in (case.prover.first, other))
    formulas = case.prover.formulas
    pairs = tuple(zip(one.reaches, two.reaches, strict=True))
    more = formulas.any(formulas.both(-mine, theirs) for mine, theirs in pairs[1:])
    more = formulas.both(pairs[0][0], more)  # followers that nobody knows are not fewer
    if len(pairs) > 1:
        worse = formulas.any(slower(case, other))
        said = "more followers are never promised more slowly"
        yield case.never_two(said, other, more, worse, broken="more followers are promised more slowly")


PROPERTY = Property("P11", "what is worse is never promised more slowly", check)
