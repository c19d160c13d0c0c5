"""What a delivery claims across incidents: the limits that cover it. SEMANTICS 10."""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Limit, Policy

OVER = {"hold": "wait", "ask": "ask", "digest": "digest", "drop": "drop"}


def with_limits(policy: Policy, incident: Incident, delivery: Delivery) -> Delivery:
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
