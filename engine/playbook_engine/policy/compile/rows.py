"""First-match lists: their ids, their conditions, and the row at the end that takes the rest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from playbook_engine.model.event import FactValue
from playbook_engine.policy.compile.conditions import ALWAYS, condition
from playbook_engine.policy.compile.facts import FactTypes, Scope, fact_value
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.conditions import Condition
from playbook_engine.policy.policy import ClassifyRow, IgnoreRow, RouteRow
from playbook_engine.text.scalars import shown

Ids = dict[str, Place]
"""Ids of a list, and the rows that have them."""


def rows(section: Place, ids: Ids | None = None) -> tuple[Place, ...]:
    """The rows of a list; of one that is absent, none. An id stands once, in `ids` too where they are given."""
    if section.value is None:
        return ()
    seen: Ids = {} if ids is None else ids
    found = tuple(section.elements())
    for row in found:
        name = row.need("id")
        if name is not None and name.text() in seen:
            first = seen[name.text()].span
            where = f"on line {first.line}" if first.file == name.span.file else f"at {first}"
            name.refuse("duplicate-id", f"`{shown(name.text())}` is the id of the row {where} too; rename one")
        elif name is not None:
            seen[name.text()] = name
    return found


def row_id(row: Place) -> str:
    name = row.entry("id")
    return name.text() if name else ""


def row_when(row: Place, scope: Scope) -> Condition:
    return condition(row.need("when"), scope)


def demanded(collector: Collector, name: str, example: str) -> tuple[Place, ...]:
    """The rows of a list that a playbook must have, and that must end with one that takes the rest."""
    section = collector.section(name)
    found = rows(section)
    if name not in collector.document.value:
        collector.top().refuse("missing-section", f"`{name}` is missing; write {name}: [{example}]")
    elif not found and section.value in (None, []):
        section.refuse_key("missing-catch-all", f"`{name}` has no rows; write [{example}]")
    elif found and not _takes_the_rest(found[-1]) and not any(map(_takes_the_rest, found)):
        found[-1].refuse("missing-catch-all", f"no row of `{name}` takes the rest; end it with {example}")
    check_reachable(found)
    return found


def check_reachable(found: tuple[Place, ...]) -> None:
    """Nothing stands after a row that takes everything."""
    first = next((index for index, row in enumerate(found) if _takes_the_rest(row)), len(found))
    for row in found[first + 1 :]:
        before = row_id(found[first])
        message = f"`{row_id(row)}` is never reached: `{before}` above takes everything; move `{before}` to the end"
        row.refuse("unreachable-row", message)


def _takes_the_rest(row: Place) -> bool:
    when = row.entry("when")
    return when is not None and when.value == ALWAYS


def ignored(collector: Collector, scope: Scope) -> tuple[IgnoreRow, ...]:
    found = []
    for row in rows(collector.section("ignore")):
        because = row.need("because")
        if _takes_the_rest(row):
            message = f"`{row_id(row)}` ignores every message; say which ones in `when`"
            row.refuse("ignores-everything", message)
        if because is not None and because.value == "":
            because.refuse("empty", "`because` is empty; say why these messages need no answer")
        reason = because.text() if because else ""
        found.append(IgnoreRow(row_id(row), row_when(row, scope), row.span, reason))
    return tuple(found)


def classified(collector: Collector, scope: Scope, own: FactTypes) -> tuple[ClassifyRow, ...]:
    return tuple(
        ClassifyRow(row_id(row), row_when(row, scope), row.span, _set(row.need("set"), own))
        for row in rows(collector.section("classify"))
    )


def _set(place: Place | None, own: FactTypes) -> Mapping[str, FactValue]:
    values: dict[str, FactValue] = {}
    for entry in place.entries() if place is not None else ():
        fact = own.get(entry.key)
        if entry.key not in own:
            message = f"`{shown(entry.key)}` is not a fact of this playbook; declare it under `facts`"
            entry.refuse_key("unknown-fact", message, tuple(own), entry.key)
        elif fact is not None and fact.enriched_by:
            message = f"`{fact.name}` comes from `{fact.enriched_by}`; set another fact, or take out its `from`"
            entry.refuse_key("fact-not-here", message)
        elif fact is not None:
            value = fact_value(entry, fact)
            if value is not None:
                values[fact.name] = value
    if place is not None and place.value == {}:
        place.unfit("a fact and its value")
    return MappingProxyType(dict(sorted(values.items())))


def routed(collector: Collector, scope: Scope) -> tuple[RouteRow, ...]:
    found = []
    for row in demanded(collector, "route", "{id: rest, when: always, to: DEPARTMENT}"):
        to = row.need("to")
        department = to.name_of("departments") if to else ""
        found.append(RouteRow(row_id(row), row_when(row, scope), row.span, department))
    return tuple(found)
