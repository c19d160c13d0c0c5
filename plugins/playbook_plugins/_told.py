"""A delivery as other programs are told of it: the same fields in a log line and in a webhook's body."""

from __future__ import annotations

from playbook_engine import Delivery


def told(delivery: Delivery) -> dict[str, object]:
    """The fields of a delivery that say what it is, in a steady order; what only the outbox needs is left out."""
    return {
        "key": delivery.key,
        "incident": delivery.incident,
        "action": delivery.action,
        "channel": delivery.channel,
        "purpose": delivery.purpose,
        "step": delivery.step,
        "account": delivery.account,
        "person": delivery.person,
        "public": delivery.public,
        "automatic": delivery.automatic,
        "parameters": delivery.parameters,
    }
