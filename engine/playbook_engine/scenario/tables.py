"""Tables: a message a row, and what decides it. Other actions may follow from it; a table does not look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import FactValue
from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.expectations import ROWS, Expecting
from playbook_engine.scenario.moments import instant
from playbook_engine.scenario.names import known
from playbook_engine.scenario.steps import EVENT, Told, complete, message, put
from playbook_engine.scenario.suite import Check, Expectation, Stage, Step, Story
from playbook_engine.text.scalars import shown

GIVEN = ("message", "start", *(name for name in EVENT if name != "facts"))
AUTHOR = tuple(f"author.{name}" for name in ("handle", "name", "followers", "verified"))
EXPECTED = (*(name for name in ROWS if name != "facts"), "ignored", "classify", "human_only")
DUE = tuple(f"due.{step}" for step in STEPS)
FACTS = "facts."


def stories(
    place: Place, policy: Policy, stage: Stage | None, common: tuple[Told, ...]
) -> Iterator[tuple[Place, Story]]:
    """One story for every row, with the place where it stands."""
    columns = place.need("columns")
    listed = place.need("rows")
    if columns is None or listed is None or not _columns(columns, policy):
        return
    names = [each.text() for each in columns.elements()]
    for row in listed.elements():
        cells = list(row.elements())
        if len(cells) != len(names):
            row.refuse("cells", f"this row has {len(cells)} cells for {len(names)} columns; write one for each")
            continue
        story = _story(row, dict(zip(names, cells, strict=True)), policy, stage, common)
        if story is not None:
            yield row, story


def _columns(place: Place, policy: Policy) -> bool:
    """Whether every column is known, a message is given and something is expected."""
    fine = True
    for each in place.elements():
        name = each.text()
        if name.startswith(FACTS):
            fine = bool(known(each, name.removeprefix(FACTS), policy, "fact")) and fine
        elif name not in (*GIVEN, *AUTHOR, *EXPECTED, *DUE):
            legal = (*GIVEN, *AUTHOR, *EXPECTED, *DUE, "facts.NAME")
            each.refuse("unknown-column", f"no column is called `{shown(name)}`", legal, name)
            fine = False
    names = [each.text() for each in place.elements()]
    if fine and "message" not in names:
        place.refuse("missing-required", "the column `message` is missing; say what the customer writes")
        return False
    if fine and not any(_is_expected(name, policy) for name in names):
        place.refuse("vacuous", f"no column says what is expected; add for instance one of {', '.join(EXPECTED)}")
        return False
    return fine


def _is_expected(name: str, policy: Policy) -> bool:
    if name.startswith(FACTS):
        return not policy.facts[name.removeprefix(FACTS)].enriched_by
    return name in EXPECTED or name in DUE


def _story(
    row: Place, cells: dict[str, Place], policy: Policy, stage: Stage | None, common: tuple[Told, ...]
) -> Story | None:
    start = _start(cells.get("start"), row, policy, stage)
    if start is None:
        return None
    given: dict[str, object] = {}
    facts: dict[str, FactValue] = {}
    checks: list[Check] = []
    expecting = Expecting(policy, start)
    for name, cell in cells.items():
        if name.startswith(FACTS) and _is_expected(name, policy):
            checks += expecting.fact(name.removeprefix(FACTS), cell)
        elif name in DUE:
            checks.append(expecting.due(name.partition(".")[2], cell))
        elif name in EXPECTED:
            checks += expecting.checks(name, cell, "decision")
        elif name not in ("message", "start"):
            put(given, facts, name, cell, policy)
    whole = message(cells["message"].text(), *common, Told(given, facts))
    step = Step(start, "message", "", row.span, row=complete(whole.row, row, policy), facts=whole.facts)
    said = ", ".join(f"{name} {cell.value}" for name, cell in cells.items() if _is_expected(name, policy))
    expected = Expectation("decision", tuple(checks), row.span, said, start, start)
    begun = replace(stage, start=start) if stage is not None else Stage(start)
    return Story(begun, (step,), start, (expected,), closed=False)


def _start(cell: Place | None, row: Place, policy: Policy, stage: Stage | None) -> int | None:
    if cell is None:
        if stage is None:
            row.refuse("missing-required", "no `start` says when this is; add it as a column, or under `defaults`")
        return stage.start if stage is not None else None
    try:
        return instant(cell.text(), policy.timezone)
    except ValueError:
        cell.refuse("wrong-form", f"`{shown(cell.text())}` is not an instant; write for instance 2026-06-15T10:00")
        return None
