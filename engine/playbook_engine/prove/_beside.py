"""Two playbooks put the same message: provers that share its formulas, and what wins in a model of both."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.policy.policy import Policy, Target
from playbook_engine.prove._content import Contents, content
from playbook_engine.prove.across import Across, Owned
from playbook_engine.prove.answer import Answer
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.formulas import Formula, Formulas
from playbook_engine.prove.inputs import channels_told_apart, declared, free_fact, set_by_classify, tags_given
from playbook_engine.prove.prover import Prover, Shared
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.times import YEAR, Situation, side_by_side, situations
from playbook_engine.prove.values import SetOf, Value, one_of, ranked
from playbook_engine.prove.vocabulary import Vocabulary
from playbook_engine.prove.witness import paired


class Incomparable(Exception):
    """Two playbooks that cannot be put the same message, and why."""


def provers(old: Policy, new: Policy, since: int) -> tuple[Prover, Prover]:
    """One prover for each, over the year from `since` (ms UTC). Raises Incomparable.

    Where the two read messages otherwise, nothing is assumed of what the incident remembers but that one can set it.
    """
    formulas, vocabulary = Formulas(), Vocabulary.of((old, new))
    mine, theirs = side_by_side(*(situations(each, since, since + YEAR) for each in (old, new)))
    given = dict(_union(formulas, vocabulary, old, new))
    first = Prover(old, since, shared=Shared(formulas, vocabulary, mine, given, _read_alike(old, new)))
    of_both = {name: value for name, value in first.first.inputs.values.items() if _known_to(new, name)}
    second = Prover(new, since, shared=Shared(formulas, vocabulary, theirs, of_both, False))
    return first, second


def _read_alike(old: Policy, new: Policy) -> bool:
    """Whether what an incident can come to remember is the same, whatever else is written otherwise."""
    sections = ("facts", "ignore", "classify", "calendars", "modes", "accounts")
    return all(content(getattr(old, name)) == content(getattr(new, name)) for name in sections)


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


class Pair:
    """Two playbooks over the year from `since` (ms UTC); `budget` bounds the conflicts of each question."""

    def __init__(self, old: Policy, new: Policy, since: int, budget: int) -> None:
        """Raises Incomparable."""
        self.policies, self.budget = (old, new), budget
        self.provers = provers(old, new, since)
        self.one, self.two = (each.first for each in self.provers)
        self.formulas = self.provers[0].formulas
        self.oriented = self.formulas.both(self.one.oriented, self.two.oriented)
        """When both look for department, target and response."""
        self._steps_do_the_same()
        self._contents = Contents(old), Contents(new)
        self._across = Across(new, old, since, since + YEAR), Across(old, new, since, since + YEAR)

    def _steps_do_the_same(self) -> None:
        """Of rules it is asked whether they fire alike after the same steps; steps are compared by themselves."""
        if len(self.one.guesses) == len(self.two.guesses):
            guessed = [*zip(self.one.guesses, self.two.guesses, strict=True)]
            for mine, theirs in (*guessed, *paired(self.one.moved_to, self.two.moved_to)):
                self.formulas.demand(self.formulas.same(mine, theirs))

    def done_otherwise(self, old: Replayed, new: Replayed, section: str) -> bool:
        """Whether the rows of a section that have won in two replays do something else."""
        won = [
            sorted(repr(contents.of(row)) for row in replayed.rows if row.section == section)
            for contents, replayed in zip(self._contents, (old, new), strict=True)
        ]
        return won[0] != won[1]

    def ask(self, *assumptions: Formula) -> Answer:
        return self.provers[0].ask(*assumptions, conflicts=self.budget)

    def rows_in(self, answer: Answer, sections: tuple[str, ...]) -> tuple[list[tuple[RowName, ...]], Formula]:
        """The rows of the sections that win in a model, of the old and the new one, and when just these win."""
        holds, rows, where = self.formulas.solver.holds, list[tuple[RowName, ...]](), list[Formula]()
        for prover in self.provers:
            won: list[RowName] = []
            for section in sections:
                wins = {row: prover.wins(row) for row in prover.rows(section)}
                found = [row for row, when in wins.items() if holds(when, answer)]
                where += [wins[row] for row in found] or [-self.formulas.any(wins.values())]
                won += found
            rows.append(tuple(won))
        return rows, self.formulas.all(where)

    def otherwise_in(self, answer: Answer, sections: tuple[str, ...]) -> list[tuple[RowName, ...]]:
        """The rows of the sections that win in a model of one and do what none does that wins of the other."""
        rows, _ = self.rows_in(answer, sections)
        done = [{contents.of(row) for row in won} for contents, won in zip(self._contents, rows, strict=True)]
        return [
            tuple(row for row in won if self._contents[side].of(row) not in done[1 - side])
            for side, won in enumerate(rows)
        ]

    def targets_in(self, answer: Answer) -> list[Target | None]:
        """The targets of the old and the new one that win in a model."""
        rows, _ = self.rows_in(answer, ("targets",))
        listed = [{each.id: each for each in policy.targets} for policy in self.policies]
        return [known[won[0].id] if won else None for known, won in zip(listed, rows, strict=True)]

    def when_late(self, late: int, owned: tuple[Owned, Owned]) -> Formula:
        """When a message is written in a situation in which the deadline of the old (0) or new (1) one is later."""
        was, across = self.one.inputs.one_of("was"), self._across[late]
        situations = enumerate(self.one.inputs.situations)
        at = (was.when(index) for index, each in situations if across.is_later(owned[late], owned[1 - late], each))
        return self.formulas.any(at)

    def instants_late(self, late: int, owned: tuple[Owned, Owned], where: Situation, soonest: int) -> Iterator[int]:
        """Such instants (ms UTC) of one situation, none before `soonest`."""
        yield from self._across[late].instants(owned[late], owned[1 - late], where, soonest)
