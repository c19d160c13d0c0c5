"""Models that earlier questions found, kept because many a later question is answered by one of them.

All of them are looked at in one go: a number says of a formula in which models it holds, a bit for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbook_engine.prove.answer import Answer, Lit
from playbook_engine.prove.solver import Solver

_MOST = 512
"""How many are kept; the oldest go first."""


class Models:
    """The latest models of a solver's clauses.

    A definition that is added afterwards changes nothing of them; a new free variable or demand makes them worthless.
    """

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        self._begin()

    def _begin(self) -> None:
        self._as_of = self._solver.demands
        self._every = 0
        """A bit for each model there is."""
        self._next = 0
        self._where_true: dict[int, int] = {}
        """By free variable, in which models it is true."""
        self._known: dict[int, int] = {}
        """The same of defined variables, as far as anybody has asked."""

    def keep(self, answer: Answer) -> None:
        """Remembers the model of a `yes`."""
        if self._as_of != self._solver.demands:
            self._begin()
        if answer.kind != "yes":
            return
        self._every |= 1 << self._next
        if not self._where_true:
            free = (variable for variable, parts in enumerate(self._solver.parts) if parts is None)
            self._where_true = dict.fromkeys(free, 0)
        bit, where_true, model = 1 << self._next, self._where_true, answer.model
        for variable, where in where_true.items():
            where_true[variable] = where | bit if model[variable] > 0 else where & ~bit
        self._known.clear()
        self._next = (self._next + 1) % _MOST

    def show(self, assumptions: Sequence[Lit]) -> bool:
        """Whether all the assumptions hold in the model of an earlier question."""
        if self._as_of != self._solver.demands:
            self._begin()
        left = self._every
        for each in assumptions:
            left = left and left & self._where(each)
        return left != 0

    def _where(self, literal: Lit) -> int:
        """In which models a literal holds. Of a definition, what comes after parts that exclude it is not looked at."""
        parts, known, free, every = self._solver.parts, self._known, self._where_true, self._every
        outer: list[tuple[Lit, Iterator[Lit], int]] = []
        while True:
            variable = abs(literal)
            where = free.get(variable, known.get(variable))
            if where is None:
                rest = iter(parts[variable] or ())
                outer.append((literal, rest, every))
                literal = next(rest)
                continue
            where = where if literal > 0 else every & ~where
            while outer:
                of, rest, so_far = outer.pop()
                so_far &= where
                following = next(rest, 0) if so_far else 0
                if following:
                    outer.append((of, rest, so_far))
                    literal = following
                    break
                known[abs(of)] = so_far
                where = so_far if of > 0 else every & ~so_far
            else:
                return where
