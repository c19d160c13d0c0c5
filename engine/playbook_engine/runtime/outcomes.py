"""What became of a delivery, as an event that its incident decides on."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playbook_engine.model.event import Event
from playbook_engine.runtime.outbox import SETTLED
from playbook_engine.runtime.store import StoredDelivery

TYPE_OF = {
    "delivered": "action.delivered",
    "failed": "action.failed",
    "dead": "action.failed",
    "unknown": "action.unknown",
    "over": "action.over",
    "expired": "action.expired",
    "cancelled": "action.failed",
}
"""A delivery's last state to the event that tells of it. One that its incident cancelled has none; a person did."""


def outcome(row: StoredDelivery, now: int, at: int | None = None, **more: Any) -> Event:
    """The event for a delivery that has come to its end, at `at` if that was earlier than now.

    A delivery has one end after each attempt, and a person may say later what that was: so its key, the number of
    attempts and whether somebody said so name the event.
    """
    receipt = row.receipt
    by = receipt.by if receipt is not None and receipt.outcome != "again" else ""
    told = {
        "message": receipt.message if receipt is not None else "",
        "result": receipt.result if receipt is not None else {},
        "error": receipt.error if receipt is not None else "",
    }
    mark = f"{row.attempts}:{SETTLED}" if by else str(row.attempts)
    event = _event(row, TYPE_OF[row.status], mark, now, {**told, **more})
    return replace(event, at=now if at is None else min(at, now), by=by)


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
