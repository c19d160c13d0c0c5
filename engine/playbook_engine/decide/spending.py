"""What a department may spend by itself, and who is asked above that. SEMANTICS 8.2 and 10."""

from __future__ import annotations

from playbook_engine.decide.turn import Turn
from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.policy.policy import Approval, Authority


def authority(turn: Turn, action: str) -> Authority | None:
    """What the incident's department may spend with the action; None where nothing is said."""
    department = turn.department()
    return department.may_spend.get(action) if department is not None else None


def amount_of(delivery: Delivery) -> int | None:
    amount = delivery.parameters.get("amount")
    return amount if isinstance(amount, int) and not isinstance(amount, bool) else None


def over_authority(turn: Turn, delivery: Delivery) -> tuple[str, Approval | None] | None:
    """Why the money needs somebody's word, and whose; None when the department may give it."""
    amount, allowed = amount_of(delivery), authority(turn, delivery.action)
    if amount is None:
        return None
    if allowed is None:
        return ("over-authority", None)
    total = turn.incident.spent.get(delivery.action, 0) + amount
    if allowed.per_incident is None or total <= allowed.per_incident.amount:
        return None
    if allowed.approver and (allowed.up_to is None or total <= allowed.up_to.amount):
        return ("over-authority", Approval(allowed.approver))
    return ("not-allowed", None)


def spending_claims(turn: Turn, delivery: Delivery) -> tuple[Claim, ...]:
    """The department's day is checked across incidents when it is spent."""
    amount, allowed = amount_of(delivery), authority(turn, delivery.action)
    if amount is None or allowed is None or allowed.per_day is None:
        return ()
    tally = f"spend:{turn.incident.department}:{delivery.action}"
    return (Claim(tally, amount, allowed.per_day.amount, zone=turn.policy.timezone, over="ask"),)
