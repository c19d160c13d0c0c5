"""Which assumptions of a no cannot be spared."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playbook_engine.prove.answer import Answer, Lit


def smaller(core: Sequence[Lit], fixed: Lit, ask: Callable[..., Answer]) -> tuple[Lit, ...]:
    """A core of which no assumption but `fixed` can be spared, in the order given; as far as `ask` can tell.

    A `fixed` one that is not in the core is not needed. One that stands beside it alone is not asked about: what
    `fixed` says must be possible by itself.
    """
    kept = list(core)
    sparable = [literal for literal in core if literal != fixed]
    for literal in sparable:
        if literal not in kept or len(kept) - (fixed in kept) == 1:
            continue
        answer = ask(*(other for other in kept if other != literal))
        if answer.kind == "no":
            kept = [other for other in kept if other == fixed or other in answer.core]
    return tuple(kept)
