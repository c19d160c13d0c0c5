"""The facts a playbook declares, their values, and which section may read which fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from playbook_engine.model.event import FactValue
from playbook_engine.policy.built_in import (
    DEPARTMENT_FACTS,
    INCIDENT_FACTS,
    MESSAGE_FACTS,
    OUTCOME_FACTS,
    TEXT_FACTS,
)
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.scalars import currency, duration, flag, integer, money
from playbook_engine.policy.fact_type import FactType
from playbook_engine.text.scalars import shown

KINDS = {
    "one_of": "name",
    "ordered": "ordered",
    "many_of": "set",
    "flag": "flag",
    "number": "number",
    "money": "money",
    "duration": "duration",
}
"""How a kind of fact is written in a playbook."""

JOINS = {"ordered": "highest", "set": "union"}
"""How values join where `keep: latest` is not said; the first that was set stays for all other kinds."""

CONDITION_WORDS = ("all", "any", "not", "always")
FREE_NAMES = ("lang", "incident.tags")
"""Facts of names that no playbook lists."""

FactTypes = Mapping[str, FactType | None]
"""Facts by name; None for one whose declaration is at fault, of which nothing more is said."""


@dataclass(frozen=True)
class Scope:
    """What the conditions of one section may read, and for every other fact why not there."""

    section: str
    facts: FactTypes
    refused: Mapping[str, str]


def declared_facts(collector: Collector) -> FactTypes:
    """The playbook's own facts."""
    return {place.key: _declared(place) for place in collector.entries("facts")}


def _declared(place: Place) -> FactType | None:
    taken = {fact.name for group in _GROUPS.values() for fact in group}
    if place.key in taken:
        place.refuse_key("duplicate-id", f"`{place.key}` is a built-in fact; give yours another name")
        return None
    if place.key in CONDITION_WORDS:
        place.refuse_key("duplicate-id", f"`{place.key}` is a word of conditions; give the fact another name")
        return None
    kinds = [kind for kind in KINDS if place.entry(kind) is not None]
    if len(kinds) != 1:
        said = f"both {' and '.join(f'`{kind}`' for kind in kinds)}" if kinds else "no kind"
        place.refuse_key("fact-kind", f"`{place.key}` has {said}; give it exactly one", tuple(KINDS))
        return None
    return _finished(place, kinds[0])


def _finished(place: Place, written: str) -> FactType | None:
    before = len(place.collector.found)
    kind, source, keep = KINDS[written], place.entry("from"), place.entry("keep")
    fact = FactType(
        place.key,
        kind,
        joins=JOINS.get(kind, "first"),
        enriched_by=source.text() if source else "",
    )
    described = place.entry(written)
    if described is not None:
        fact = _DESCRIBED[written](described, fact)
    if keep is not None and keep.one_of(("latest",), "keep", "a way to keep a fact"):
        fact = replace(fact, joins="latest")
    default = place.entry("default")
    if default is not None:
        fact = _with_default(default, fact)
    return fact if len(place.collector.found) == before else None


def _with_default(place: Place, fact: FactType) -> FactType:
    if fact.kind == "set":
        place.refuse_key("fact-default", f"`{fact.name}` begins empty and adds up; it takes no `default`")
        return fact
    return replace(fact, default=fact_value(place, fact))


def _names(place: Place, fact: FactType) -> FactType:
    names: list[str] = []
    for name in place.elements():
        if name.text() in names:
            name.refuse("duplicate-id", f"`{shown(name.text())}` is listed twice; take one out")
        names.append(name.text())
    if isinstance(place.value, list) and not names:
        place.refuse("empty", f"`{fact.name}` has no values to take; list them")
    return replace(fact, values=tuple(names))


def _flag(place: Place, fact: FactType) -> FactType:
    # A flag that nothing has set is missing, so that `exists` can ask for it, unless it has a default.
    if flag(place) is False:
        place.refuse("fact-kind", "`flag` only says what kind of fact it is; write `flag: true, default: false`")
    return fact


def _number(place: Place, fact: FactType) -> FactType:
    if isinstance(place.value, str):
        place.one_of(("any",), "number", "`any`, nor bounds such as {min: 1, max: 5}")
        return fact
    low, high = place.entry("min"), place.entry("max")
    least, most = integer(low) if low else None, integer(high) if high else None
    if least is not None and most is not None and least > most and high is not None:
        high.refuse("number", f"`{most}` is below the `min` of {least}; swap them")
    return replace(fact, least=least, most=most)


def _money(place: Place, fact: FactType) -> FactType:
    return replace(fact, currency=currency(place))


def _duration(place: Place, fact: FactType) -> FactType:
    place.one_of(("any",), "duration", "`any`, which a duration takes")
    return replace(fact, least=0)


_DESCRIBED: Mapping[str, Callable[[Place, FactType], FactType]] = {
    "one_of": _names,
    "ordered": _names,
    "many_of": _names,
    "flag": _flag,
    "number": _number,
    "money": _money,
    "duration": _duration,
}


def fact_value(place: Place, fact: FactType) -> FactValue | None:
    """The value that is written for a fact; None where it is not one of its own."""
    if isinstance(place.value, list) and fact.kind != "set":
        place.refuse("one-value", f"`{fact.name}` holds one value; only a fact declared with `many_of` takes a list")
        return None
    match fact.kind:
        case "name" | "ordered":
            return name_for(place, fact) or None
        case "set":
            names = {name_for(name, fact) for name in place.one_or_more()}
            if not names and place.value == []:
                place.refuse("empty", f"no value is given for `{fact.name}`; list one or more", fact.values)
            return tuple(sorted(names))
        case "flag":
            return flag(place)
        case "number":
            return integer(place, fact.least, fact.most)
        case "duration":
            return duration(place)
        case _:
            amount = money_for(place, fact)
            return None if amount is None else amount


def name_for(place: Place, fact: FactType) -> str:
    """A name that the fact may take; "" for any other."""
    if fact.name in FREE_NAMES:
        if place.text() == "":
            place.refuse("empty", f"`{fact.name}` is compared with an empty text; write a name")
        return place.text()
    return place.one_of(fact.values, "unknown-value", f"a value of `{fact.name}`")


def money_for(place: Place, fact: FactType) -> int | None:
    """The minor units of an amount in the fact's currency."""
    amount = money(place)
    if amount is None or not fact.currency or amount.currency == fact.currency:
        return amount.amount if amount else None
    place.refuse("currency", f"`{shown(place.text())}` is not in {fact.currency}, which `{fact.name}` counts in")
    return None


_GROUPS: Mapping[str, tuple[FactType, ...]] = {
    "message": MESSAGE_FACTS,
    "text": TEXT_FACTS,
    "department": DEPARTMENT_FACTS,
    "incident": INCIDENT_FACTS,
    "outcome": OUTCOME_FACTS,
}

_ONE_MESSAGE = frozenset({"message", "open", "enriched"})
_DECIDED = _ONE_MESSAGE | {"own", "of-message", "incident"}
_READABLE: Mapping[str, frozenset[str]] = {
    "ignore": _ONE_MESSAGE | {"text"},
    "classify": _ONE_MESSAGE | {"text", "own"},
    "modes": _ONE_MESSAGE | {"own"},
    "route": _DECIDED,
    "targets": _DECIDED,
    "human_only": _DECIDED,
    "respond": _DECIDED | {"department"},
    "rules": _DECIDED | {"department"},
    "assume": _DECIDED | {"department"},
    "assert": _DECIDED | {"department", "outcome"},
}
"""Which groups of facts the conditions of a section may read. SEMANTICS 4.1, 4.2 and 4.5."""


def scopes(collector: Collector, own: FactTypes, channels: tuple[str, ...]) -> Mapping[str, Scope]:
    """For every section with conditions, what they may read."""
    grouped = _grouped(collector, own, channels)
    return MappingProxyType(
        {
            section: Scope(
                section,
                {name: fact for group, facts in grouped.items() if group in groups for name, fact in facts.items()},
                {
                    name: _refusal(name, group, section)
                    for group, facts in grouped.items()
                    if group not in groups
                    for name in facts
                },
            )
            for section, groups in _READABLE.items()
        }
    )


def readable_facts(collector: Collector, own: FactTypes, channels: tuple[str, ...]) -> Mapping[str, FactType]:
    """Every fact that an event or an incident may have, the playbook's own and the built-in ones."""
    grouped = _grouped(collector, own, channels)
    groups = (facts for group, facts in grouped.items() if group not in ("outcome", "of-message"))
    return {name: fact for facts in groups for name, fact in facts.items() if fact is not None}


def _grouped(collector: Collector, own: FactTypes, channels: tuple[str, ...]) -> Mapping[str, FactTypes]:
    values = {
        "channel": channels,
        "account": collector.names("accounts"),
        "mode": collector.names("modes"),
        "incident.department": collector.names("departments"),
        "department": collector.names("departments"),
        "ladder": collector.names("escalations"),
        "target": row_ids(collector, ("targets",)),
        "respond": row_ids(
            collector, ("respond",), *(("departments", name, "respond") for name in collector.names("departments"))
        ),
    }
    groups: dict[str, FactTypes] = {
        "own": {name: fact for name, fact in own.items() if fact is None or not fact.enriched_by},
        "enriched": {name: fact for name, fact in own.items() if fact is not None and fact.enriched_by},
    }
    for group, facts in _GROUPS.items():
        groups[group] = {fact.name: replace(fact, values=values.get(fact.name, fact.values)) for fact in facts}
    groups["open"] = {
        f"open.{name}": FactType(f"open.{name}", "flag", joins="latest", built_in=True)
        for name in collector.names("calendars")
    }
    groups["of-message"] = {
        f"message.{name}": replace(fact, name=f"message.{name}") if fact else None for name, fact in own.items()
    }
    return groups


def row_ids(collector: Collector, *lists: tuple[str, ...]) -> tuple[str, ...]:
    """The ids written in first-match lists."""
    found = []
    for path in lists:
        value: object = collector.document.value
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        for row in value if isinstance(value, list) else ():
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                found.append(str(row["id"]))
    return tuple(dict.fromkeys(found))


def _refusal(name: str, group: str, section: str) -> str:
    match group:
        case "text":
            return f"`{name}` can be read in `classify` only; set a fact there and read that here"
        case "department":
            return f"`{name}` can be read in `respond` and `rules` only, where the department is known"
        case "own":
            return f"`{name}` is not set yet: `ignore` is asked before `classify`; test the message itself here"
        case "of-message":
            bare = name.removeprefix("message.")
            return f"`{name}` is what the message alone says, and so is `{bare}` here; write `{bare}`"
        case "outcome":
            return f"`{name}` is what a playbook makes of a message; it can be read in `prove.assert` only"
        case _:
            return f"`{name}` cannot be read here, where one message is judged by itself; read it in `route` or later"
