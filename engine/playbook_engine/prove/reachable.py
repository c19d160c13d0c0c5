"""Which values an incident can ever remember: those that some message sets, given only what can be remembered.

A row that needs what only itself could set never matches. Joining makes no new values, so what no message sets, from a
state in which nothing out of reach is remembered, is in no state that a playbook brings about.
"""

from __future__ import annotations

from playbook_engine.prove.encode import Encoding
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.inputs import declared
from playbook_engine.prove.values import OneOf, Ranked, SetOf, Value

_CONFLICTS = 500


def demand_reachable(encoding: Encoding) -> dict[str, list[str]]:
    """Rules out that the incident remembers what is out of reach; what that is, by fact."""
    held = {(name, value): formula for name, value, formula in _values(encoding, held=True)}
    said = {(name, value): formula for name, value, formula in _values(encoding, held=False)}
    solver, waiting = encoding.formulas.solver, dict(said)
    moved = True
    while moved and waiting:
        moved = False
        forgotten = [-held[key] for key in reversed(waiting)]  # those asked next last, which goes on from the last one
        for key, formula in list(waiting.items()):
            if key not in waiting:
                continue
            answer = solver.solve([*forgotten, formula], _CONFLICTS)
            if answer.kind == "yes":
                seen = {other for other, when in waiting.items() if solver.holds(when, answer)}
            else:  # what is not known to be out of reach is taken to be in reach
                seen = {key} if answer.kind == "gave-up" else set()
            waiting = {other: when for other, when in waiting.items() if other not in seen}
            moved = moved or bool(seen)
    for key in waiting:
        encoding.formulas.demand(-held[key])
    lost: dict[str, list[str]] = {}
    for name, value in waiting:
        lost.setdefault(name, []).append(str(value))
    return lost


def _values(encoding: Encoding, *, held: bool) -> list[tuple[str, str, Formula]]:
    """Fact, value and when: of what the incident remembers, or of what this message says."""
    found: list[tuple[str, str, Formula]] = []
    for fact in declared(encoding.policy):
        if not fact.enriched_by:
            value = encoding.inputs.values[f"held.{fact.name}"] if held else encoding.message[fact.name]
            found += [(fact.name, each, when) for each, when in _members(encoding, value)]
    return found


def _members(encoding: Encoding, value: Value) -> list[tuple[str, Formula]]:
    if isinstance(value, Ranked):
        return [(str(each), value.when(encoding.formulas, each)) for each in value.values]
    assert isinstance(value, OneOf | SetOf)
    return [(str(each), when) for each, when in value.members.items()]
