"""Rules: all that match fire, in the order of their ids. SEMANTICS 9.3."""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.decide.acting import DEEPEST, act
from playbook_engine.decide.facts import Facts
from playbook_engine.decide.lifecycle import is_over
from playbook_engine.decide.telling import undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.model.delivery import Claim
from playbook_engine.model.incident import Timer
from playbook_engine.policy.conditions import holds
from playbook_engine.policy.policy import Rule


def fire_rules(turn: Turn) -> None:
    """Fires, or sets a timer for, every rule on the event's type."""
    facts = turn.facts(turn.event.at)
    for rule in turn.policy.rules:
        if rule.event != turn.event.type:
            continue
        if rule.after:
            turn.drop_timers("rule", subject=rule.id)
            due = turn.now + rule.after
            turn.add_timer(Timer(due, level=turn.event.depth, name="rule", subject=rule.id, times=turn.incident.turns))
        else:
            _fire(turn, rule, facts)


def rule_due(turn: Turn, timer: Timer) -> None:
    """Judges a rule again, as of now and as deep as its event was; a newer message has made it pointless."""
    wanted = turn.renamed(timer.subject)
    rule = next((rule for rule in turn.policy.rules if rule.id == wanted), None)
    if rule is None or timer.times != turn.incident.turns or is_over(turn.incident.stage):
        return
    turn.event = replace(turn.event, depth=timer.level)
    _fire(turn, rule, turn.facts(turn.event.at))


def _fire(turn: Turn, rule: Rule, facts: Facts) -> None:
    """`facts` are those before any rule acted: which rules fire does not depend on their order."""
    turn.seen["rules"] = facts
    mark = f"rule:{rule.id}"
    if rule.once_per == "incident" and mark in turn.incident.fired:
        return
    if not holds(rule.when, facts):
        return
    if turn.event.depth >= DEEPEST:
        undecided(turn, f"rule `{rule.id}` answers to what our own deliveries set off")
        return
    turn.explain(rules=(*turn.because.rules, rule.id))
    if rule.once_per == "incident":
        turn.change(fired=(*turn.incident.fired, mark))
    once = None
    if rule.once_per == "author":
        once = Claim(f"once:{rule.id}:{turn.incident.customer}", 1, 1, per=rule.once_within, over="drop")
    for action in rule.actions:
        if holds(action.when, facts):
            act(turn, action, step="rule", purpose="rule", once=once)
