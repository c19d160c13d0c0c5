"""A step's own deliveries: released in order, once the steps before are done and the gate is open.

SEMANTICS 5.2 and 6.4.
"""

from __future__ import annotations

from playbook_engine.decide.acting import act
from playbook_engine.decide.deadlines import is_open, next_opening
from playbook_engine.decide.evidence import earlier_done
from playbook_engine.decide.lifecycle import is_over
from playbook_engine.decide.saying import Message, say
from playbook_engine.decide.turn import Turn
from playbook_engine.model.duty import STEPS
from playbook_engine.model.incident import Timer
from playbook_engine.policy.conditions import holds
from playbook_engine.policy.policy import Department, Policy, Response, Step

SEEN = ("public", "private")


def release(turn: Turn) -> None:
    """Sends or asks for whatever the response now calls for and has not been released yet."""
    response = turn.response()
    if response is None or is_over(turn.incident.stage) or not turn.incident.round:
        return
    for step in STEPS:
        mark = _mark(turn, step)
        if mark in turn.incident.released or turn.incident.resolution is not None:
            continue
        if _may_leave(turn, response, step):
            turn.change(released=(*turn.incident.released, mark))
            _release(turn, response, step)


def _mark(turn: Turn, step: str) -> str:
    """A reply is released once a round, the other steps once an episode."""
    return f"{turn.incident.round if step == 'reply' else turn.incident.epoch}:{step}"


def _may_leave(turn: Turn, response: Response, step: str) -> bool:
    plan = response.step(step)
    if plan.kind in ("none", "by_hand", "offer"):
        return False
    if not earlier_done(turn, step) and not _meets_the_reply_too(turn, plan, step):
        return False
    return not (_is_gated(turn, plan) and held_until(turn, plan, step) is not None)


def _meets_the_reply_too(turn: Turn, plan: Step, step: str) -> bool:
    """What a person approves is that person's message: an apology of that kind answers as well."""
    by_person = plan.kind == "draft" or plan.approval is not None or turn.human_only()
    return step == "apologise" and plan.kind in ("send", "draft") and by_person


def _is_gated(turn: Turn, plan: Step) -> bool:
    """Only automatic messages wait for opening; what a person approves passes."""
    return leaves_by_itself(plan) and (plan.kind == "do" or not turn.human_only())


def leaves_by_itself(plan: Step) -> bool:
    """Whether the step says something to the customer that no person has seen, as far as the step itself goes."""
    if plan.kind == "send":
        return plan.approval is None
    return plan.kind == "do" and any(set(action.spec.effects) & set(SEEN) for action in plan.actions)


def held_until(turn: Turn, plan: Step, step: str) -> int | None:
    """The opening that an automatic message waits for; None when it may leave now."""
    home = turn.policy.departments.get(turn.renamed(turn.incident.home))
    return awaited_opening(turn.policy, turn.department(), home, turn.now, plan, step)


def awaited_opening(
    policy: Policy, department: Department | None, home: Department | None, at: int, plan: Step, step: str
) -> int | None:
    """The opening, of whoever answers or of whose matter it is, that an automatic step waits for at `at` (ms UTC).

    None when it may leave at once: while the answering department is open, or where its `when_closed` says what to
    send instead of the reply.
    """
    if department is None or is_open(policy, department, at):
        return None
    closed = department.when_closed
    if step == "reply" and plan.kind == "send" and closed is not None and closed.template:
        return None
    openings = [next_opening(policy, department, at)]
    if home is not None and not is_open(policy, home, at):
        openings.append(next_opening(policy, home, at))
    return min(openings)


def release_timer(turn: Turn) -> Timer | None:
    """Wakes the incident at the opening that a held step waits for."""
    response = turn.response()
    if response is None or is_over(turn.incident.stage) or not turn.incident.round:
        return None
    instants = []
    for step in STEPS:
        plan = response.step(step)
        waits = plan.kind in ("send", "do") and _mark(turn, step) not in turn.incident.released
        if waits and earlier_done(turn, step) and _is_gated(turn, plan):
            until = held_until(turn, plan, step)
            if until is not None:
                instants.append(until)
    return Timer(min(instants), name="release") if instants else None


def _release(turn: Turn, response: Response, step: str) -> None:
    plan, duty = response.step(step), turn.duty(step)
    if step != "resolve" and duty is not None and not duty.unmet:
        return
    if step == "reply" and turn.incident.taken_by and _is_gated(turn, plan):
        turn.note("suppressed", because="a person has taken it", step=step, subject=plan.template)
        return
    if plan.kind == "do":
        facts = turn.facts()
        for action in plan.actions:
            if holds(action.when, facts):
                act(turn, action, step=step, purpose="step")
        return
    template = plan.template
    department = turn.department()
    automatic = _is_gated(turn, plan)
    if step == "reply" and automatic and department is not None and not is_open(turn.policy, department, turn.now):
        closed = department.when_closed
        template = closed.template if closed is not None and closed.template else template
    apology = step == "reply" and response.apologise.kind == "send" and response.apologise.template == template
    say(
        turn,
        Message(
            template,
            step,
            draft=plan.kind == "draft",
            approval=plan.approval,
            apology=apology or step == "apologise",
        ),
    )
