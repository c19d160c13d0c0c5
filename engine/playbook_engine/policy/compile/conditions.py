"""Conditions with every fact known to the section they stand in, and every operand of the fact's own kind."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.policy.compile.facts import FREE_NAMES, Scope, name_for
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.conditions import All, Always, Any, Condition, Not, make_test
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.operators import OPERATORS, WRITTEN
from playbook_engine.text.scalars import shown

ALWAYS = "always"
_NAMED = ("name", "ordered", "set")
_COMBINED = ("all", "any")


def condition(place: Place | None, scope: Scope) -> Condition:
    """What is written under `when`; where it is at fault, or absent, what always holds."""
    if place is None or place.value == ALWAYS:
        return Always()
    if not isinstance(place.value, dict) or not place.value:
        place.unfit("`always`, or a fact and its value,")
        return Always()
    parts = tuple(_clause(each, scope) for each in place.entries())
    return parts[0] if len(parts) == 1 else All(parts)


def human_only(collector: Collector, scope: Scope) -> tuple[Condition, ...]:
    """One condition for each fact, of which any keeps machines silent."""
    return tuple(_tests(each, scope) for each in collector.entries("human_only"))


def _clause(place: Place, scope: Scope) -> Condition:
    if place.key == "not":
        return Not(condition(place, scope))
    if place.key not in _COMBINED:
        return _tests(place, scope)
    parts = tuple(condition(each, scope) for each in place.elements())
    if place.value == []:
        place.unfit("at least one condition")
    return All(parts) if place.key == "all" else Any(parts)


def _tests(place: Place, scope: Scope) -> Condition:
    """The tests of one fact: several comparisons all hold, of several searches in a text any does."""
    if place.key in scope.refused:
        place.refuse_key("fact-not-here", scope.refused[place.key])
        return Always()
    if place.key not in scope.facts:
        _unknown(place, scope)
        return Always()
    fact = scope.facts[place.key]
    if fact is None:
        return Always()
    if isinstance(place.value, str | list):
        return _test(place, fact, "")
    parts = tuple(_operation(each, fact) for each in place.entries())
    if place.value == {}:
        place.unfit("a value or an operator")
    if len(parts) == 1:
        return parts[0]
    # Lists of what to look for in a text are one search, so that languages can stand side by side.
    return Any(parts) if fact.kind == "text" and "exists" not in _keys(place) else All(parts)


def _keys(place: Place) -> tuple[str, ...]:
    return tuple(place.value) if isinstance(place.value, dict) else ()


def _unknown(place: Place, scope: Scope) -> None:
    name, known = place.key, tuple(scope.facts)
    for prefix, section in (("open.", "calendars"), ("message.", "facts")):
        if name.startswith(prefix):
            known = tuple(fact for fact in known if fact.startswith(prefix))
            message = f"no fact is called `{shown(name)}`; after `{prefix}` stands a name out of `{section}`"
            place.refuse_key("unknown-fact", message, known, name)
            return
    place.refuse_key("unknown-fact", f"no fact is called `{shown(name)}`", known, name)


def _operation(place: Place, fact: FactType) -> Condition:
    if place.key not in WRITTEN:
        message = f"`{shown(place.key)}` is not an operator"
        place.refuse_key("unknown-operator", message, _fitting(fact), place.key)
        return Always()
    if fact.kind not in OPERATORS[place.key].reads:
        message = (
            f"`{place.key}` cannot be asked of `{fact.name}`, which is {_KINDS[fact.kind]}; write a value or a list"
        )
        place.refuse_key("operator", message, _fitting(fact), place.key)
        return Always()
    return _test(place, fact, place.key)


def _test(place: Place, fact: FactType, operator: str) -> Condition:
    texts = [each.text() for each in place.one_or_more()]
    written = place.value if isinstance(place.value, str) else tuple(texts)
    if place.value == []:
        place.unfit("at least one value")
        return Always()
    if fact.kind in _NAMED and operator != "exists" and not _all_named(place, fact):
        return Always()
    try:
        return make_test(fact.name, fact, written, operator)
    except ValueError as fault:
        _blame(place, fact, operator, fault)
        return Always()


def _all_named(place: Place, fact: FactType) -> bool:
    return all([name_for(each, fact) or fact.name in FREE_NAMES for each in place.one_or_more()])


def _blame(place: Place, fact: FactType, operator: str, fault: ValueError) -> None:
    """Complains at the single operand where it is one of a list, else at the whole."""
    blamed = list(_unfit_alone(place, fact, operator)) if isinstance(place.value, list) else []
    for each, reason in blamed or [(place, fault)]:
        each.refuse("flag" if fact.kind == "flag" else "operand", str(reason))


def _unfit_alone(place: Place, fact: FactType, operator: str) -> Iterator[tuple[Place, ValueError]]:
    for each in place.elements():
        try:
            make_test(fact.name, fact, (each.text(),), operator)
        except ValueError as fault:
            yield each, fault


def _fitting(fact: FactType) -> tuple[str, ...]:
    return tuple(name for name in WRITTEN if fact.kind in OPERATORS[name].reads)


_KINDS = {
    "name": "one name",
    "ordered": "an ordered name",
    "set": "a set of names",
    "flag": "true or false",
    "number": "a number",
    "money": "an amount of money",
    "duration": "a duration",
    "text": "a text",
}
