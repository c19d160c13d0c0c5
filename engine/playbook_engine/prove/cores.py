"""Which assumptions of a no cannot be spared."""

from __future__ import annotations

from collections.abc import Sequence

from playbook_engine.prove.answer import Lit
from playbook_engine.prove.solver import Solver


def smaller(solver: Solver, core: Sequence[Lit], conflicts: int = 1_000) -> tuple[Lit, ...]:
    """A core of which no assumption can be spared, in the order given; as far as the budget for each tells."""
    kept = list(core)
    for literal in core:
        if literal not in kept:
            continue
        answer = solver.solve([other for other in kept if other != literal], conflicts)
        if answer.kind == "no":
            kept = [other for other in kept if other in answer.core]
    return tuple(kept)
