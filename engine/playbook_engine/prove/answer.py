"""What a solver answers, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    `known` is what has been found out of this model before, by variable; it is added to. Of a defined one that is
    false, what comes after the first false part is not looked at.
    """
    outer: list[tuple[Lit, Iterator[Lit]]] = []
    while True:
        value = known.get(abs(literal))
        if value is None:
            made_of = parts[abs(literal)]
            if made_of is not None:
                rest = iter(made_of)
                outer.append((literal, rest))
                literal = next(rest)
                continue
            value = known[abs(literal)] = model[abs(literal)] > 0
        holds = value == (literal > 0)
        while outer:
            of, rest = outer[-1]
            following = next(rest, 0) if holds else 0
            if following:
                literal = following
                break
            outer.pop()
            known[abs(of)] = holds
            holds = holds == (of > 0)
        else:
            return holds
