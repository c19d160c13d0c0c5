"""Rounds and the duties they open. SEMANTICS 5.1, 6.1 and 4.3."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from playbook_engine.decide.deadlines import Due, due, next_opening, pin_levels, resumed
from playbook_engine.decide.deadlines import is_open as department_is_open
from playbook_engine.decide.telling import undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.model.duty import STEPS, Duty
from playbook_engine.model.event import FactValue
from playbook_engine.model.incident import Timer
from playbook_engine.policy.conditions import holds
from playbook_engine.policy.policy import Deadline, Policy, Response, Target

Match = TypeVar("Match", Response, Target)


def orient(turn: Turn, at: int) -> None:
    """Finds department, response and target for the message written at `at`, until a person has taken the incident."""
    policy = turn.policy
    facts = turn.seen["route"] = turn.facts(at)
    route = next((row for row in policy.route if holds(row.when, facts)), None)
    if route is None:
        undecided(turn, "no route matches")
        return
    turn.explain(route=route.id)
    give_to(turn, route.department)
    facts = turn.seen["respond"] = turn.seen["targets"] = turn.facts(at)
    response = _first(turn.responses(), facts)
    target = _first(policy.targets, facts)
    if response is None or target is None:
        undecided(turn, "no response matches" if response is None else "no target matches")
        return
    turn.explain(respond=response.id, target=target.id)
    tighten = bool(turn.incident.target) and turn.incident.target != target.id
    turn.change(response=response.id, response_of=turn.owner_of(response), target=target.id)
    if tighten:
        _tighten(turn, target)


def _first(rows: tuple[Match, ...], facts: dict[str, FactValue]) -> Match | None:
    return next((row for row in rows if holds(row.when, facts)), None)


def give_to(turn: Turn, home: str) -> None:
    """Makes a department the incident's own; while it is closed, the one it hands over to answers."""
    home = turn.renamed(home)
    if home not in turn.policy.departments:
        undecided(turn, f"its department `{home}` is not in the policy any more")
        return
    owner = answers_for(turn.policy, home, turn.now)
    if owner == turn.incident.department and home == turn.incident.home:
        return
    changed = owner != turn.incident.department
    turn.change(home=home, department=owner)
    if changed:
        turn.note("department", department=owner, subject=home)
        for duty in turn.unmet_duties():
            turn.put_duty(replace(duty, department=owner))


def answers_for(policy: Policy, home: str, at: int) -> str:
    """Who answers for a department at `at` (ms UTC): the first open one along its chain of hand-overs.

    While nobody is open it is the one that opens first. Raises NeverOpens where one of them does not open any more.
    """
    chain, name = [], home
    while name:
        department = policy.departments[name]
        chain.append(department)
        if department_is_open(policy, department, at):
            return name
        name = department.when_closed.department if department.when_closed is not None else ""
    return min(chain, key=lambda department: next_opening(policy, department, at)).id


def return_timer(turn: Turn) -> Timer | None:
    """An unanswered incident that was handed over goes back when its home opens."""
    incident = turn.incident
    if incident.department == incident.home or turn.unmet("reply") is None:
        return None
    home = turn.policy.departments.get(turn.renamed(incident.home))
    return Timer(next_opening(turn.policy, home, turn.now), name="return") if home else None


def promise(turn: Turn) -> None:
    """Begins a round where no reply is owed, and opens the duties that the response and the target ask for."""
    response, target = turn.response(), turn.target()
    if response is None or target is None:
        undecided(turn, "its response or its target is not in the policy any more")
        return
    incident = turn.incident
    if turn.unmet("reply") is None:
        turn.change(round=incident.round + 1, round_since=turn.event.at)
        if response.reply.kind != "none":
            _open(turn, target, "reply", response)
    for step in ("apologise", "resolve"):
        if response.step(step).kind != "none" and turn.duty(step) is None:
            _open(turn, target, step, response)


def _deadline(turn: Turn, target: Target, step: str) -> Deadline | None:
    later_round = turn.incident.round > turn.incident.epoch
    if step == "reply" and later_round and "next_reply" in target.deadlines:
        return target.deadlines["next_reply"]
    return target.deadlines.get(step)


def _open(turn: Turn, target: Target, step: str, response: Response) -> None:
    deadline, department = _deadline(turn, target, step), turn.department()
    if deadline is None or department is None:
        return
    since = turn.incident.round_since
    promised = due(turn.policy, department, deadline, since)
    duty = Duty(
        step=step,
        round=turn.incident.round,
        since=since,
        deadline=promised.at,
        department=department.id,
        target=target.id,
        counts=target.counts or ("any" if response.apologise.kind == "none" else "human"),
        calendar=promised.calendar,
        open_time=promised.open_time,
        ladder=target.ladder,
        levels=pin_levels(turn.policy, target.ladder, since, promised),
    )
    turn.put_duty(duty)
    turn.note_duty("duty-opened", duty, subject=target.id)


def _tighten(turn: Turn, target: Target) -> None:
    """Another target applies now: an open duty takes the earlier deadline, never a later one."""
    department = turn.department()
    for step in STEPS:
        duty = turn.unmet(step)
        deadline = _deadline(turn, target, step)
        if duty is None or deadline is None or department is None:
            continue
        promised = due(turn.policy, department, deadline, duty.since)
        if promised.at < duty.deadline:
            _take_earlier(turn, duty, target, promised)


def _take_earlier(turn: Turn, duty: Duty, target: Target, promised: Due) -> None:
    levels = pin_levels(turn.policy, target.ladder, duty.since, promised)
    turn.put_duty(
        replace(
            duty,
            deadline=promised.at,
            target=target.id,
            calendar=promised.calendar,
            open_time=promised.open_time,
            ladder=target.ladder,
            levels=levels,
            fired=duty.fired if duty.ladder == target.ladder else (),
        )
    )
    turn.note_duty("duty-tightened", duty, deadline=promised.at, subject=target.id)


def resume(turn: Turn, at: int) -> None:
    """Any customer message ends a pause; what was left of the open time runs on from it."""
    for duty in turn.incident.duties:
        if duty.paused:
            after = resumed(turn.policy, duty, at)
            turn.put_duty(after)
            turn.note_duty("duty-resumed", after)
