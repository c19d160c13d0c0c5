"""Whether a delivery may leave now: its claims against what the tallies already hold. SEMANTICS 10.

An entry counts from its instant until its window has passed it: with a window of ten minutes, one of 12:00:00.000
counts at 12:09:59.999 and no longer at 12:10:00.000. Entries later than `now` count too, so two machines whose
clocks differ cannot exceed a limit together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.policy.zones import DAY_SECONDS, EPOCH_DAY, instants, load_zone, local_day


class Entry(Struct, frozen=True):
    """`amount` that a delivery took of a tally at the instant `at` (ms UTC)."""

    tally: str
    delivery: str
    amount: int
    at: int


class Granted(Struct, frozen=True):
    """There is room in every tally."""


class Wait(Struct, frozen=True):
    """There is room at `until` (ms UTC), if nothing else takes it."""

    until: int
    tally: str = ""


class Over(Struct, frozen=True):
    """A tally is full. `over` is `ask`, `drop` or `digest`; `until` is when it has room, None for never."""

    tally: str
    over: str
    until: int | None = None


Verdict = Granted | Wait | Over

_FIRST = ("drop", "ask", "digest", "wait")


def grant(entries: Iterable[Entry], delivery: Delivery, now: int) -> Verdict:
    """Granted where all claims have room beside the entries of other deliveries.

    Where several find none, what ends the delivery goes before what delays it: drop, ask, digest, wait. A claim
    that would wait for ever (it asks for more than the limit, or its window has no end) asks a person.
    """
    others = [entry for entry in entries if entry.delivery != delivery.key]
    full: dict[str, list[tuple[Claim, int | None]]] = {}
    for claim in delivery.claims:
        until = _room_at(claim, [entry for entry in others if entry.tally == claim.tally], now)
        if until != now:
            over = "ask" if until is None and claim.over in ("wait", "digest") else claim.over
            full.setdefault(over, []).append((claim, until))
    if not full:
        return Granted()
    over = next(name for name in _FIRST if name in full)
    claim, until = full[over][0]
    if over in ("drop", "ask"):
        return Over(claim.tally, over, until)
    latest, claim = max(
        ((until, claim) for waiting in full.values() for claim, until in waiting if until is not None),
        key=lambda pair: pair[0],
    )
    return Over(claim.tally, "digest", latest) if over == "digest" else Wait(latest, claim.tally)


def window_start(claim: Claim, now: int) -> int | None:
    """Entries before this instant do not count at `now`; None when all do."""
    if claim.zone:
        return _day(claim.zone, now)[0]
    return now - claim.per + 1 if claim.per else None


def entries_for(delivery: Delivery, now: int) -> tuple[Entry, ...]:
    """What the delivery writes into the ledger when it is granted: one entry for each tally."""
    amounts: dict[str, int] = {}
    for claim in delivery.claims:
        amounts[claim.tally] = max(claim.amount, amounts.get(claim.tally, claim.amount))
    return tuple(Entry(tally, delivery.key, amount, now) for tally, amount in sorted(amounts.items()))


def _room_at(claim: Claim, entries: Sequence[Entry], now: int) -> int | None:
    """The first instant from `now` on at which the claim fits; None for never."""
    start = window_start(claim, now)
    counted = sorted((entry.at, entry.amount) for entry in entries if start is None or entry.at >= start)
    held = sum(amount for _, amount in counted)
    if held + claim.amount <= claim.limit:
        return now
    if claim.amount > claim.limit or start is None:
        return None
    for at, amount in counted:
        held -= amount
        if held + claim.amount <= claim.limit:
            return _day(claim.zone, at)[1] if claim.zone else at + claim.per
    return None


def _day(zone: str, at: int) -> tuple[int, int]:
    """The first instant of the local day that `at` lies in, and of the day after it."""
    place = load_zone(zone)
    midnight = (local_day(place, at) - EPOCH_DAY) * DAY_SECONDS
    day = instants(place, midnight, midnight + DAY_SECONDS)
    assert day is not None, "a local day that holds an instant lasts some time"
    return day
