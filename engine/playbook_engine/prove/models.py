"""Models that earlier questions found, kept because many a later question is answered by one of them."""

from __future__ import annotations

from collections.abc import Sequence

from playbook_engine.prove.answer import Answer, Lit, truth
from playbook_engine.prove.solver import Solver

_MOST = 12
"""How many are kept: each more answers less, and is looked at in vain more often."""


class Models:
    """The models of a solver's clauses that answered something of late, the latest first.

    A definition that is added afterwards changes nothing of them; a new free variable or demand makes them worthless.
    """

    def __init__(self, solver: Solver) -> None:
        self._solver, self._as_of = solver, solver.demands
        self._kept: list[tuple[Answer, dict[int, bool]]] = []

    def keep(self, answer: Answer) -> None:
        """Remembers the model of a `yes`."""
        self._forget_old()
        if answer.kind == "yes":
            self._kept.insert(0, (answer, {}))
            del self._kept[_MOST:]

    def showing(self, assumptions: Sequence[Lit]) -> Answer | None:
        """A `yes` of an earlier question in whose model all the assumptions hold."""
        self._forget_old()
        parts = self._solver.parts
        for at, (answer, known) in enumerate(self._kept):
            if all(truth(parts, answer.model, each, known) for each in assumptions):
                self._kept.insert(0, self._kept.pop(at))
                return answer
        return None

    def _forget_old(self) -> None:
        if self._as_of != self._solver.demands:
            self._as_of = self._solver.demands
            self._kept.clear()
