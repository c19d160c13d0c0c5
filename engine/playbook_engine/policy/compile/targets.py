"""Targets and ladders: how fast each step has to be, and who is told when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from playbook_engine.policy.compile.facts import Scope
from playbook_engine.policy.compile.people import LEAD, ON_DUTY, told
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.rows import demanded, row_id, row_when, rows
from playbook_engine.policy.compile.scalars import duration, integer, percent
from playbook_engine.policy.policy import Deadline, Department, Level, Target
from playbook_engine.text.scalars import shown

STEPS = ("reply", "next_reply", "apologise", "resolve")
_FORMS = ("open_time", "open_days", "when_open", "when_closed")


def targets(collector: Collector, scope: Scope) -> tuple[Target, ...]:
    found = []
    for row in demanded(collector, "targets", "{id: rest, when: always, reply: 4h}"):
        if row.entry("reply") is None and isinstance(row.value, dict):
            row.refuse(
                "missing-reply", f"`{row_id(row)}` has no `reply`; every target says how fast, such as `reply: 4h`"
            )
        ladder, counts = row.entry("escalate"), row.entry("counts")
        found.append(
            Target(
                row_id(row),
                row_when(row, scope),
                row.span,
                MappingProxyType({step: deadline(at) for step in STEPS if (at := row.entry(step))}),
                ladder.name_of("escalations") if ladder else "",
                counts.one_of(("human", "any"), "unknown-value", "a kind of reply") if counts else "",
            )
        )
    return tuple(found)


def deadline(place: Place) -> Deadline:
    """How long a step may take; of no length where it cannot be read."""
    if isinstance(place.value, str):
        return Deadline("elapsed", duration(place))
    given = {form: entry for form in _FORMS if (entry := place.entry(form)) is not None}
    match tuple(given):
        case ("open_time",):
            return Deadline("open_time", _open_time(given["open_time"]))
        case ("open_days",):
            return Deadline("open_days", integer(given["open_days"], least=1))
        case ("when_open", "when_closed"):
            return Deadline("by_hours", 0, _plain(given["when_open"]), _plain(given["when_closed"]))
        case _:
            place.unfit("a duration, {open_time: 4h}, {open_days: 1} or {when_open: 1h, when_closed: 12h},")
            return Deadline("elapsed")


def _plain(place: Place) -> Deadline:
    if place.entry("when_open") or place.entry("when_closed"):
        place.unfit("a plain deadline")
        return Deadline("elapsed")
    return deadline(place)


def _open_time(place: Place) -> int:
    text = place.text()
    if text.isascii() and any(unit in text for unit in "dw") and text[:1].isdigit():
        place.refuse("open-time", f"`{shown(text)}` of open time says no hours; write hours, or {{open_days: 1}}")
        return 0
    return duration(place)


def ladders(collector: Collector, departments: Mapping[str, Department]) -> Mapping[str, tuple[Level, ...]]:
    return {place.key: _ladder(place, departments) for place in collector.entries("escalations")}


def _ladder(place: Place, departments: Mapping[str, Department]) -> tuple[Level, ...]:
    places = rows(place)
    levels = tuple(_level(row) for row in places)
    for index in range(1, len(levels)):
        before, level = levels[index - 1], levels[index]
        if _rank(before) and _rank(level) and _rank(level) <= _rank(before):
            message = f"`{level.id}` is not later than `{before.id}` above it; order the levels by time"
            places[index].refuse("level-order", message)
    if levels:
        _check_last(places[-1], levels[-1], departments)
    elif place.value == []:
        place.unfit("at least one level")
    return levels


def _level(row: Place) -> Level:
    share, late, notify = row.entry("at"), row.entry("overdue"), row.need("notify")
    within, again = row.entry("acknowledge_within"), row.entry("repeat")
    if (share is None) == (late is None):
        row.unfit("either `at` or `overdue`")
    every = again.need("every") if again else None
    times = again.need("times") if again else None
    return Level(
        row_id(row),
        tuple(told(each) for each in notify.one_or_more()) if notify else (),
        percent(share) if share else None,
        duration(late) if late else None,
        duration(within) if within else 0,
        duration(every) if every else 0,
        integer(times, least=1) if times else 0,
    )


def _rank(level: Level) -> tuple[int, ...]:
    """Levels before the deadline by their share, then those after it by their time; empty where neither is known."""
    if level.percent is not None:
        return 0, level.percent
    return (1, level.overdue) if level.overdue else ()


def _check_last(row: Place, level: Level, departments: Mapping[str, Department]) -> None:
    """The last level reaches somebody in every department."""
    if not level.notify or set(level.notify) - {ON_DUTY, LEAD}:
        return
    nobody = next((each for each in departments.values() if not each.on_duty and not each.lead), None)
    if nobody is not None:
        message = (
            f"`{level.id}` is the last level and tells nobody in `{nobody.id}`, which has no `on_duty` and no `lead`"
        )
        row.refuse("ends-nowhere", f"{message}; name a person here")
