"""P12: language changes nothing but words, and fame nothing but the pace: the same deadlines, levels and money."""

from collections.abc import Collection, Iterator

from playbook_engine.prove._comparing import same
from playbook_engine.prove.case import Case
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    yield from _alike(case, ("lang",), ("target", "ladder", "spend"), "the language")
    yield from _alike(case, ("author.followers", "author.verified"), ("spend",), "who is following the author")


def _alike(case: Case, differs: Collection[str], outcomes: Collection[str], what: str) -> Iterator[Detail]:
    other = case.prover.second(differs)
    one, two = case.prover.outcomes(), case.prover.outcomes(other)
    decided = case.prover.first.oriented, other.oriented
    for name in outcomes:
        equal = same(case, one.facts[name], two.facts[name])
        changed = "money offered" if name == "spend" else name
        said, broken = f"{what} alone never changes the {changed}", f"{what} alone changes the {changed}"
        yield case.never_two(said, other, *decided, -equal, broken=broken)


PROPERTY = Property("P12", "language and fame alone change neither pace nor money", check)
