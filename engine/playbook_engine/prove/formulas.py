"""Formulas over a solver's variables: every formula is a literal, and the clauses that define it are added once.

The same formula asked for again is the same literal, so that what two copies of a playbook share costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from playbook_engine.prove.answer import Lit
from playbook_engine.prove.solver import Solver

Formula: TypeAlias = Lit
"""A literal of the solver: what it stands for is defined in both directions, so it may be negated with `-`."""

TRUE: Formula = 1
FALSE: Formula = -1


class Formulas:
    """Builds formulas. After Tseitin, "On the complexity of derivation in propositional calculus" (1968)."""

    def __init__(self) -> None:
        self.solver = Solver()
        self._known: dict[tuple[Formula, ...], Formula] = {}
        self.solver.new()
        self.solver.add([TRUE])

    def free(self) -> Formula:
        """Something that may be true or false."""
        return self.solver.new()

    def demand(self, *parts: Formula) -> None:
        """At least one of the parts holds, always."""
        if TRUE not in parts:
            self.solver.add([part for part in parts if part != FALSE])

    def all(self, parts: Iterable[Formula]) -> Formula:
        """Every part holds."""
        distinct = set(parts)
        distinct.discard(TRUE)
        if FALSE in distinct or any(-part in distinct for part in distinct):
            return FALSE
        if not distinct:
            return TRUE
        if len(distinct) == 1:
            return distinct.pop()
        key = tuple(sorted(distinct))
        known = self._known.get(key)
        return known if known is not None else self._defined(key)

    def _defined(self, parts: tuple[Formula, ...]) -> Formula:
        made = self._known[parts] = self.solver.define(parts)
        return made

    def any(self, parts: Iterable[Formula]) -> Formula:
        """At least one part holds."""
        return -self.all(-part for part in parts)

    def both(self, one: Formula, other: Formula) -> Formula:
        return self.all((one, other))

    def either(self, one: Formula, other: Formula) -> Formula:
        return -self.all((-one, -other))

    def choice(self, condition: Formula, then: Formula, otherwise: Formula) -> Formula:
        """`then` where the condition holds, else `otherwise`."""
        if then == otherwise:
            return then
        return self.both(self.either(-condition, then), self.either(condition, otherwise))

    def same(self, one: Formula, other: Formula) -> Formula:
        """Both hold or neither does."""
        return self.choice(one, other, -other)

    def at_most_one(self, parts: Iterable[Formula]) -> None:
        """Demands that no two of the parts hold; with a ladder of helpers where they are many."""
        listed = [part for part in parts if part != FALSE]
        if len(listed) <= 6:
            for index, part in enumerate(listed):
                for other in listed[index + 1 :]:
                    self.demand(-part, -other)
            return
        self._ladder(listed)

    def _ladder(self, listed: list[Formula]) -> None:
        before = listed[0]
        for part in listed[1:]:
            self.demand(-part, -before)
            before = self.either(before, part)

    def exactly_one(self, parts: Iterable[Formula]) -> None:
        listed = list(parts)
        self.demand(*listed)
        self.at_most_one(listed)
