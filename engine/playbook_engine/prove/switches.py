"""Which lives a playbook's incidents can live: the switches of the model (life.py), each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from playbook_engine.decide.releasing import leaves_by_itself
from playbook_engine.policy.conditions import Always
from playbook_engine.policy.policy import Action, Deadline, Department, Policy, Response, Step, Target
from playbook_engine.prove.life import Plan, Switches
from playbook_engine.prove.promises import routed
from playbook_engine.prove.worst import chain_of, plain

MOST_CHOICES = 4
"""Conditional actions of one step that are told apart, each done or not; of further ones all are done."""


@dataclass(frozen=True)
class Origin:
    """Where a set of switches is met first: the department that routes lead to, the response and the target."""

    department: str
    response: str
    target: str


def switches(policy: Policy) -> dict[Switches, Origin]:
    """Every distinct set of switches of a playbook, with where it is met first.

    Any response is taken to meet any target in any department that tries it, human-only and heard by listening too:
    whether conditions leave it possible is the solver's question.
    """
    found: dict[Switches, Origin] = {}
    for home in routed(policy):
        responses = [row for name in chain_of(policy, home) for row in policy.departments[name].respond]
        for response, target in product((*responses, *policy.respond), policy.targets):
            for each in exact(policy, home, response, target):
                found.setdefault(plainest(each), Origin(home, response.id, target.id))
    return found


def exact(policy: Policy, home: str, response: Response, target: Target) -> Iterator[Switches]:
    """The switches of one response under one target in a department, as they stand.

    One for every reason why a person is asked, what happens while nobody is open, and choice of conditional actions.
    """
    chain = [policy.departments[name] for name in chain_of(policy, home)]
    asked = ("", "listening", *(("human-only",) if policy.human_only else ()))
    always_open = any(not department.calendar for department in chain)
    closed = ("",) if always_open else tuple(dict.fromkeys(_when_closed(department) for department in chain))
    variants = [list(plans(response.step(step))) for step in ("reply", "apologise", "resolve")]
    for why, gate, reply, apologise, resolve in product(asked, closed, *variants):
        yield Switches(
            (reply, apologise, resolve),
            owed(target),
            target.counts or ("any" if response.apologise.kind == "none" else "human"),
            one_message(response),
            why,
            gate,
            any(department.calendar for department in chain) and _counts_open_time(target),
            bool(policy.ladders.get(target.ladder)),
            any(act in ("say", "lookup") for rule in policy.rules for act in acts(rule.actions)),
        )


def plainest(given: Switches) -> Switches:
    """The simplest switches that live the same lives, as far as what is checked goes.

    What a person finishes or approves is a draft, and it is no matter whether it is asked for at once or at opening.
    What nobody releases is by hand where it is owed and nothing where it is not. A gate that nothing waits at and a
    pause that a ladder makes harmless make no difference.
    """
    deadlines = (given.owed[0] or given.owed[3], given.owed[1], given.owed[2])
    made = [_plainest(plan, given.asked, owes) for plan, owes in zip(given.plans, deadlines, strict=True)]
    reply, apologise, resolve = made
    still_asks = any(act in ("lookup", "resolve") for plan in made for act in plan.acts)
    first, later = (given.owed[0], given.owed[3]) if reply.kind != "none" else (False, False)
    return given._replace(
        plans=(reply, apologise, resolve),
        owed=(first, given.owed[1] and apologise.kind != "none", given.owed[2] and resolve.kind != "none", later),
        one_message=given.one_message and reply.kind == "send",
        asked=given.asked if still_asks else "",
        closed=given.closed if any(plan.gated for plan in made) else "",
        pauses=given.pauses and not given.ladder,
        rules=given.rules and not given.asked,
    )


def _plainest(plan: Plan, asked: str, owes: bool) -> Plan:
    if plan.kind == "send" and (plan.asked or asked):
        return Plan("draft")
    if plan.kind == "draft":
        return Plan("draft")
    acts = tuple("ask" if asked and act == "say" else act for act in plan.acts)
    if plan.kind in ("by_hand", "offer") or (plan.kind == "do" and not acts):
        return Plan("by_hand" if owes else "none")
    return plan._replace(acts=acts, gated=plan.gated and (plan.kind == "send" or bool({"say", "lookup"} & set(acts))))


def _when_closed(department: Department) -> str:
    return "say" if department.when_closed is not None and department.when_closed.template else "hold"


def owed(target: Target) -> tuple[bool, bool, bool, bool]:
    """Whether reply, apology and resolution have a deadline, and the reply of later rounds."""
    given = target.deadlines
    return "reply" in given, "apologise" in given, "resolve" in given, "reply" in given or "next_reply" in given


def one_message(response: Response) -> bool:
    """Whether the reply's own text is the apology."""
    return response.apologise.kind == "send" and response.apologise.template == response.reply.template


def _counts_open_time(target: Target) -> bool:
    deadline: Deadline | None = target.deadlines.get("resolve")
    return deadline is not None and any(each.kind in ("open_time", "open_days") for each in plain((deadline,)))


def plans(step: Step) -> Iterator[Plan]:
    """A step as the model sees it; one for each choice of its conditional actions."""
    gated, asked = leaves_by_itself(step), step.approval is not None
    if step.kind != "do":
        yield Plan(step.kind, asked, (), gated)
        return
    conditional = [action for action in step.actions if not isinstance(action.when, Always)][:MOST_CHOICES]
    for left_out in product((False, True), repeat=len(conditional)):
        gone = {id(action) for action, out in zip(conditional, left_out, strict=True) if out}
        yield Plan("do", False, acts(action for action in step.actions if id(action) not in gone), gated)


def acts(actions: Iterator[Action] | tuple[Action, ...]) -> tuple[str, ...]:
    """What actions mean for a life: say, ask, lookup, resolve, mute; what says nothing to the customer is left out."""
    found = (_act(action) for action in actions)
    return tuple(act for act in found if act)


def _act(action: Action) -> str:
    if action.name == "send":
        return "ask" if action.approval is not None else "say"
    if action.name in ("resolve", "mute", "lookup"):
        return action.name
    says = isinstance(action.parameters.get("send"), str)
    if action.name == "hand_over":
        return "say" if says else ""
    return "lookup" if says else ""
