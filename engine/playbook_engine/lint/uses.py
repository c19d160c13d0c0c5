"""Where each text is said: by which step or rule, on which channels, in public or not, and whether a person sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from playbook_engine.lint.deducing import (
    CELL_FACTS,
    PRIVATE_CHANNELS,
    Cell,
    certain,
    demanded,
    implies,
    possible,
    written,
)
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.built_in import SEEN
from playbook_engine.policy.compile.actions import sent_unseen
from playbook_engine.policy.compile.parameters import BY_HAND, template_parameters
from playbook_engine.policy.conditions import All, Always, Condition, Test, facts_read
from playbook_engine.policy.policy import Action, Policy, Response, RouteRow, Row, Rule, Step
from playbook_engine.text.document import Document, Path

WHEN_CLOSED = "when_closed"
RULE = "rule"

AnyRow = TypeVar("AnyRow", Response, RouteRow)


@dataclass(frozen=True)
class Place:
    """A row of `respond` or a rule, or a department's `when_closed`, with what holds wherever it acts.

    `department` is the one whose own row it is, "" for any. `cells` are those where it may act.
    """

    path: Path
    when: Condition
    cells: frozenset[Cell]
    row: Row | None = None
    department: str = ""


@dataclass(frozen=True)
class Acted:
    """One action within a step or a rule. `step` is its name, or "rule"; `kind` is do or offer."""

    place: Place
    step: str
    kind: str
    action: Action
    path: Path


@dataclass(frozen=True)
class Use:
    """One place that says a template to customers.

    `step` is reply, apologise, resolve, "rule" or "when_closed"; `verb` is the action's name, or send or draft.
    `alone` says that it may leave without a person.
    """

    template: str
    path: Path
    place: Place
    step: str
    verb: str
    alone: bool

    @property
    def cells(self) -> frozenset[Cell]:
        return self.place.cells

    def public_on(self, channel: str) -> bool:
        """Whether everybody may read it on the channel, "" for any."""
        return any(cell.public and channel in ("", cell.channel) for cell in self.cells)


def channels_in_use(policy: Policy) -> frozenset[str]:
    """The platforms of the accounts; every channel where no account is listed."""
    listed = {account.platform for account in policy.accounts.values()}
    return frozenset(listed or policy.channels)


def all_cells(policy: Policy) -> frozenset[Cell]:
    ways = {channel: (False,) if channel in PRIVATE_CHANNELS else (True, False) for channel in channels_in_use(policy)}
    return frozenset(Cell(channel, public) for channel, each in ways.items() for public in each)


def places(policy: Policy, path_of: Callable[[Row], Path]) -> Iterator[Place]:
    """Every row of `respond`, a department's own before the common ones, and every rule."""
    cells, reached = all_cells(policy), department_cells(policy)
    for department in policy.departments.values():
        for row, left in _first_match(department.respond, reached[department.id]):
            yield Place(path_of(row), row.when, left, row, department.id)
    for row, left in _first_match(policy.respond, cells):
        yield Place(path_of(row), row.when, left & _of_departments(row.when, reached, cells), row)
    for rule in policy.rules:
        left = possible(rule.when, cells) & _of_departments(rule.when, reached, cells)
        yield Place(path_of(rule), rule.when, left, rule)


def _first_match(rows: tuple[AnyRow, ...], cells: frozenset[Cell]) -> Iterator[tuple[AnyRow, frozenset[Cell]]]:
    """Each row with the cells that are left to it by those rows before that choose by them."""
    choosing: list[tuple[Condition, tuple[Test, ...]]] = []
    for row in rows:
        known = demanded(row.when)
        by_fact = {fact: [test for test in known if test.fact == fact] for fact in {test.fact for test in known}}
        left = possible(row.when, cells)
        for earlier, others in choosing:
            # Asked first, once for all cells: most rows before are about something else.
            if left and all(any(implies(each, test) for each in by_fact.get(test.fact, ())) for test in others):
                left -= certain(earlier, left, known)
        yield row, left
        if facts_read(row.when) & CELL_FACTS:
            choosing.append((row.when, tuple(test for test in known if test.fact not in CELL_FACTS)))


def department_cells(policy: Policy) -> Mapping[str, frozenset[Cell]]:
    """Where each department may answer: by the routes, and by what is handed over to it."""
    cells = all_cells(policy)
    found: dict[str, frozenset[Cell]] = dict.fromkeys(policy.departments, frozenset())
    for row, left in _first_match(policy.route, cells):
        found[row.department] |= left
    for name in _handed_over(policy):
        found[name] = cells
    for name in policy.departments:
        closed = policy.departments[name].when_closed
        while closed is not None and closed.department and not found[name] <= found[closed.department]:
            found[closed.department] |= found[name]
            name, closed = closed.department, policy.departments[closed.department].when_closed
    return found


def _handed_over(policy: Policy) -> Iterator[str]:
    """The departments to which an action of a step or a rule gives incidents."""
    responses = (*policy.respond, *(row for each in policy.departments.values() for row in each.respond))
    steps = (action for row in responses for name in STEPS for action in row.step(name).actions)
    for action in (*steps, *(action for rule in policy.rules for action in rule.actions)):
        if action.name == "hand_over" and "account" in action.parameters:
            yield policy.accounts[str(action.parameters["account"])].department
        elif action.name == "hand_over" and "department" in action.parameters:
            yield str(action.parameters["department"])


def _of_departments(when: Condition, reached: Mapping[str, frozenset[Cell]], cells: frozenset[Cell]) -> frozenset[Cell]:
    """The cells of the departments that the condition asks for; all where it asks for none."""
    for test in demanded(when):
        if test.fact == "incident.department" and test.operator in ("equals", "one_of"):
            cells &= frozenset().union(*(reached.get(name, cells) for name in written(test)))
    return cells


def acted(found: Iterable[Place]) -> Iterator[Acted]:
    """Every action of the steps and rules."""
    for place in found:
        if isinstance(place.row, Response):
            for name in STEPS:
                step = place.row.step(name)
                yield from _actions(place, name, step.kind, step.actions, (*place.path, name, step.kind))
        elif isinstance(place.row, Rule):
            yield from _actions(place, RULE, "do", place.row.actions, (*place.path, "do"))


def _actions(place: Place, step: str, kind: str, actions: tuple[Action, ...], path: Path) -> Iterator[Acted]:
    for number, action in enumerate(actions):
        when = action.when if isinstance(place.when, Always) else All((place.when, action.when))
        narrowed = replace(place, when=when, cells=possible(action.when, place.cells))
        yield Acted(narrowed, step, kind, action, (*path, number, action.name))


def uses(document: Document, policy: Policy, found: tuple[Place, ...], actions: tuple[Acted, ...]) -> Iterator[Use]:
    """Every place that says a template to a customer or in public, in the order of `places`."""
    for place in found:
        if isinstance(place.row, Response):
            for name in STEPS:
                yield from _of_step(policy, place, name, place.row.step(name))
    for each in actions:
        yield from _of_action(document, policy, each)
    reached = department_cells(policy)
    for department in policy.departments.values():
        if department.when_closed is not None and department.when_closed.template:
            path: Path = ("departments", department.id, "when_closed", "send")
            own = Place(path, Always(), reached[department.id], department=department.id)
            yield Use(department.when_closed.template, path, own, WHEN_CLOSED, "send", alone=True)


def _of_step(policy: Policy, place: Place, name: str, step: Step) -> Iterator[Use]:
    if step.kind in ("send", "draft"):
        alone = step.kind == "send" and step.approval is None and may_leave_alone(policy, place)
        yield Use(step.template, (*place.path, name, step.kind), place, name, step.kind, alone)


def _of_action(document: Document, policy: Policy, each: Acted) -> Iterator[Use]:
    action, place = each.action, each.place
    if action.name == "notify":
        return
    if action.name == "post":
        account = policy.accounts.get(str(action.parameters.get("account", "")))
        place = replace(place, cells=frozenset({Cell(account.platform, True)} if account else ()))
    unseen = {name for name, _ in sent_unseen(action)}
    for name in template_parameters(action.spec):
        template = action.parameters.get(name)
        if not isinstance(template, str) or template in ("", BY_HAND):
            continue
        path = (*each.path, name) if (*each.path, name) in document.spans else each.path
        alone = name in unseen and (action.name == "post" or may_leave_alone(policy, place))
        # What an action brought is told by itself, also where a person granted the action: nobody reads the text.
        told = name == "send" and not {*action.spec.effects} & {*SEEN}
        yield Use(template, path, place, each.step, action.name, alone or told)


def may_leave_alone(policy: Policy, place: Place) -> bool:
    """Whether a message there can go without a person: neither found by listening nor for people only."""
    known = demanded(place.when)
    if any(test.fact == "origin" and test.written == "listening" for test in known):
        return False
    kept = frozenset().union(*(certain(each, place.cells, known) for each in policy.human_only))
    return bool(place.cells - kept)
