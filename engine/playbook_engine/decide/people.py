"""What people of ours did with an incident: took it, parked it, resolved it, merged it, granted a remedy."""

from __future__ import annotations

from dataclasses import replace as with_fields

from msgspec import convert, to_builtins
from msgspec.structs import replace

from playbook_engine.decide.acting import carry
from playbook_engine.decide.deadlines import paused
from playbook_engine.decide.escalate import acknowledge
from playbook_engine.decide.evidence import cancel_everything, resolve_if_ready, waive
from playbook_engine.decide.promising import give_to
from playbook_engine.decide.rules import fire_rules
from playbook_engine.decide.telling import undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.model.duty import STEPS, Duty
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Resolution
from playbook_engine.policy.conditions import holds
from playbook_engine.policy.durations import parse_money
from playbook_engine.policy.policy import Action, Money


def taken(turn: Turn) -> None:
    """Acknowledged, or assigned to a person or a department."""
    event = turn.event
    department = event.data.get("department")
    if isinstance(department, str) and department in turn.policy.departments:
        give_to(turn, department)
    person = event.data.get("to") if event.type == "incident.assigned" else None
    turn.change(taken_by=str(person or event.by or "somebody"), last_activity_at=turn.now)
    acknowledge(turn, event.by)
    turn.drop_timers("undecided")
    turn.stage("taken")
    fire_rules(turn)


def waiting(turn: Turn) -> None:
    """We wait for the customer: what is left of the resolve's open time stands still. SEMANTICS 6.1."""
    duty = turn.unmet("resolve")
    if duty is not None:
        stopped = paused(turn.policy, duty, turn.event.at)
        if stopped.paused:
            turn.put_duty(stopped)
            turn.note_duty("duty-paused", duty)
    turn.stage("parked")
    fire_rules(turn)


def resolved(turn: Turn) -> None:
    """A person says that the matter is resolved; `elsewhere` waives what is still owed here."""
    event = turn.event
    if event.data.get("elsewhere") is True:
        for step in STEPS[:2]:
            duty = turn.unmet(step)
            if duty is not None:
                waive(turn, duty, "resolved elsewhere")
        cancel_everything(turn, "resolved elsewhere")
    turn.change(resolution=Resolution(event.key, event.at, event.by), last_activity_at=turn.now)
    resolve_if_ready(turn)
    if turn.incident.resolution is not None:
        turn.note("noted", subject="resolved-before-its-steps", by=event.by)
    fire_rules(turn)


def waived(turn: Turn) -> None:
    step = str(turn.event.data.get("step", ""))
    duty = turn.unmet(step)
    if duty is not None:
        waive(turn, duty, str(turn.event.data.get("because", "")))
        resolve_if_ready(turn)


def linked(turn: Turn) -> None:
    """Two incidents are one: the younger is absorbed, its open duties move with the earlier deadline per step."""
    into, absorbed = turn.event.data.get("into"), turn.event.data.get("absorbed")
    if isinstance(into, str) and into and into != turn.incident.id:
        _absorbed_by(turn, into)
    elif isinstance(absorbed, str) and turn.event.source == "engine":
        _take_up(turn, absorbed)


def _absorbed_by(turn: Turn, elder: str) -> None:
    duties = [duty for duty in turn.incident.duties if duty.unmet]
    cancel_everything(turn, "merged")
    turn.change(merged_into=elder, timers=(), parked=(), resolution=None)
    turn.change(duties=tuple(duty for duty in turn.incident.duties if not duty.unmet))
    turn.stage("merged")
    turn.note("incident-merged", subject=elder)
    turn.emits.append(
        Event(
            source="engine",
            id=f"{turn.event.key}:absorbed",
            type="incident.linked",
            at=turn.now,
            seen_at=turn.now,
            incident=elder,
            depth=turn.event.depth + 1,
            data={
                "absorbed": turn.incident.id,
                "duties": to_builtins(duties),
                "messages": turn.incident.messages,
                "threads": list(turn.incident.threads),
            },
        )
    )


def _take_up(turn: Turn, absorbed: str) -> None:
    """Per step the earlier of the two deadlines is owed."""
    for duty in convert(turn.event.data.get("duties", []), list[Duty]):
        mine = turn.unmet(duty.step)
        if mine is not None and mine.deadline <= duty.deadline:
            continue
        owed = replace(duty, round=mine.round if mine else max(turn.incident.round, turn.incident.epoch))
        turn.put_duty(owed)
        turn.note_duty("duty-moved", owed, subject=absorbed)
    messages = int(turn.event.data.get("messages", 0))
    threads = tuple(dict.fromkeys((*turn.incident.threads, *map(str, turn.event.data.get("threads", ())))))
    turn.change(messages=turn.incident.messages + messages, turns=turn.incident.turns + messages, threads=threads)


def remedy(turn: Turn) -> None:
    """A person gives what the response offers: within the department's authority at once, above it by approval."""
    event = turn.event
    name, by = str(event.data.get("action", "")), event.by or "somebody"
    action = _offered(turn, name)
    if action is None:
        undecided(turn, f"`{name}` was granted by {by} but is not offered here")
        return
    amount = event.data.get("amount")
    offered = action.parameters.get("amount")
    if amount is not None and isinstance(offered, Money):
        chosen = _money(amount, offered.currency)
        if chosen is None or chosen.currency != offered.currency or not 0 < chosen.amount <= offered.amount:
            undecided(turn, f"the amount of `{name}` granted by {by} is not within what is offered here")
            return
        action = with_fields(action, parameters={**action.parameters, "amount": chosen})
    turn.note("remedy", subject=name, by=by)
    carry(turn, action, step="resolve", purpose="remedy", by=by)


def _offered(turn: Turn, name: str) -> Action | None:
    response = turn.response()
    if response is None or response.resolve.kind != "offer":
        return None
    facts = turn.facts()
    offers = (action for action in response.resolve.actions if action.name == name)
    return next((action for action in offers if holds(action.when, facts)), None)


def _money(amount: object, currency: str) -> Money | None:
    """What a person typed as an amount: minor units, or a text such as `1000 JPY`."""
    if isinstance(amount, int) and not isinstance(amount, bool):
        return Money(amount, currency)
    try:
        return parse_money(str(amount))
    except ValueError:
        return None
