"""What is certain of a condition when only some facts are known."""

from __future__ import annotations

from playbook_engine.model.event import ORIGINS
from playbook_engine.policy.conditions import Always, Any, Condition, Facts, Not, Test, facts_read, holds
from playbook_engine.policy.policy import Policy, Target


def settled(condition: Condition, known: Facts) -> bool | None:
    """Whether it holds for every event with these facts; None where others decide, too."""
    if isinstance(condition, Always):
        return True
    if isinstance(condition, Test):
        return holds(condition, known) if condition.fact in known else None
    if isinstance(condition, Not):
        inner = settled(condition.part, known)
        return None if inner is None else not inner
    decisive = isinstance(condition, Any)
    parts = [settled(part, known) for part in condition.parts]
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def only_overheard(condition: Condition) -> bool:
    """Whether it holds for messages found by listening, and for those alone."""
    others = (settled(condition, {"origin": origin}) for origin in ORIGINS if origin != "listening")
    return settled(condition, {"origin": "listening"}) is not False and all(other is False for other in others)


def targets_of(policy: Policy, department: str) -> tuple[Target, ...]:
    """The targets that may apply while a department answers; those after one that takes the rest are left out."""
    found = []
    for target in policy.targets:
        known = settled(target.when, {"incident.department": department})
        if known is not False:
            found.append(target)
        if known:
            break
    return tuple(found)


def targets_at(policy: Policy, home: str, owner: str) -> tuple[Target, ...]:
    """The targets that some message routed to `home` gets while `owner` answers for it.

    Those that other facts decide, too, are named only where they read none that the way to `home` reads: what is left
    of a fact on that way is not worked out here.
    """
    last = max((number for number, row in enumerate(policy.route) if row.department == home), default=-1)
    read = frozenset(fact for row in policy.route[: last + 1] for fact in facts_read(row.when))
    known = {"incident.department": owner}
    return tuple(
        target
        for target in targets_of(policy, owner)
        if settled(target.when, known) or not read & facts_read(target.when)
    )
