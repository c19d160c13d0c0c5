"""The same questions put to z3, which is not ours: https://github.com/Z3Prover/z3. Needs the extra `prove`.

`Clauses` gives z3 the clauses as they stand: it checks the solver, and may answer what the solver gives up. `Again`
writes the playbook down anew, with z3's own integers and if-then-else: it shares with the encoding what the inputs are
and what their tests mean, and checks everything built on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any as Term

import z3

from playbook_engine.model.event import FactValue
from playbook_engine.policy import conditions
from playbook_engine.policy.conditions import Condition, Test
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.policy import Response, Row
from playbook_engine.prove.answer import Answer, Kind
from playbook_engine.prove.encode import Encoding, RowName
from playbook_engine.prove.formulas import Formula, Formulas
from playbook_engine.prove.inputs import declared, set_by_classify
from playbook_engine.prove.prover import Prover
from playbook_engine.prove.values import OneOf, Ranked, SetOf, Value, passed

TIMEOUT = 20_000
"""Ms that z3 may take for one question."""

_MISSING = -1
_KINDS: dict[str, Kind] = {"sat": "yes", "unsat": "no"}

Own = Term
"""An own fact in z3: the number of its value, or for a set a mapping of names to when they are in it."""


class Disagreement(Exception):
    """Two solvers, or two ways of writing a playbook down, say opposite things of it: one of them is at fault."""


class Clauses:
    """The clauses of some formulas, for z3; those that are added later are told it before the next question."""

    def __init__(self, formulas: Formulas, timeout: int = TIMEOUT) -> None:
        self._solver, self._source = z3.Solver(), formulas.solver
        self._solver.set("timeout", timeout)
        self._variables = [z3.Bool("v0")]
        self._told = 0

    def term(self, formula: Formula) -> Term:
        for number in range(len(self._variables), self._source.count + 1):
            self._variables.append(z3.Bool(f"v{number}"))
        variable = self._variables[abs(formula)]
        return variable if formula > 0 else z3.Not(variable)

    def ask(self, *assumptions: Formula) -> Kind:
        """What `Prover.ask` should have said; `gave-up` after the time allowed."""
        return self.asked(*map(self.term, assumptions))

    def asked(self, *terms: Term) -> Kind:
        """The same of z3's own terms."""
        for clause in self._source.clauses[self._told :]:
            self._solver.add(z3.Or([self.term(literal) for literal in clause]))
        self._told = len(self._source.clauses)
        return _KINDS.get(str(self._solver.check(*terms)), "gave-up")


class SecondOpinion:
    """z3 on every question that is put to a prover."""

    def __init__(self, formulas: Formulas) -> None:
        self._clauses = Clauses(formulas)

    def on(self, assumptions: Sequence[Formula], answer: Answer) -> Answer:
        """Our answer, or z3's no where we have given up. Raises Disagreement."""
        theirs = self._clauses.ask(*assumptions)
        if {answer.kind, theirs} == {"yes", "no"}:
            raise Disagreement(f"of {list(assumptions)} our solver says {answer.kind}, z3 says {theirs}")
        return Answer("no", core=tuple(assumptions)) if (answer.kind, theirs) == ("gave-up", "no") else answer


def compare(prover: Prover) -> int:
    """Puts every row written down anew to z3; how many there were. Raises Disagreement where one wins otherwise."""
    ours = {row: prover.wins(row) for row in prover.first.rows}
    clauses = Clauses(prover.formulas)
    again = Again(prover.first, clauses)
    for row, term in again.wins.items():
        if clauses.asked(clauses.term(ours[row]) != term) == "yes":
            raise Disagreement(f"`{row.id}` of `{row.section}` wins otherwise when it is written down anew for z3")
    return len(again.wins)


class Again:
    """A playbook written down a second time; `wins` says when each row decides."""

    def __init__(self, encoding: Encoding, clauses: Clauses) -> None:
        self._encoding, self._clauses = encoding, clauses
        self._policy, self._facts = encoding.policy, declared(encoding.policy)
        self._settable = set_by_classify(encoding.policy)
        self.wins: dict[RowName, Term] = {}
        self._classify()
        self._decide()

    # Own facts: the number of their value.

    def _values(self, fact: FactType) -> list[FactValue]:
        given = self._encoding.inputs.values[f"held.{fact.name}"]
        assert isinstance(given, OneOf | Ranked)
        found = list(given.values if isinstance(given, Ranked) else given.members)
        return found if fact.default is None or fact.default in found else [*found, fact.default]

    def _from(self, fact: FactType, value: Value) -> Own:
        """An input of the encoding as the number of its value."""
        if isinstance(value, SetOf):
            return {name: self._clauses.term(when) for name, when in value.members.items()}, self._clauses.term(
                value.given
            )
        number: Term = z3.IntVal(_MISSING)
        for index, each in enumerate(self._values(fact)):
            if isinstance(value, Ranked) and index < len(value.reaches):
                number = z3.If(self._clauses.term(value.reaches[index]), z3.IntVal(index), number)
            elif isinstance(value, OneOf) and each in value.members:
                number = z3.If(self._clauses.term(value.members[each]), z3.IntVal(index), number)
        return number

    def _unset(self, fact: FactType) -> Own:
        if fact.kind == "set":
            return {}, z3.BoolVal(False)
        return z3.IntVal(_MISSING)

    def _join(self, fact: FactType, held: Own, more: Own) -> Own:
        if fact.kind == "set":
            (before, had), (after, has) = held, more
            names, no = dict.fromkeys((*before, *after)), z3.BoolVal(False)
            if fact.joins == "latest":
                both = {name: z3.If(has, after.get(name, no), before.get(name, no)) for name in names}
            else:
                both = {name: z3.Or(before.get(name, no), after.get(name, no)) for name in names}
            return both, z3.Or(had, has)
        if fact.joins == "latest":
            return z3.If(more != _MISSING, more, held)
        if fact.joins == "highest":  # names stand in their order, numbers never join so
            return z3.If(more > held, more, held)
        return z3.If(held != _MISSING, held, more)

    def _set_to(self, fact: FactType, value: FactValue, matched: Term) -> Own:
        if isinstance(value, tuple):
            return dict.fromkeys(value, matched), matched
        return z3.If(matched, z3.IntVal(self._values(fact).index(value)), z3.IntVal(_MISSING))

    def _test(self, fact: FactType, own: Own, test: Test) -> Term:
        if fact.kind == "set":
            names = test.operand if isinstance(test.operand, tuple) else (test.operand,)
            inside = [own[0].get(name, z3.BoolVal(False)) for name in names]
            return z3.Or(inside) if test.operator == "has_any" else z3.And(inside)
        values = self._values(fact)
        read = own if fact.default is None else z3.If(own == _MISSING, values.index(fact.default), own)
        passing = [read == index for index, value in enumerate(values) if passed(test, value)]
        return z3.Or([*passing, read == _MISSING] if passed(test, None) else passing)

    # Conditions and rows.

    def _holds(self, condition: Condition, section: str, own: Mapping[str, Own]) -> Term:
        match condition:
            case conditions.Always():
                return z3.BoolVal(True)
            case conditions.All(parts):
                return z3.And([self._holds(part, section, own) for part in parts])
            case conditions.Any(parts):
                return z3.Or([self._holds(part, section, own) for part in parts])
            case conditions.Not(part):
                return z3.Not(self._holds(part, section, own))
            case _:
                return self._put(condition, section, own)

    def _put(self, test: Test, section: str, own: Mapping[str, Own]) -> Term:
        fact = self._policy.facts.get(test.fact.removeprefix("message."))
        if test.fact in own and fact is not None:
            return self._test(fact, own[test.fact], test)
        return self._clauses.term(self._encoding.holds(test, section))

    def _classify(self) -> None:
        term, own = self._clauses.term, {fact.name: fact for fact in self._facts if not fact.enriched_by}
        self._ignored = z3.BoolVal(False)
        for row in self._policy.ignore:
            holds = self._holds(row.when, "ignore", {})
            self.wins[RowName("ignore", row.id)] = z3.And(z3.Not(self._ignored), holds)
            self._ignored = z3.Or(self._ignored, holds)
        message = {name: self._unset(fact) for name, fact in own.items()}
        for line in self._policy.classify:
            matched = self._holds(line.when, "classify", message)
            self.wins[RowName("classify", line.id)] = z3.And(z3.Not(self._ignored), matched)
            for name, value in line.sets.items():
                message[name] = self._join(own[name], message[name], self._set_to(own[name], value, matched))
        inputs = self._encoding.inputs.values
        held = {name: self._from(fact, inputs[f"held.{name}"]) for name, fact in own.items()}
        joined = {name: self._join(fact, held[name], message[name]) for name, fact in own.items()}
        self._own = {**joined, **{f"message.{name}": each for name, each in message.items()}}
        self._oriented = z3.And(z3.Not(self._ignored), z3.Not(term(self._encoding.inputs.flag("taken"))))

    def _first(self, rows: Iterable[Row], section: str, asked: Term, department: str = "") -> Term:
        """When none of the rows takes it; `asked` says when they are tried."""
        for row in rows:
            holds = self._holds(row.when, section, self._own)
            self.wins[RowName(section, row.id, department)] = z3.And(asked, holds)
            asked = z3.And(asked, z3.Not(holds))
        return asked

    def _decide(self) -> None:
        self._first(self._policy.route, "route", self._oriented)
        known = z3.And(self._oriented, z3.Not(self._clauses.term(self._encoding.department.when(""))))
        self._first(self._policy.targets, "respond", known)
        for row in self._policy.targets:
            name = RowName("respond", row.id)
            self.wins[RowName("targets", row.id)] = self.wins.pop(name)
        self._respond(known)

    def _respond(self, known: Term) -> None:
        """As the engine does it: one list for every pair of who answers and whose matter it is."""
        found: dict[RowName, list[Term]] = {}
        departments = self._policy.departments
        for now in departments:
            for home in departments:
                answers = self._clauses.term(self._encoding.department.when(now))
                matter = self._clauses.term(self._encoding.home.when(home))
                asked = z3.And(known, answers, matter)
                rows: list[tuple[Response, str]] = [(row, now) for row in departments[now].respond]
                rows += [(row, home) for row in departments[home].respond if home != now]
                rows += [(row, "") for row in self._policy.respond]
                for row, owner in rows:
                    asked = self._first((row,), "respond", asked, owner)
                    name = RowName("respond", row.id, owner)
                    found.setdefault(name, []).append(self.wins[name])
        self.wins |= {name: z3.Or(listed) for name, listed in found.items()}
