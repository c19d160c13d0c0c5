"""What may leave now: pauses first, then the claims against the tallies. SEMANTICS 10.

One transaction reads the entries, judges and writes. Entries are keyed by the delivery, so a retry replaces its own.
"""

from __future__ import annotations

from playbook_engine.decide.grant import Granted, Verdict, entries_for, grant, window_start
from playbook_engine.model.delivery import Delivery
from playbook_engine.runtime.store import Store, transaction


def claim(store: Store, delivery: Delivery, now: int) -> Verdict:
    """Grants the delivery all that it claims, or nothing."""
    if not delivery.claims:
        return Granted()
    with transaction(store):
        found = [entry for tally, start in _starts(delivery, now) for entry in store.entries(tally, start)]
        verdict = grant(found, delivery, now)
        if isinstance(verdict, Granted):
            store.put_entries(entries_for(delivery, now))
    return verdict


def _starts(delivery: Delivery, now: int) -> list[tuple[str, int | None]]:
    """Each tally once, and from when on its entries are wanted; None for all."""
    starts: dict[str, int | None] = {}
    for claim in delivery.claims:
        start = window_start(claim, now)
        held = starts.get(claim.tally, start)
        starts[claim.tally] = None if start is None or held is None else min(start, held)
    return list(starts.items())


def paused_by(store: Store, delivery: Delivery) -> str:
    """The pause that keeps the delivery back, "" for none. Our own people are told all the same."""
    if delivery.action == "notify":
        return ""
    scopes = [pause.scope for pause in store.pauses()]
    if any(scope.startswith("department:") for scope in scopes):
        incident = store.incident(delivery.incident)
        department = incident.department if incident is not None else ""
    else:
        department = ""
    mine = ("everything", f"channel:{delivery.channel}", f"department:{department}")
    return next((scope for scope in scopes if scope in mine), "")
