"""What is certain of a condition when only some facts are known."""

from __future__ import annotations

from playbook_engine.policy.conditions import Always, Any, Condition, Facts, Not, Test, holds
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
