"""Facts whose value is not known: for every value a fact may have, the formula under which it has it.

What a test says of a value is always asked of the operator itself, never restated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from playbook_engine.model.event import FactValue
from playbook_engine.policy.conditions import Test
from playbook_engine.policy.operators import OPERATORS
from playbook_engine.prove.formulas import FALSE, TRUE, Formula, Formulas


class Value(Protocol):
    """A fact's value as far as it is known."""

    def passes(self, formulas: Formulas, test: Test) -> Formula:
        """When the test is passed."""

    def has(self, formulas: Formulas) -> Formula:
        """When the fact has a value at all."""


def passed(test: Test, value: FactValue | None) -> bool:
    """Whether a value passes a test, by the operator's own word."""
    return OPERATORS[test.operator].test(value, test.operand)


@dataclass(frozen=True)
class OneOf:
    """A value out of few: `members` pairs each with the formula under which it is the one; at most one holds.

    While none holds, the fact is missing.
    """

    members: Mapping[FactValue, Formula]

    def passes(self, formulas: Formulas, test: Test) -> Formula:
        passing = [formula for value, formula in self.members.items() if passed(test, value)]
        failing = [formula for value, formula in self.members.items() if not passed(test, value)]
        if passed(test, None):  # only while the fact is missing, or with a value that passes
            return -formulas.any(failing)
        return formulas.any(passing)

    def has(self, formulas: Formulas) -> Formula:
        return formulas.any(self.members.values())

    def when(self, value: FactValue) -> Formula:
        return self.members.get(value, FALSE)


@dataclass(frozen=True)
class Ranked:
    """A value out of `values`, in ascending order; `reaches[i]` says that it has one, and at least `values[i]`.

    For numbers each of `values` stands for all up to the next: no test tells them apart.
    """

    values: Sequence[FactValue]
    reaches: Sequence[Formula]

    def passes(self, formulas: Formulas, test: Test) -> Formula:
        passing = formulas.any(self._runs(formulas, test))
        return formulas.either(passing, -self.has(formulas)) if passed(test, None) else passing

    def _runs(self, formulas: Formulas, test: Test) -> list[Formula]:
        """One formula for every run of neighbouring values that pass."""
        outcomes = [passed(test, value) for value in self.values]
        found, start = [], None
        for index, outcome in enumerate((*outcomes, False)):
            if outcome and start is None:
                start = index
            elif not outcome and start is not None:
                found.append(formulas.both(self.reaches[start], -self._reach(index)))
                start = None
        return found

    def _reach(self, index: int) -> Formula:
        return self.reaches[index] if index < len(self.reaches) else FALSE

    def has(self, formulas: Formulas) -> Formula:
        return self.reaches[0] if self.reaches else FALSE

    def when(self, formulas: Formulas, value: FactValue) -> Formula:
        index = self.values.index(value)
        return formulas.both(self.reaches[index], -self._reach(index + 1))


@dataclass(frozen=True)
class SetOf:
    """A set of names: when each is in it. `given` says when it was told at all; it is never missing to a test."""

    members: Mapping[str, Formula]
    given: Formula = TRUE

    def passes(self, formulas: Formulas, test: Test) -> Formula:
        names = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        inside = [self.members.get(str(name), FALSE) for name in names]
        match test.operator:
            case "has" | "has_all":
                return formulas.all(inside)
            case "has_any":
                return formulas.any(inside)
            case _:
                raise UnknownOperator(test.operator)

    def has(self, formulas: Formulas) -> Formula:
        return TRUE


class UnknownOperator(Exception):
    """An operator of sets or texts that the prover has not been taught."""


def one_of(formulas: Formulas, values: Iterable[FactValue], *, optional: bool) -> OneOf:
    """A free value out of these; where it is `optional`, possibly none."""
    members = {value: formulas.free() for value in dict.fromkeys(values)}
    if len(members) == 1 and not optional:
        return OneOf(dict.fromkeys(members, TRUE))
    if optional:
        formulas.at_most_one(members.values())
    else:
        formulas.exactly_one(members.values())
    return OneOf(members)


def flag(formulas: Formulas, *, optional: bool) -> OneOf:
    """A free flag."""
    true = formulas.free()
    if not optional:
        return OneOf({True: true, False: -true})
    given = formulas.free()
    return OneOf({True: formulas.both(given, true), False: formulas.both(given, -true)})


def ranked(formulas: Formulas, values: Sequence[FactValue], *, optional: bool) -> Ranked:
    """A free value out of ascending ones; where it is `optional`, possibly none."""
    reaches = [formulas.free() if optional or index else TRUE for index in range(len(values))]
    for lower, higher in pairwise(reaches):
        formulas.demand(lower, -higher)
    return Ranked(values, reaches)


def cuts(tests: Iterable[Test], least: int | None, most: int | None) -> tuple[int, ...]:
    """The lowest number of every stretch that no test tells apart, between the bounds."""
    named: set[int] = set()
    for test in tests:
        operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        named |= {each for each in operands if type(each) is int}
    edges = {edge for each in named for edge in (each, each + 1)}
    lowest = least if least is not None else min(edges, default=0) - 1
    return tuple(sorted({lowest, *(edge for edge in edges if edge > lowest and (most is None or edge <= most))}))
