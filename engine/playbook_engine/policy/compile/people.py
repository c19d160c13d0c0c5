"""People, who is told, and who is asked for approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.scalars import duration, localized_or_none
from playbook_engine.policy.policy import Address, Approval, Person
from playbook_engine.text.scalars import shown

ON_DUTY, LEAD, UNDECIDED = "department.on_duty", "department.lead", "undecided"
ROLES = (ON_DUTY, LEAD, UNDECIDED)
"""Whom else than a person a notification or an approval may name."""


def people(collector: Collector) -> Mapping[str, Person]:
    found = {place.key: _person(place) for place in collector.entries("people")}
    deputies = {name: person.deputy for name, person in found.items() if person.deputy}
    for circle in circles(deputies):
        place = Place(collector, ("people", circle[0], "deputy"), circle[0])
        place.refuse("circle", f"deputies go round in a circle: {said_chain(circle)}; end it with somebody")
    return found


def _person(place: Place) -> Person:
    if place.key in ROLES:
        place.refuse_key("duplicate-id", f"`{place.key}` means a role, not a person; choose another id")
    name = place.need("name")
    texts = {key: entry.text() for key in ("initials",) if (entry := place.entry(key))}
    calendar, deputy, language = place.entry("calendar"), place.entry("deputy"), place.entry("language")
    via = tuple(_addresses(place.entry("via")))
    if not via and deputy is None:
        place.refuse_key("unreachable", f"`{place.key}` cannot be told anything; give `via:` or a `deputy:`")
    known = place.collector.languages
    spoken = language.one_of(known, "unknown-language", "among the `languages` of this playbook") if language else ""
    return Person(
        place.key,
        localized_or_none(name),
        via,
        calendar.name_of("calendars") if calendar else "",
        deputy.name_of("people") if deputy else "",
        texts.get("initials", ""),
        spoken,
    )


def _addresses(place: Place | None) -> Iterator[Address]:
    for way in place.elements() if place is not None else ():
        kinds = list(way.entries())
        if len(kinds) != 1 and isinstance(way.value, dict):
            way.refuse("address", "one way to reach somebody is one kind and its address, as in {email: a@b.example}")
        for address in kinds[:1]:
            if address.text() == "" and isinstance(address.value, str):
                address.refuse("address", f"the address for `{address.key}` is empty; write it, or take it out")
            yield Address(address.key, address.text())


def told(place: Place) -> str:
    """Somebody who is told or asked: a person or a role; "" for anybody else."""
    text, known = place.text(), place.collector.names("people")
    if text in (*known, *ROLES) or not isinstance(place.value, str):
        return text
    message = f"no person is called `{shown(text)}`"
    place.refuse("unknown-person", message, (*known, *ROLES), text)
    return ""


def approval(place: Place) -> Approval:
    """Who is asked. What is left open here, the department's own `approve` fills in."""
    by, within, otherwise = place.entry("by"), place.entry("within"), place.entry("else")
    if not isinstance(place.value, dict):
        place.unfit("a mapping")
    elif by is None and within is None and otherwise is None:
        place.refuse_key("empty", "`approve` names nobody; write {by: …}, with `within` and `else` as needed")
    return Approval(
        told(by) if by else "",
        duration(within) if within else 0,
        told(otherwise) if otherwise else "",
    )


def circles(successors: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Every circle of a chain, once, from its first member on and back to it."""
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in successors:
        trail: list[str] = []
        at = start
        while at in successors and at not in seen:
            seen.add(at)
            trail.append(at)
            at = successors[at]
        if at in trail:
            found.append((*trail[trail.index(at) :], at))
    return found


def said_chain(names: tuple[str, ...]) -> str:
    return " → ".join(f"`{name}`" for name in names)
