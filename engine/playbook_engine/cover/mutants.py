"""Every mutant of a playbook, in the order of its parts: always the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from playbook_engine.cover.altering import MINUTE, altered, later
from playbook_engine.cover.elements import key
from playbook_engine.cover.mutant import Altered, Change, Mutant, Removed, Swapped, instead, put
from playbook_engine.model.duty import STEPS
from playbook_engine.model.span import Span
from playbook_engine.policy.conditions import Always
from playbook_engine.policy.opening import Shift
from playbook_engine.policy.policy import ClassifyRow, Level, Limit, Policy, Response, RouteRow, Row, Rule, Step, Target

Rows = tuple[Row, ...]
DAY = 86_400


def mutants(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> tuple[Mutant, ...]:
    """All that differ from the playbook; `places` are the spans of its document."""
    every = (*_sections(policy), *_beside(policy, places))
    return tuple(each for each in every if each.change(policy) != policy)


def _sections(policy: Policy) -> Iterator[Mutant]:
    sections: Mapping[str, Rows] = {
        "ignore": policy.ignore,
        "classify": policy.classify,
        "route": policy.route,
        "respond": policy.respond,
        "targets": policy.targets,
        "rules": policy.rules,
    }
    for name, rows in sections.items():
        yield from _rows(policy, name, "", rows, lambda rows, name=name: put(**{name: rows}))  # type: ignore[misc]
    for department in policy.departments.values():

        def own(rows: Rows, id: str = department.id) -> Change:
            held = policy.departments
            return put(departments={**held, id: replace(held[id], respond=rows)})  # type: ignore[arg-type]

        yield from _rows(policy, "respond", department.id, department.respond, own)


def _rows(
    policy: Policy, section: str, department: str, rows: Rows, changed: Callable[[Rows], Change]
) -> Iterator[Mutant]:
    for at, row in enumerate(rows):
        where = f"{section} `{row.id}`"
        at_key = key("rows", section, department, row.id)
        more = rows[at + 1 :]
        if not isinstance(row.when, Always) or section in ("classify", "rules"):
            gone = Removed(section, department, row.id)
            yield Mutant(f"{where} removed", row.span, at_key, changed(instead(rows, at)), gone)
        if more and section != "rules" and not isinstance(more[0].when, Always):
            swapped = (*rows[:at], more[0], row, *more[1:])
            order = Swapped(section, department, row.id, more[0].id)
            yield Mutant(f"{where} after `{more[0].id}`", row.span, at_key, changed(swapped), order)
        for said, condition in altered(row.when):
            other = changed(instead(rows, at, replace(row, when=condition)))
            asks = Altered(section, department, row.id, condition)
            yield Mutant(f"{where}: {said}", row.span, at_key, other, asks)
        for said, changed_row in _contents(policy, row):
            yield Mutant(f"{where}: {said}", row.span, at_key, changed(instead(rows, at, changed_row)))


def _contents(policy: Policy, row: Row) -> Iterator[tuple[str, Row]]:
    """The row with something else in it."""
    match row:
        case RouteRow():
            other = _next(tuple(policy.departments), row.department)
            yield f"to {other} instead of {row.department}", replace(row, department=other)
        case ClassifyRow():
            yield from _sets(policy, row)
        case Target():
            yield from _target(row)
        case Response():
            yield from _response(policy, row)
        case Rule():
            yield from _rule(row)


def _next(names: tuple[str, ...], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)] if name in names else name


def _sets(policy: Policy, row: ClassifyRow) -> Iterator[tuple[str, Row]]:
    for name, value in row.sets.items():
        if len(row.sets) > 1:
            yield f"{name} not set", replace(row, sets={fact: each for fact, each in row.sets.items() if fact != name})
        if isinstance(value, str) and len(policy.facts[name].values) > 1:
            other = _next(tuple(policy.facts[name].values), value)
            yield f"{name} {other} instead of {value}", replace(row, sets={**row.sets, name: other})


def _target(row: Target) -> Iterator[tuple[str, Row]]:
    for step, deadline in row.deadlines.items():
        for said, changed in later(deadline):
            yield f"{step} {said}", replace(row, deadlines={**row.deadlines, step: changed})
    if row.ladder:
        yield "nobody is told", replace(row, ladder="")


def _response(policy: Policy, row: Response) -> Iterator[tuple[str, Row]]:
    for name in STEPS:
        step = row.step(name)
        if step.kind != "none":
            yield f"no {name}", replace(row, **{name: Step("none")})  # type: ignore[arg-type]
        if step.template:
            alike = [each.id for each in policy.templates.values() if each.personal == _personal(policy, step)]
            other = _next(tuple(alike), step.template)
            yield f"{name} with `{other}`", replace(row, **{name: replace(step, template=other)})  # type: ignore[arg-type]
        for at, action in enumerate(step.actions):
            fewer = replace(step, actions=(*step.actions[:at], *step.actions[at + 1 :]))
            if fewer.actions:
                yield f"{name} without {action.name}", replace(row, **{name: fewer})  # type: ignore[arg-type]


def _personal(policy: Policy, step: Step) -> bool:
    return policy.templates[step.template].personal


def _rule(row: Rule) -> Iterator[tuple[str, Row]]:
    if row.after:
        yield "a minute later", replace(row, after=row.after + MINUTE)
    if row.once_per:
        yield "more than once", replace(row, once_per="", once_within=0)
    for at, action in enumerate(row.actions):
        if len(row.actions) > 1:
            yield f"without {action.name}", replace(row, actions=(*row.actions[:at], *row.actions[at + 1 :]))


def _beside(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> Iterator[Mutant]:
    """What stands outside the lists of rows."""
    for at in range(len(policy.human_only)):
        fewer = (*policy.human_only[:at], *policy.human_only[at + 1 :])
        span = places.get(("human_only",))
        yield Mutant("human_only does not hold", span, "rows|human_only", put(human_only=fewer))
    for name, levels in policy.ladders.items():
        for at, level in enumerate(levels):
            span = places.get(("escalations", name, at))
            for said, others in _levels(policy, levels, at, level):
                where = f"escalation `{name}`: {level.id} {said}"
                change = put(ladders={**policy.ladders, name: others})
                yield Mutant(where, span, key("levels", name, level.id, "reached"), change)
    for at, limit in enumerate(policy.limits):
        for said, limits in _limits(policy.limits, at, limit):
            where = f"limit `{limit.id}`: {said}"
            yield Mutant(where, limit.span, key("rows", "limits", "", limit.id), put(limits=limits))
    for name, mode in policy.modes.items():
        if mode.starts is not None:
            more = replace(mode, starts=replace(mode.starts, messages=mode.starts.messages + 1))
            change = put(modes={**policy.modes, name: more})
            yield Mutant(f"mode `{name}` starts one message later", mode.span, key("rows", "modes", "", name), change)
    yield from _departments(policy, places)
    yield from _calendars(policy, places)


def _levels(
    policy: Policy, levels: tuple[Level, ...], at: int, level: Level
) -> Iterator[tuple[str, tuple[Level, ...]]]:
    def instead(*others: Level) -> tuple[Level, ...]:
        return (*levels[:at], *others, *levels[at + 1 :])

    yield "removed", instead()
    if level.percent is not None:
        by = 5 if level.percent == 0 else -5
        yield "a little sooner or later", instead(replace(level, percent=level.percent + by))
    elif level.overdue is not None:
        yield "a minute later", instead(replace(level, overdue=level.overdue + MINUTE))
    if level.notify != (policy.undecided.person,):
        yield "tells whoever decides the undecided", instead(replace(level, notify=("undecided",)))
    if level.acknowledge_within:
        yield "waits a minute longer", instead(replace(level, acknowledge_within=level.acknowledge_within + MINUTE))


def _limits(limits: tuple[Limit, ...], at: int, limit: Limit) -> Iterator[tuple[str, tuple[Limit, ...]]]:
    def instead(*others: Limit) -> tuple[Limit, ...]:
        return (*limits[:at], *others, *limits[at + 1 :])

    yield "removed", instead()
    yield "one more", instead(replace(limit, most=limit.most + 1))
    if limit.most > 1:
        yield "one less", instead(replace(limit, most=limit.most - 1))


def _departments(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> Iterator[Mutant]:
    routed = dict.fromkeys(row.department for row in policy.route)
    for name in routed:
        department, span = policy.departments[name], places.get(("departments", name))
        others = {"nothing said when it is closed": replace(department, when_closed=None)}
        if department.lead and department.on_duty:
            others["its lead is on duty"] = replace(department, on_duty=(("", department.lead),))
        for said, other in others.items():
            change = put(departments={**policy.departments, name: other})
            yield Mutant(f"department `{name}`: {said}", span, key("departments", name), change)


def _calendars(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> Iterator[Mutant]:
    """Open while it was closed on every day of the week; without its holidays, and without its exceptions."""
    used = dict.fromkeys(policy.departments[row.department].calendar for row in policy.route)
    for name in filter(None, used):
        calendar = policy.calendars[name]
        hours = calendar.hours
        others = {
            "open hours inverted": replace(hours, weekly=tuple(_inverted(day) for day in hours.weekly)),
            "holidays forgotten": replace(hours, holidays=()),
            "exceptions forgotten": replace(hours, exceptions=()),
        }
        for said, other in others.items():
            change = put(calendars={**policy.calendars, name: replace(calendar, hours=other)})
            yield Mutant(f"calendar `{name}`: {said}", places.get(("calendars", name)), key("calendars", name), change)


def _inverted(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
    edges = [0, *(min(edge, DAY) for shift in sorted(shifts) for edge in (shift.opens, shift.closes)), DAY]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(Shift(opens, closes) for opens, closes in pairs if opens < closes)
