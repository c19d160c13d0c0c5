"""How values that are not known join: within one message as `classify` goes on, and with what an incident remembers.

The counterpart of `decide.facts.joined`, which does the same to values that are known.
"""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.fact_type import FactType
from playbook_engine.prove.formulas import FALSE, Formula, Formulas
from playbook_engine.prove.values import OneOf, Ranked, SetOf, Value


class Growing:
    """What the rows of `classify` make of one fact, row after row."""

    def __init__(self, formulas: Formulas, fact: FactType, values: tuple[FactValue, ...]) -> None:
        self._formulas, self._fact = formulas, fact
        ordered = fact.joins == "highest"
        self._values = tuple(value for value in fact.values if value in values) if ordered else values
        self._reasons: dict[FactValue, list[Formula]] = {value: [] for value in self._values}
        self._set: Formula = FALSE
        self._value: Value | None = None

    def add(self, matched: Formula, value: FactValue) -> None:
        """A row sets the fact to `value` where it has matched."""
        self._value = None
        if self._fact.joins == "latest":
            self._replace(matched, value)
        elif self._fact.joins == "first":
            self._reasons[value].append(self._formulas.both(matched, -self._set))
        else:
            for each in value if isinstance(value, tuple) else (value,):
                self._reasons[each].append(matched)
        self._set = self._formulas.either(self._set, matched)

    def _replace(self, matched: Formula, value: FactValue) -> None:
        kept = value if isinstance(value, tuple) else (value,)
        for each, reasons in self._reasons.items():
            held = self._formulas.any(reasons)
            if each in kept:
                self._reasons[each] = [self._formulas.either(held, matched)]
            else:
                self._reasons[each] = [self._formulas.both(held, -matched)]

    @property
    def value(self) -> Value:
        """The fact as far as the rows have come."""
        if self._value is None:
            self._value = self._made()
        return self._value

    def _made(self) -> Value:
        any_of = {value: self._formulas.any(reasons) for value, reasons in self._reasons.items()}
        if self._fact.kind == "set":
            return SetOf({str(value): formula for value, formula in any_of.items()}, self._set)
        if self._fact.joins != "highest":
            return OneOf(any_of)
        reaches, above = [], FALSE
        for value in reversed(self._values):
            above = self._formulas.either(above, any_of[value])
            reaches.append(above)
        return Ranked(self._values, tuple(reversed(reaches)))


def joined(formulas: Formulas, fact: FactType, held: Value, more: Value) -> Value:
    """`more` joined to what is `held`, by the fact's own kind."""
    if isinstance(held, SetOf) and isinstance(more, SetOf):
        return _joined_sets(formulas, fact, held, more)
    first, second = (more, held) if fact.joins == "latest" else (held, more)
    if isinstance(first, Ranked) and isinstance(second, Ranked):
        first, second = _aligned(fact, first, second), _aligned(fact, second, first)
        pairs = zip(first.reaches, second.reaches, strict=True)
        if fact.joins == "highest":
            return Ranked(first.values, tuple(formulas.either(one, other) for one, other in pairs))
        given = first.has(formulas)
        return Ranked(first.values, tuple(formulas.choice(given, one, other) for one, other in pairs))
    assert isinstance(first, OneOf)
    assert isinstance(second, OneOf)
    given = first.has(formulas)
    members = dict.fromkeys((*first.members, *second.members))
    return OneOf({v: formulas.either(first.when(v), formulas.both(second.when(v), -given)) for v in members})


def _aligned(fact: FactType, value: Ranked, other: Ranked) -> Ranked:
    """The value over all that the two may be: one that it never is counts as the next higher one."""
    if list(value.values) == list(other.values):
        return value
    ranks = _ranks(fact, (*value.values, *other.values))
    values = sorted({*value.values, *other.values}, key=ranks.__getitem__)
    reaches = dict(zip(value.values, value.reaches, strict=True))
    found, above = [], FALSE
    for each in reversed(values):
        above = reaches.get(each, above)
        found.append(above)
    return Ranked(tuple(values), tuple(reversed(found)))


def _joined_sets(formulas: Formulas, fact: FactType, held: SetOf, more: SetOf) -> SetOf:
    names = dict.fromkeys((*held.members, *more.members))
    pairs = {name: (held.members.get(name, FALSE), more.members.get(name, FALSE)) for name in names}
    given = formulas.either(held.given, more.given)
    if fact.joins == "latest":
        return SetOf(
            {name: formulas.choice(more.given, after, before) for name, (before, after) in pairs.items()}, given
        )
    return SetOf({name: formulas.either(before, after) for name, (before, after) in pairs.items()}, given)


def unset(fact: FactType) -> Value:
    """A fact that nothing has set."""
    if fact.kind == "set":
        return SetOf({}, FALSE)
    return OneOf({})


def with_default(formulas: Formulas, fact: FactType, value: Value) -> Value:
    """The value as conditions read it: the default where nothing is set."""
    default = fact.default
    if default is None or isinstance(value, SetOf):
        return value
    missing = -value.has(formulas)
    if isinstance(value, OneOf):
        return OneOf({**value.members, default: formulas.either(value.when(default), missing)})
    assert isinstance(value, Ranked)
    return _ranked_with_default(formulas, fact, value, default, missing)


def _ranked_with_default(
    formulas: Formulas, fact: FactType, value: Ranked, default: FactValue, missing: Formula
) -> Ranked:
    rank = _ranks(fact, (*value.values, default))
    reaches = dict(zip(value.values, value.reaches, strict=True))
    values = sorted({*value.values, default}, key=rank.__getitem__)
    if default not in reaches:  # a value of its own, which only the default has
        higher = next((each for each in value.values if rank[each] > rank[default]), None)
        reaches[default] = reaches[higher] if higher is not None else FALSE
    low = [formulas.either(reaches[each], missing) for each in values if rank[each] <= rank[default]]
    return Ranked(tuple(values), (*low, *(reaches[each] for each in values if rank[each] > rank[default])))


def _ranks(fact: FactType, values: tuple[FactValue, ...]) -> dict[FactValue, int]:
    """By value its place among the ordered names, or the number that it is."""
    return {each: each if isinstance(each, int) else fact.values.index(str(each)) for each in values}


def where(formulas: Formulas, condition: Formula, value: Value) -> Value:
    """The value where the condition holds, else none."""
    if isinstance(value, SetOf):
        members = {name: formulas.both(condition, formula) for name, formula in value.members.items()}
        return SetOf(members, formulas.both(condition, value.given))
    if isinstance(value, Ranked):
        return Ranked(value.values, tuple(formulas.both(condition, each) for each in value.reaches))
    assert isinstance(value, OneOf)
    return OneOf({each: formulas.both(condition, formula) for each, formula in value.members.items()})
