"""What became of a delivery, as an event that its incident decides on."""

from __future__ import annotations

from typing import Any

from playbook_engine.model.event import Event
from playbook_engine.runtime.store import StoredDelivery

TYPE_OF = {
    "delivered": "action.delivered",
    "failed": "action.failed",
    "dead": "action.failed",
    "unknown": "action.unknown",
    "over": "action.over",
    "expired": "action.expired",
}
"""A delivery's last state to the event that tells of it. One that was cancelled has none: its incident did that."""


def outcome(row: StoredDelivery, now: int, **more: Any) -> Event:
    """The event for a delivery that has come to its end.

    A delivery has one end, so its key and the number of attempts name the event.
    """
    receipt = row.receipt
    told = {
        "message": receipt.message if receipt is not None else "",
        "result": receipt.result if receipt is not None else {},
        "error": receipt.error if receipt is not None else "",
    }
    return _event(row, TYPE_OF[row.status], str(row.attempts), now, {**told, **more})


def held(row: StoredDelivery, now: int, because: str) -> Event:
    """The event for a delivery that has to wait; the incident hears of it once."""
    return _event(row, "action.held", "held", now, {"because": because, "until": row.next_try})


def _event(row: StoredDelivery, type: str, mark: str, now: int, told: dict[str, Any]) -> Event:
    delivery = row.delivery
    return Event(
        source="engine",
        id=f"{delivery.key}#{mark}",
        type=type,
        at=now,
        seen_at=now,
        channel=delivery.channel,
        account=delivery.account,
        public=delivery.public,
        automatic=delivery.automatic,
        person=delivery.person,
        incident=delivery.incident,
        depth=delivery.depth + 1,
        data={"key": delivery.key, **told},
    )
