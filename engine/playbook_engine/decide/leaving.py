"""A delivery on its way out of a decision: what it claims, and what its incident remembers of it. SEMANTICS 10."""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.decide.turn import Turn
from playbook_engine.model.delivery import Claim, Delivery, Sent
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Limit, Policy

OVER = {"hold": "wait", "ask": "ask", "digest": "digest", "drop": "drop"}


def leave(
    turn: Turn, delivery: Delivery, *, by: str = "", apology: bool = False, duty: str = "", level: str = ""
) -> None:
    """Puts a delivery on its way. `by` is the person whose doing it is; without one it is automatic."""
    if by:  # what a person approved is never too late
        delivery = replace(delivery, not_after=None)
    delivery = _with_limits(turn.policy, turn.incident, replace(delivery, automatic=not by))
    turn.deliveries.append(delivery)
    turn.put_sent(
        Sent(
            key=delivery.key,
            action=delivery.action,
            channel=delivery.channel,
            purpose=delivery.purpose,
            step=delivery.step,
            round=turn.incident.round,
            automatic=delivery.automatic,
            public=delivery.public,
            apology=apology,
            duty=duty,
            level=level,
            person=delivery.person,
            by=by,
            depth=delivery.depth,
            parameters={} if delivery.action == "notify" else delivery.parameters,
        )
    )


def _with_limits(policy: Policy, incident: Incident, delivery: Delivery) -> Delivery:
    """The delivery with a claim for every limit of its action."""
    claims = tuple(_claim(limit, incident, delivery) for limit in policy.limits if limit.action == delivery.action)
    return replace(delivery, claims=(*delivery.claims, *claims)) if claims else delivery


def _claim(limit: Limit, incident: Incident, delivery: Delivery) -> Claim:
    counted_for = {
        "author": incident.customer,
        "person": delivery.person,
        "account": f"{incident.channel}:{incident.account}",
        "platform": delivery.channel,
        "all": "",
    }[limit.per]
    tally = f"limit:{limit.id}:{counted_for}"
    return Claim(tally, 1, limit.most, per=limit.within, over=OVER[limit.then])
