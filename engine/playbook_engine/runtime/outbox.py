"""What a person does about a delivery: send it again, take it back, or say whether it went.

The word is left at the delivery, in one transaction. The engine that works on the store, or the next that does, acts
on it and tells the incident by an event that names the person.
"""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.errors import UsageError
from playbook_engine.model.delivery import Receipt
from playbook_engine.runtime.store import Store, StoredDelivery, transaction

SETTLED = "settled"
"""As what a delivery is held by: a person has said what became of it."""

AGAIN = ("dead", "failed")
"""The states that can be sent again; of one that is unknown a person says first whether it went."""

_AT_ONCE = 0


def retry(store: Store, key: str, by: str, anyway: bool = False) -> StoredDelivery:
    """Sends once more what could not be delivered. Raises UsageError, also for what no longer makes sense.

    `anyway` sends it though the customer has been answered meanwhile. One attempt is made, under the same key.
    """
    with transaction(store):
        row = _known(store, key, AGAIN, "sent again")
        if not anyway and (why := _passed(store, row)):
            raise UsageError(f"`{key}` no longer makes sense: {why}; send it nevertheless with --anyway")
        told = Receipt("again", error=f"sent again by {by}", by=by)
        return _put(store, replace(row, status="waiting", held="", next_try=_AT_ONCE, receipt=told))


def cancel(store: Store, key: str, by: str) -> StoredDelivery:
    """Takes back what has not left. Raises UsageError."""
    with transaction(store):
        row = _known(store, key, ("waiting",), "taken back")
        told = Receipt("cancelled", error=f"taken back by {by}", by=by)
        return _put(store, replace(row, held=SETTLED, next_try=_AT_ONCE, receipt=told))


def settle(store: Store, key: str, went: bool, by: str, message: str = "") -> StoredDelivery:
    """Says of an unknown one whether it went, and as which message of the platform. Raises UsageError.

    What went counts from when it was sent, not from when somebody looked.
    """
    with transaction(store):
        row = _known(store, key, ("unknown",), "settled")
        told = Receipt("delivered", message=message, by=by) if went else Receipt("failed", error="it never went", by=by)
        return _put(store, replace(row, status="waiting", held=SETTLED, receipt=told))


def _known(store: Store, key: str, states: tuple[str, ...], what: str) -> StoredDelivery:
    row = store.delivery(key)
    if row is None:
        raise UsageError(f"no delivery has the key `{key}`; `playbook outbox list` shows them")
    if row.status not in states or row.held == SETTLED:
        state = row.status if row.held != SETTLED else "settled already"
        raise UsageError(f"`{key}` is {state}; what is {' or '.join(states)} can be {what}")
    return row


def _put(store: Store, row: StoredDelivery) -> StoredDelivery:
    store.put_delivery(row)
    return row


def _passed(store: Store, row: StoredDelivery) -> str:
    """Why a message to a customer is not to be sent any more, "" where nothing speaks against it."""
    incident = store.incident(row.delivery.incident)
    if incident is None or row.delivery.action not in ("send", "post"):
        return ""
    if incident.stage in ("resolved", "closed", "merged"):
        return f"its incident is {incident.stage}"
    if row.delivery.automatic and incident.taken_by:
        return f"{incident.taken_by} has taken the incident"
    sent = next((sent for sent in incident.sent if sent.key == row.key), None)
    met = {(duty.step, duty.round) for duty in incident.duties if not duty.unmet}
    if sent is not None and (sent.step, sent.round) in met:
        return f"the {sent.step} it was for is done"
    return ""
