"""What a customer can count on, department by department and target by target, with the calendar's reason.

Three things are told apart: the automatic acknowledgement (which leaves at once or waits for an opening), the
deadline of each step, and the first deadline that only a person can meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from playbook_engine.decide.releasing import awaited_opening, leaves_by_itself
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.hours import NeverOpens, OpenHours
from playbook_engine.policy.policy import Action, Deadline, Policy, Response, Step, Target
from playbook_engine.prove.cells import Cell, say_local
from playbook_engine.prove.worst import Promised, Worst, cells_of, chain_of, extremes, worst_of

STEPS = ("acknowledgement", "first-human", "reply", "next_reply", "apologise", "resolve")
"""What a row speaks of, in the order of the table."""


@dataclass(frozen=True)
class Promise:
    """One row: the longest and the shortest wait for one thing, over every instant of the span.

    `target` is "" for an acknowledgement, which no target rules, and `responses` are the rows of `respond` that a row
    holds for, () where it is all. `longest` and `shortest` are None where nothing is promised: no person owes a word.
    An acknowledgement lasts None where it would be held for longer than machines may wait (`answer_within_max`): at
    opening it becomes a draft. `closed` is the longest shut stretch (ms UTC) of the answering department's calendar
    while the longest wait runs, None without.
    """

    step: str
    department: str
    target: str
    responses: tuple[str, ...]
    longest: Promised | None
    shortest: Promised | None
    calendar: str = ""
    zone: str = ""
    closed: tuple[int, int] | None = None

    @property
    def written(self) -> str:
        """When the customer of the longest wait writes, by the wall clock of the answering department."""
        return say_local(self.zone, self.longest.at) if self.longest is not None else ""

    @property
    def reason(self) -> str:
        """`closed from Fri 2026-07-10 17:00 to Mon 2026-07-13 09:00: 64h`, or "" where no closed time is in it."""
        never = self.longest is not None and self.longest.lasts is None
        if self.closed is None:
            return f"{self.calendar or self.department} does not open for so long any more" if never else ""
        start, end = self.closed
        spent = say_duration(end - start)
        said = f"{self.calendar} closed from {say_local(self.zone, start)} to {say_local(self.zone, end)}: {spent}"
        return f"{said}, after which a person has to send it" if never else said


def promises(policy: Policy, since: int, until: int, steps: Collection[str] = STEPS) -> tuple[Promise, ...]:
    """Every promise to messages written from `since` until `until` (ms UTC), by department, target and step."""
    table = _Table(policy, since, until, steps)
    found = [row for home in routed(policy) for row in table.rows(home)]
    return tuple(sorted(found, key=lambda row: (row.department, row.target, STEPS.index(row.step), row.responses)))


def routed(policy: Policy) -> tuple[str, ...]:
    """The departments that a message or a hand-over may bring an incident to, by name."""
    steps = [row.step(name) for row in _every_response(policy) for name in ("reply", "apologise", "resolve")]
    acted = [action for step in steps for action in step.actions]
    acted += [action for rule in policy.rules for action in rule.actions]
    handed = {_handed_to(policy, action) for action in acted if action.name == "hand_over"}
    return tuple(sorted({row.department for row in policy.route} | (handed - {""})))


def _handed_to(policy: Policy, action: Action) -> str:
    parameters = action.parameters
    if "account" in parameters:
        return policy.accounts[str(parameters["account"])].department
    return str(parameters.get("department", ""))


def _every_response(policy: Policy) -> Iterator[Response]:
    for department in policy.departments.values():
        yield from department.respond
    yield from policy.respond


class _Table:
    """The rows of one playbook and span; what was worked out for one target serves the others."""

    def __init__(self, policy: Policy, since: int, until: int, steps: Collection[str]) -> None:
        self.policy, self.since, self.until, self.steps = policy, since, until, steps
        self._spans: dict[str, tuple[Cell, ...]] = {}
        self._worst: dict[tuple[str, tuple[Deadline, ...]], Worst] = {}

    def _cells(self, home: str) -> tuple[Cell, ...]:
        if home not in self._spans:
            self._spans[home] = cells_of(self.policy, home, self.since, self.until)
        return self._spans[home]

    def rows(self, home: str) -> Iterator[Promise]:
        responses = [row for name in chain_of(self.policy, home) for row in self.policy.departments[name].respond]
        responses += self.policy.respond
        if "acknowledgement" in self.steps:
            yield from self._acknowledged(home, responses)
        for target in self.policy.targets:
            for step, deadline in target.deadlines.items():
                if step in self.steps:
                    yield self._row(step, home, target.id, (), (deadline,))
            if "first-human" in self.steps:
                yield from self._first_human(home, target, responses)

    def _first_human(self, home: str, target: Target, responses: list[Response]) -> Iterator[Promise]:
        by_deadlines: dict[tuple[Deadline, ...], list[str]] = {}
        for response in responses:
            by_deadlines.setdefault(owed_by_people(target, response), []).append(response.id)
        for deadlines, ids in by_deadlines.items():
            yield self._row("first-human", home, target.id, tuple(dict.fromkeys(ids)), deadlines)

    def _row(
        self, step: str, home: str, target: str, responses: tuple[str, ...], deadlines: tuple[Deadline, ...]
    ) -> Promise:
        if not deadlines:
            return Promise(step, home, target, responses, None, None)
        key = (home, deadlines)
        if key not in self._worst:
            self._worst[key] = worst_of(self.policy, home, deadlines, self.since, self.until, spans=self._cells(home))
        return self._explained(step, home, target, responses, self._worst[key])

    def _acknowledged(self, home: str, responses: list[Response]) -> Iterator[Promise]:
        """How long an automatic reply is held: apart for messages and for actions, which `when_closed` treats apart."""
        for kind in ("send", "do"):
            plans = {row.id: row.reply for row in responses if row.reply.kind == kind and leaves_by_itself(row.reply)}
            if plans:
                measure = partial(self._held, home, next(iter(plans.values())))
                worst = extremes(self.policy, home, self._cells(home), measure)
                yield self._explained("acknowledgement", home, "", tuple(plans), worst)

    def _held(self, home: str, plan: Step, at: int, owner: str) -> int | None:
        departments = self.policy.departments
        try:
            opening = awaited_opening(self.policy, departments[owner], departments[home], at, plan, "reply")
        except NeverOpens:
            return None
        wait = 0 if opening is None else opening - at
        return wait if wait <= self.policy.answer_within_max else None

    def _explained(self, step: str, home: str, target: str, responses: tuple[str, ...], worst: Worst) -> Promise:
        longest, shortest = worst.overall.longest, worst.overall.shortest
        calendar = self.policy.departments[longest.department].calendar
        if not calendar:
            return Promise(step, home, target, responses, longest, shortest, "", self.policy.timezone)
        hours = self.policy.calendars[calendar].hours
        end = longest.due
        if end is None and step == "acknowledgement":
            end = _opens(hours, longest.at)
        gap = hours.longest_closed_gap(longest.at, end) if end is not None else (0, 0)
        closed = gap if gap[1] > gap[0] else None
        return Promise(step, home, target, responses, longest, shortest, calendar, hours.zone, closed)


def _opens(hours: OpenHours, at: int) -> int | None:
    try:
        return hours.first_open(at)
    except NeverOpens:
        return None


def owed_by_people(target: Target, response: Response) -> tuple[Deadline, ...]:
    """The deadlines that only a person can meet; the first of them is when a customer hears one at the latest.

    A reply that leaves by itself meets its duty where the target counts any, an apology that leaves by itself its own,
    and a step that runs `resolve` resolves. What a person approves is that person's.
    """
    counts = target.counts or ("any" if response.apologise.kind == "none" else "human")
    found = []
    for step, plan in (("reply", response.reply), ("apologise", response.apologise), ("resolve", response.resolve)):
        if step == "resolve":
            by_machine = any(action.name == "resolve" for action in plan.actions)
        else:
            by_machine = leaves_by_itself(plan) and (step != "reply" or counts == "any")
        if step in target.deadlines and plan.kind != "none" and not by_machine:
            found.append(target.deadlines[step])
    return tuple(dict.fromkeys(found))
