"""What a solver answers, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Lit: TypeAlias = int
Clause: TypeAlias = list[Lit]
Kind: TypeAlias = Literal["yes", "no", "gave-up"]


@dataclass(frozen=True)
class Answer:
    """`yes` with a `model`, `no` with the assumptions in its `core`, or `gave-up`.

    The model says of every free variable which of its literals is true; of the defined ones see `Solver.holds`. A
    core need not be the smallest; see `smaller`.
    """

    kind: Kind
    model: tuple[Lit, ...] = field(default=(), repr=False)
    core: tuple[Lit, ...] = ()


@dataclass
class Work:
    """What a solver has done so far, in counts."""

    questions: int = 0
    decisions: int = 0
    conflicts: int = 0
    learned: int = 0


def truth(parts: Sequence[tuple[Lit, ...] | None], model: Sequence[Lit], literal: Lit, known: dict[int, bool]) -> bool:
    """Whether a literal is true in a model of the free variables; `parts` are those of the defined ones.

    `known` is what has been found out of this model before, by variable; it is added to.
    """
    waiting = [abs(literal)]
    while waiting:
        variable = waiting[-1]
        if variable not in known:
            made_of = parts[variable]
            if made_of is None:
                known[variable] = model[variable] > 0
            else:
                unknown = [abs(part) for part in made_of if abs(part) not in known]
                if unknown:
                    waiting += unknown
                    continue
                known[variable] = all(known[abs(part)] == (part > 0) for part in made_of)
        waiting.pop()
    return known[abs(literal)] == (literal > 0)
