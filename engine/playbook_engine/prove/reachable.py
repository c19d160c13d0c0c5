"""Which values an incident can ever remember: those that some message sets, given only what can be remembered.

A row that needs what only itself could set never matches. Joining makes no new values, so what no message sets, from a
state in which nothing out of reach is remembered, is in no state that a playbook brings about. And where every row that
sets one value sets another too, an incident that remembers the one remembers the other: such pairs are guessed all at
once and dropped until those that are left carry over every message. See Flanagan and Leino, "Houdini, an annotation
assistant for ESC/Java" (2001).
"""

from __future__ import annotations

from typing import TypeAlias

from playbook_engine.model.event import FactValue
from playbook_engine.prove.answer import Answer
from playbook_engine.prove.encode import Encoding
from playbook_engine.prove.formulas import FALSE, Formula
from playbook_engine.prove.inputs import declared
from playbook_engine.prove.values import OneOf, Ranked, SetOf, Value

_CONFLICTS = 500

Key: TypeAlias = tuple[str, FactValue]
"""A declared fact and one of its values."""

Pair: TypeAlias = tuple[Key, Key]


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


def demand_together(encoding: Encoding) -> list[tuple[Key, Key]]:
    """Rules out that the incident remembers the first of a pair of values without the second; which pairs these are.

    Of what is ordered a value stands for itself and all above it.
    """
    held, after = _remembered(encoding, held=True), _remembered(encoding, held=False)
    said = {key: _formula_of(encoding.message[key[0]], key[1]) for key in held}
    pairs = _kept(encoding, [pair for one in said for pair in _thinkable(encoding, one, said)], said, {})
    using = {}
    for one, other in pairs:
        using[one, other] = encoding.formulas.free()
        encoding.formulas.demand(-using[one, other], -held[one], held[other])
    pairs = _kept(encoding, pairs, after, using)
    for one, other in pairs:
        encoding.formulas.demand(-held[one], held[other])
    return pairs


def _thinkable(encoding: Encoding, one: Key, said: dict[Key, Formula]) -> list[Pair]:
    """The pairs of a value with those of other facts; none where a message can say it alone, as most can."""
    others = [other for other in said if other[0] != one[0]]
    alone = encoding.formulas.solver.solve([said[one], *(-said[other] for other in others)], _CONFLICTS)
    return [(one, other) for other in others] if alone.kind == "no" else []


def _kept(encoding: Encoding, pairs: list[Pair], values: dict[Key, Formula], using: dict[Pair, Formula]) -> list[Pair]:
    """The pairs that hold of `values` after every message, as long as those of them that are `using` held before."""
    solver, settled = encoding.formulas.solver, False
    while not settled:
        settled = True
        for pair in list(pairs):
            if pair not in pairs:
                continue
            before = [using[each] for each in pairs if each in using]
            answer = solver.solve([values[pair[0]], -values[pair[1]], *before], _CONFLICTS)
            if answer.kind != "no":
                pairs = [each for each in pairs if each != pair and not _parted(encoding, each, values, answer)]
                settled = not using
    return pairs


def _parted(encoding: Encoding, pair: Pair, values: dict[Key, Formula], answer: Answer) -> bool:
    """Whether a model has the first of a pair without the second."""
    if answer.kind != "yes":
        return False
    one, other = (encoding.formulas.solver.holds(values[each], answer) for each in pair)
    return one and not other


def _remembered(encoding: Encoding, *, held: bool) -> dict[Key, Formula]:
    """Every value that an incident may remember, and when it does: before the message, or after it."""
    found: dict[Key, Formula] = {}
    for fact in declared(encoding.policy):
        before = encoding.inputs.values[f"held.{fact.name}"]
        if not fact.enriched_by:
            value = before if held else encoding.joined[fact.name]
            found |= {(fact.name, each): _formula_of(value, each) for each in _names(before)}
    return found


def _names(value: Value) -> list[FactValue]:
    if isinstance(value, Ranked):
        return list(value.values)
    assert isinstance(value, OneOf | SetOf)
    return list(value.members)


def _formula_of(value: Value, each: FactValue) -> Formula:
    """When it is this value, or of what is ordered at least this one."""
    if isinstance(value, Ranked):
        return value.reaches[list(value.values).index(each)] if each in value.values else FALSE
    if isinstance(value, SetOf):
        return value.members.get(str(each), FALSE)
    assert isinstance(value, OneOf)
    return value.when(each)


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
