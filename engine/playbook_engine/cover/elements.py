"""Everything in a playbook that tests can cover, by seven measures, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbook_engine.cover.days import states
from playbook_engine.explain.reasons import ANY, Reason, joined, reason
from playbook_engine.explain.rows import HUMAN_ONLY, NamedRow, every_row
from playbook_engine.model.span import Span
from playbook_engine.policy.conditions import Test
from playbook_engine.policy.operators import OPERATORS
from playbook_engine.policy.policy import Policy, Row

MEASURES: Mapping[str, str] = {
    "rows": "rows that decide",
    "conditions": "tests of conditions, decisive both ways",
    "boundaries": "both sides of edges",
    "steps": "steps met and missed",
    "levels": "levels reached and stopped",
    "calendars": "calendar cells by channel",
    "texts": "texts said in every language",
}
"""Every measure, and what it counts."""

MAGNITUDES = ("gt", "gte", "lt", "lte")
FEW = 4
NUMBERS = ("number", "money", "duration")


@dataclass(frozen=True)
class Element:
    """One thing to cover. `key` begins with its measure and is unique; `said` says what is to be seen."""

    key: str
    said: str
    span: Span | None = None

    @property
    def measure(self) -> str:
        return self.key.partition("|")[0]


def key(*parts: object) -> str:
    """The key of an element, as it is written by whoever lists it and by whoever sees it."""
    return "|".join(map(str, parts))


def elements(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> tuple[Element, ...]:
    """Every element of a playbook, measure by measure. `places` are the spans of its document."""
    return (
        *_rows(policy),
        *_conditions(policy),
        *_deadlines(policy),
        *_levels(policy, places),
        *_cells(policy, places),
        *_texts(policy, places),
    )


def reasons(policy: Policy) -> Iterator[tuple[NamedRow, Reason]]:
    """Every row with the shape of its condition, its tests in the order in which explanations give them."""
    conditions = {
        ("respond", part.id, row.id): row.when for part in policy.departments.values() for row in part.respond
    }
    common: Mapping[str, tuple[Row, ...]] = {
        "ignore": policy.ignore,
        "classify": policy.classify,
        "route": policy.route,
        "respond": policy.respond,
        "targets": policy.targets,
        "rules": policy.rules,
    }
    conditions |= {(section, "", row.id): row.when for section, rows in common.items() for row in rows}
    for row in every_row(policy):
        if row.section == HUMAN_ONLY:
            yield row, joined(ANY, tuple(reason(test, {}) for test in policy.human_only))
        elif row.section == "modes":
            mode = policy.modes[row.id]
            thresholds = [each for each in (mode.starts, mode.ends) if each is not None]
            yield row, joined(ANY, tuple(dict.fromkeys(reason(each.when, {}) for each in thresholds)))
        elif (row.section, row.department, row.id) in conditions:
            yield row, reason(conditions[row.section, row.department, row.id], {})


def say_test(test: Test) -> str:
    """A test in words, of long lists only the beginning."""
    written = test.written
    if isinstance(written, tuple) and len(written) > FEW:
        written = (*written[: FEW - 1], f"{len(written) - FEW + 1} more")
    return f"{test.fact} {OPERATORS[test.operator].say(written)}"


def has_edge(test: Test) -> bool:
    """Whether a test compares an amount with a bound that has two sides."""
    return test.operator in MAGNITUDES and test.kind in NUMBERS


def _rows(policy: Policy) -> Iterator[Element]:
    for row in every_row(policy):
        name = f"{row.department}: {row.id}" if row.department else row.id
        said = f"{row.section} `{name}`" if row.section != row.id else row.section
        yield Element(key("rows", row.section, row.department, row.id), said, row.span)


def _conditions(policy: Policy) -> Iterator[Element]:
    edges = []
    for row, shape in reasons(policy):
        where = row.id if row.section == row.id else f"{row.section} `{row.id}`"
        for number, check in enumerate(shape.checks):
            told = f"{where}: {say_test(check.test)}"
            at = (row.section, row.department, row.id, number)
            for side in ("true", "false"):
                yield Element(key("conditions", *at, side), f"{told}, decisive while {side}", row.span)
            if has_edge(check.test):
                sides = (("below", "just below the edge"), ("above", "just above the edge"))
                edges += [Element(key("boundaries", *at, side), f"{told}, {said}", row.span) for side, said in sides]
    yield from edges


def _deadlines(policy: Policy) -> Iterator[Element]:
    edges = (("last", "done within the last second"), ("after", "done a second late"))
    ways = (("met", "met"), ("missed", "missed"))
    for target in policy.targets:
        for step in target.deadlines:
            for side, said in edges:
                at = key("boundaries", "target", target.id, step, side)
                yield Element(at, _step(target, step, said), target.span)
    for target in policy.targets:
        for step in target.deadlines:
            for way, said in ways:
                yield Element(key("steps", target.id, step, way), _step(target, step, said), target.span)


def _step(target: Row, step: str, said: str) -> str:
    return f"target `{target.id}`: {step.replace('_', ' ')} {said}"


def _levels(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> Iterator[Element]:
    """Nothing stops a level that comes at once."""
    ways = (("reached", "reached"), ("stopped", "stopped before it came"))
    for ladder, levels in policy.ladders.items():
        for number, level in enumerate(levels):
            span = places.get(("escalations", ladder, number))
            for way, said in ways[:1] if level.percent == 0 else ways:
                yield Element(key("levels", ladder, level.id, way), f"escalation `{ladder}`: {level.id} {said}", span)


def _cells(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> Iterator[Element]:
    channels = sorted({account.platform for account in policy.accounts.values()})
    routed = (policy.departments[row.department].calendar for row in policy.route)
    for name in dict.fromkeys(filter(None, (*routed, *policy.calendars_read))):
        for state in states(policy.calendars[name].hours):
            for channel in channels:
                said = f"calendar `{name}`: a message on {channel} while {state}"
                yield Element(key("calendars", name, state, channel), said, places.get(("calendars", name)))


def _texts(policy: Policy, places: Mapping[tuple[str | int, ...], Span]) -> Iterator[Element]:
    for template in policy.templates.values():
        written = {language for texts in template.texts.values() for language in texts}
        for language in policy.languages:
            if language in written or "" in written:
                span = places.get(("templates", template.id))
                yield Element(key("texts", template.id, language), f"template `{template.id}` in {language}", span)
