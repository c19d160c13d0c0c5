"""P13: two playbooks put every message: whether they decide alike, and whether the new one takes anything away.

What is decided is compared by its content, not by the ids of rows: whether the message is ignored, what the incident
then remembers, who answers, with which deadlines and ladder, with which steps, whether people only may act, which rules
fire and which modes it counts for. The wording of templates is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from playbook_engine.policy.policy import Policy
from playbook_engine.prove._beside import provers
from playbook_engine.prove._comparing import ROUNDS, Round, owes
from playbook_engine.prove._content import Contents, definitions
from playbook_engine.prove.across import Across, Owned
from playbook_engine.prove.case import GAVE_UP, NOT_SHOWN
from playbook_engine.prove.concrete import said as told
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.formulas import FALSE, Formula
from playbook_engine.prove.prover import Prover
from playbook_engine.prove.realise import Model
from playbook_engine.prove.replay import Replayed, replay
from playbook_engine.prove.scheduling import timelines
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.prove.times import YEAR
from playbook_engine.prove.values import Ranked
from playbook_engine.prove.verdict import Detail, Verdict
from playbook_engine.prove.witness import Witnesses, paired

_TRIED = 8


def equivalent(old: Policy, new: Policy, since: int, budget: int = CONFLICTS) -> Verdict:
    """Whether the two decide every message alike, over the year from `since` (ms UTC) on. Raises Incomparable.

    Definitions that are no part of one message's decision, such as people and limits, are only told to be written
    otherwise.
    """
    pair = _Pair(old, new, since, budget)
    details = [pair.never(respect) for respect in pair.respects()]
    theirs = definitions(new)
    for name, mine in definitions(old).items():
        if mine != theirs[name]:
            said = f"`{name}` is written otherwise, and what follows of that is not compared"
            details.append(Detail("inconclusive", said))
    return Verdict("P13", "the two decide every message alike", tuple(details))


def refines(old: Policy, new: Policy, since: int, budget: int = CONFLICTS) -> Verdict:
    """Whether the new one never loses a reply, is never slower and never offers more. Raises Incomparable."""
    pair = _Pair(old, new, since, budget)
    details = tuple(pair.never(respect) for respect in (pair.loses(), pair.slower(), pair.dearer()))
    return Verdict("P13", "the new one never loses a reply, is never slower and never offers more", details)


@dataclass(frozen=True)
class _Respect:
    """In which respect the two may be apart, and when they are. What is `timed` depends on the very instant."""

    said: str
    broken: str
    when: Formula
    timed: bool = False


class _Pair:
    def __init__(self, old: Policy, new: Policy, since: int, budget: int) -> None:
        self.policies, self.budget = (old, new), budget
        self.provers = provers(old, new, since)
        self.one, self.two = (each.first for each in self.provers)
        self.formulas = self.provers[0].formulas
        self.across = Across(old, new, since, since + YEAR), Across(new, old, since, since + YEAR)
        self.witnesses = [Witnesses(each, budget) for each in self.provers]
        self.oriented = self.formulas.both(self.one.oriented, self.two.oriented)

    # Whether it can be so, and a message for which it is.

    def never(self, respect: _Respect) -> Detail:
        answer = self.provers[0].ask(respect.when, conflicts=self.budget)
        if answer.kind == "no":
            return Detail("holds", respect.said)
        if answer.kind == "gave-up":
            return Detail("inconclusive", f"{respect.said}: {GAVE_UP.format(self.budget)}")
        shown = next(self._shown(respect), None)
        if shown is None:
            return Detail("inconclusive", f"{respect.said}: {NOT_SHOWN}")
        return Detail("broken", respect.broken, None, shown)

    def _shown(self, respect: _Respect) -> Iterator[tuple[Replayed, Replayed]]:
        """First messages of an incident, replayed under the old and under the new one, that are decided so."""
        inputs = self.one.inputs
        first = (-inputs.ranked("incident.messages").reaches[1], -inputs.flag("edited"), -inputs.flag("known_before"))
        plain = self.witnesses[0].plainest([respect.when, *first], [self.one])
        if plain is not None:
            for events in islice(timelines(Model(self.one, plain), ()), _TRIED):
                old, new = (replay(policy, events) for policy in self.policies)
                if self._stands(respect, old, new):
                    yield old, new

    def _stands(self, respect: _Respect, old: Replayed, new: Replayed) -> bool:
        if respect.timed and not any(_due(new).get(step, 0) > at for step, at in _due(old).items()):
            return False
        known = [*told(self.one, old.before, old.event, old.decision.now)]
        for witnesses, replayed in zip(self.witnesses, (old, new), strict=True):
            known += witnesses.decided(replayed)
        return self.provers[0].ask(*known, respect.when, conflicts=self.budget).kind == "yes"

    # Alike in every respect.

    def respects(self) -> Iterator[_Respect]:
        one, two, formulas = self.one, self.two, self.formulas
        read = formulas.both(-one.ignored, -two.ignored)
        parts = (
            ("what is ignored", -formulas.same(one.ignored, two.ignored)),
            ("what is remembered", formulas.both(read, self._facts_differ())),
            ("who answers", formulas.both(self.oriented, -self._same(paired(one.department, two.department)))),
            ("which deadlines and ladder there are", formulas.both(self.oriented, self._rows_differ("targets"))),
            ("what is done", formulas.both(self.oriented, self._rows_differ("respond"))),
            ("what is for people only", formulas.both(self.oriented, -formulas.same(one.human_only, two.human_only))),
            ("which rules fire", formulas.both(read, self._rows_differ("rules"))),
            ("which modes it counts for", formulas.both(read, self._rows_differ("modes"))),
        )
        for what, when in parts:
            yield _Respect(f"{what} is the same", f"{what} is not the same", when)
        yield self.slower()
        sooner = self.formulas.both(self.oriented, self._later(1))
        yield _Respect("no step is due sooner", "a step is due sooner", sooner)

    def _same(self, pairs: Iterator[tuple[Formula, Formula]]) -> Formula:
        return self.formulas.all(self.formulas.same(*pair) for pair in pairs)

    def _facts_differ(self) -> Formula:
        names = [name for name in self.one.joined if name in self.two.joined]
        return -self._same(pair for name in names for pair in paired(self.one.joined[name], self.two.joined[name]))

    def _rows_differ(self, section: str) -> Formula:
        """When the rows that win of a section do other things."""
        groups = [self._by_content(prover, section) for prover in self.provers]
        keys = dict.fromkeys((*groups[0], *groups[1]))
        won = ([self.formulas.any(group.get(key, ())) for group in groups] for key in keys)
        return -self._same((mine, theirs) for mine, theirs in won)

    def _by_content(self, prover: Prover, section: str) -> dict[object, list[Formula]]:
        contents, found = Contents(prover.policy), dict[object, list[Formula]]()
        for row in prover.rows(section):
            found.setdefault(contents.of(row), []).append(prover.wins(row))
        return found

    # Nothing is taken away.

    def loses(self) -> _Respect:
        mine, theirs = (self._owes_reply(prover) for prover in self.provers)
        lost = self.formulas.all((self.one.oriented, mine, -theirs))
        return _Respect("whoever is owed a reply is still owed one", "a reply is owed no longer", lost)

    def _owes_reply(self, prover: Prover) -> Formula:
        timed = [target.id for target in prover.policy.targets if "reply" in target.deadlines]
        wins = self.formulas.any(prover.wins(RowName("targets", name)) for name in timed)
        return self.formulas.both(wins, owes(self.formulas, prover.first, "reply"))

    def slower(self) -> _Respect:
        later = self.formulas.both(self.oriented, self._later(0))
        return _Respect("no step is due later", "a step is due later", later, timed=True)

    def dearer(self) -> _Respect:
        mine, theirs = (prover.outcomes().facts["spend"] for prover in self.provers)
        assert isinstance(mine, Ranked)
        assert isinstance(theirs, Ranked)
        known = list(zip(map(_amount, mine.values), mine.reaches, strict=True))
        more = []
        for amount, reached in zip(map(_amount, theirs.values), theirs.reaches, strict=True):
            as_much = next((reach for least, reach in known if least >= amount), FALSE)
            more.append(self.formulas.both(reached, -as_much))
        dearer = self.formulas.both(self.oriented, self.formulas.any(more))
        return _Respect("no more is offered", "more is offered", dearer)

    def _later(self, which: int) -> Formula:
        """When a step that both owe is due later under the new one (0), or under the old one (1)."""
        return self.formulas.any(each for round in ROUNDS for each in self._later_in(round, which))

    def _later_in(self, round: Round, which: int) -> Iterator[Formula]:
        owed = [owes(self.formulas, each, round.step) for each in (self.one, self.two)]
        for mine, theirs in product(self.policies[0].targets, self.policies[1].targets):
            wins = [
                prover.wins(RowName("targets", each.id))
                for prover, each in zip(self.provers, (mine, theirs), strict=True)
            ]
            deadlines = round.of(mine), round.of(theirs)
            if deadlines[0] is None or deadlines[1] is None:
                continue
            if self.provers[0].ask(*wins, conflicts=self.budget).kind == "no":
                continue
            for here, there in product(self.policies[0].departments, self.policies[1].departments):
                where = self._where((deadlines[0], here), (deadlines[1], there), which)
                answers = self.one.department.when(here), self.two.department.when(there)
                if where != FALSE:
                    yield self.formulas.all((*wins, *owed, *answers, where, *round.when(self.one)))

    def _where(self, old: Owned, new: Owned, which: int) -> Formula:
        was, (slow, quick) = self.one.inputs.one_of("was"), (old, new) if which else (new, old)
        situations = enumerate(self.one.inputs.situations)
        across = self.across[which]
        return self.formulas.any(was.when(number) for number, each in situations if across.later(slow, quick, each))


def _due(replayed: Replayed) -> dict[str, int]:
    return {duty.step: duty.deadline for duty in replayed.decision.incident.duties if duty.unmet}


def _amount(value: object) -> int:
    assert isinstance(value, int)
    return value
