"""Two playbooks put the same message: provers that share its formulas."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.policy.policy import Policy
from playbook_engine.prove.formulas import Formulas
from playbook_engine.prove.inputs import channels_told_apart, declared, free_fact, set_by_classify, tags_given
from playbook_engine.prove.prover import Prover, Shared
from playbook_engine.prove.times import YEAR, side_by_side, situations
from playbook_engine.prove.values import SetOf, Value, one_of, ranked
from playbook_engine.prove.vocabulary import Vocabulary


class Incomparable(Exception):
    """Two playbooks that cannot be put the same message, and why."""


def provers(old: Policy, new: Policy, since: int) -> tuple[Prover, Prover]:
    """One prover for each, over the year from `since` (ms UTC). Raises Incomparable.

    Nothing is assumed of what the incident remembers but that one of the two can set it.
    """
    formulas, vocabulary = Formulas(), Vocabulary.of((old, new))
    mine, theirs = side_by_side(*(situations(each, since, since + YEAR) for each in (old, new)))
    given = dict(_union(formulas, vocabulary, old, new))
    first = Prover(old, since, shared=Shared(formulas, vocabulary, mine, given))
    of_both = {name: value for name, value in first.first.inputs.values.items() if _known_to(new, name)}
    second = Prover(new, since, shared=Shared(formulas, vocabulary, theirs, of_both))
    return first, second


def _known_to(policy: Policy, name: str) -> bool:
    kind, _, fact = name.partition(".")
    return kind not in ("held", "told") or fact in policy.facts


def _union(formulas: Formulas, vocabulary: Vocabulary, old: Policy, new: Policy) -> Iterator[tuple[str, Value]]:
    """The inputs whose values depend on the playbook, with those of both."""
    both = (old, new)
    channels = [channel for each in both for channel in channels_told_apart(each, vocabulary)]
    yield "channel", one_of(formulas, channels, optional=False)
    departments = [name for each in both for name in each.departments]
    yield "before.department", one_of(formulas, ("", *departments), optional=False)
    yield "before.home", one_of(formulas, departments, optional=False)
    yield "mode", SetOf({name: formulas.free() for each in both for name in each.modes})
    tagged = tags_given(old) | tags_given(new)
    tags = [str(tag) for tag in vocabulary.constants("incident.tags") if tag in tagged]
    yield "incident.tags", SetOf({tag: formulas.free() for tag in tags})
    highest = max((len(ladder) for each in both for ladder in each.ladders.values()), default=0)
    yield "incident.level", ranked(formulas, range(highest + 1), optional=False)
    yield from _facts(formulas, vocabulary, old, new)


def _facts(formulas: Formulas, vocabulary: Vocabulary, old: Policy, new: Policy) -> Iterator[tuple[str, Value]]:
    settable, settable_now = set_by_classify(old), set_by_classify(new)
    for fact in declared(old):
        other = new.facts.get(fact.name)
        if other is None or other.built_in:
            continue
        if other != fact:
            raise Incomparable(f"the fact `{fact.name}` is declared otherwise in the two")
        values = tuple(dict.fromkeys((*settable[fact.name], *settable_now[fact.name])))
        if fact.enriched_by:
            yield f"told.{fact.name}", free_fact(formulas, vocabulary, fact, fact.values)
            values = fact.values
        yield f"held.{fact.name}", free_fact(formulas, vocabulary, fact, values)
