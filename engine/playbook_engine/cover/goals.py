"""What a message has to be for an element to be covered, put to the prover's search for examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playbook_engine.cover.elements import Element
from playbook_engine.policy.conditions import All, Always, Any, Condition, Not, Test, each_test
from playbook_engine.policy.policy import Policy, Response, Row
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.prover import Prover
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.values import OneOf
from playbook_engine.prove.witness import Witnesses

NEVER = Not(Always())
ROUNDS = 6
"""How many examples are tried before an element is left without a suggestion."""


class Goals:
    """Examples for the elements of one playbook, in the year from `since` (ms UTC) on."""

    def __init__(self, policy: Policy, since: int) -> None:
        self._policy = policy
        self._prover = Prover(policy, since)
        self._witnesses = Witnesses(self._prover)
        platforms = dict.fromkeys(account.platform for account in policy.accounts.values())
        self._known = self._prover.formulas.any(when for each in platforms for when in self._one_of("channel", each))
        self._found: dict[tuple[Formula, ...], Replayed | None] = {}

    def example(self, element: Element) -> Replayed | None:
        """Messages that lead to the element, the last one deciding; None where none is found."""
        for wanted in self._wanted(element.key.split("|")):
            found = self._shown((*wanted, self._known)) or self._shown(wanted)
            if found is not None:
                return found
        return None

    def _shown(self, wanted: tuple[Formula, ...]) -> Replayed | None:
        if wanted not in self._found:
            self._found[wanted] = self._witnesses.show(*wanted, rounds=ROUNDS).replayed
        return self._found[wanted]

    def _wanted(self, parts: list[str]) -> Iterator[tuple[Formula, ...]]:
        """Every way in which it may come about."""
        match parts:
            case ["rows", "human_only", *_]:
                yield (self._prover.first.oriented, self._prover.first.human_only)
            case ["rows", section, department, row] if section != "limits":
                yield self._wins(section, row, department)
            case ["conditions", section, department, row, number, side] if section not in ("human_only", "modes"):
                yield from self._decisive(RowName(section, row, department), int(number), side == "true")
            case ["boundaries", "target", target, step, _] | ["steps", target, step, _]:
                owed = step.removeprefix("next_")
                yield (*self._wins("targets", target), -self._prover.outcome(f"{owed}.step", "none"))
            case ["levels", ladder, _, _]:
                yield from (self._wins("targets", each.id) for each in self._policy.targets if each.ladder == ladder)
            case ["calendars", calendar, _, channel]:
                yield from self._at(calendar, channel)
            case ["texts", template, _]:
                yield from self._said(template)

    def _wins(self, section: str, row: str, department: str = "") -> tuple[Formula, ...]:
        name = RowName(section, row, department)
        return (self._prover.wins(name),) if name in self._prover.first.rows else (self._prover.formulas.any(()),)

    def _decisive(self, name: RowName, number: int, side: bool) -> Iterator[tuple[Formula, ...]]:
        """The row's turn, with one test as it is wanted and the row's fate in its hands."""
        if name not in self._prover.first.rows:
            return
        row, condition = self._prover.first.rows[name], self._condition(name)
        test = list(each_test(condition))[number]
        yes, no = (fixed(condition, test, each) for each in (Always(), NEVER))
        held, lost, itself = (self._prover.condition(each, name.section) for each in (yes, no, test))
        for one, other in ((held, -lost), (-held, lost)):
            yield (row.asked, row.turn, one, other, itself if side else -itself)

    def _condition(self, name: RowName) -> Condition:
        policy = self._policy
        own = policy.departments[name.department].respond if name.department else policy.respond
        sections: Mapping[str, tuple[Row, ...]] = {
            "ignore": policy.ignore,
            "classify": policy.classify,
            "route": policy.route,
            "respond": own,
            "targets": policy.targets,
            "rules": policy.rules,
        }
        return next(row.when for row in sections[name.section] if row.id == name.id)

    def _at(self, calendar: str, channel: str) -> Iterator[tuple[Formula, ...]]:
        """A message that belongs to a department of that calendar, or any where conditions ask of it."""
        on = self._one_of("channel", channel)
        for row in self._policy.route:
            if self._policy.departments[row.department].calendar == calendar or calendar in self._policy.calendars_read:
                yield (*self._wins("route", row.id), *on)
                yield self._wins("route", row.id)

    def _said(self, template: str) -> Iterator[tuple[Formula, ...]]:
        own = [(each.id, row) for each in self._policy.departments.values() for row in each.respond]
        for department, response in (*own, *(("", row) for row in self._policy.respond)):
            if template in _templates(response):
                yield self._wins("respond", response.id, department)

    def _one_of(self, name: str, value: str) -> tuple[Formula, ...]:
        known = self._prover.first.inputs.values[name]
        return (known.when(value),) if isinstance(known, OneOf) else ()


def fixed(condition: Condition, test: Test, value: Condition) -> Condition:
    """The condition with a test of it answered, wherever it stands."""
    if condition == test:
        return value
    if isinstance(condition, Not):
        return Not(fixed(condition.part, test, value))
    if isinstance(condition, All | Any):
        return type(condition)(tuple(fixed(part, test, value) for part in condition.parts))
    return condition


def _templates(response: Response) -> set[str]:
    steps = (response.reply, response.apologise, response.resolve)
    actions = (action for step in steps for action in step.actions)
    acting = (str(action.parameters.get(each, "")) for action in actions for each in ("send", "answer"))
    return {step.template for step in steps} | set(acting)
