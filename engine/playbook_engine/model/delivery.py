"""One action on its way through the outbox, and what is claimed for it across incidents."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Claim(Struct, frozen=True, omit_defaults=True):
    """Room asked of one tally: `amount` on top of what its window holds must stay within `limit`.

    `tally` names the limit and whom it counts for. `per` is the window in ms counted back from now; 0 means
    for ever. With `zone` the window is the calendar day there instead. `over` says what becomes of a
    delivery that finds no room: `wait`, `ask`, `digest` or `drop`.
    """

    tally: str
    amount: int
    limit: int
    per: int = 0
    zone: str = ""
    over: str = "wait"


class Delivery(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An action with its parameters and its idempotency key.

    `key` is incident:round:step:channel:n. `channel` is where it leaves: the platform, or the kind of
    address for a notification. Picked by (rank, deadline, key); never before `not_before`, nor after
    `not_after`, nor before the deliveries named in `after` have an outcome. `purpose` says what it is for:
    step, rule, escalation, approval, undecided, remedy, closed.
    """

    key: str
    incident: str
    action: str
    channel: str
    parameters: dict[str, Any]
    purpose: str = "step"
    step: str = ""
    account: str = ""
    person: str = ""
    public: bool = False
    automatic: bool = True
    claims: tuple[Claim, ...] = ()
    rank: int = 5
    at: int = 0
    deadline: int = 0
    not_before: int = 0
    not_after: int | None = None
    after: tuple[str, ...] = ()
    depth: int = 0


class Draft(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A delivery that waits for a person.

    `delivery` is what leaves when it is approved, rendered as it was put before the approver; `digest` is
    its SHA-256 and `messages` the incident's message count at that time: an approval names both. `by` is
    who is asked now and `others` who is asked in turn when `within` (ms) passes; the end is undecided.
    `to_finish` marks a text with a part that only a person can write.
    """

    key: str
    delivery: Delivery
    digest: str
    messages: int
    by: str
    person: str
    others: tuple[str, ...] = ()
    within: int = 0
    asked_at: int = 0
    expires_at: int = 0
    editors: tuple[str, ...] = ()
    to_finish: bool = False
    reason: str = ""


class Receipt(Struct, frozen=True, omit_defaults=True):
    """What a plugin says of one delivery.

    `outcome` is `delivered`, `failed` (it will never go), `again` (a passing fault; tried again) or
    `unknown` (it may have gone). `message` is the platform's id of what was said, `result` what an action
    such as lookup found, `error` a sentence for the log without personal data. `by` is the person who says so
    where no plugin could.
    """

    outcome: str = "delivered"
    message: str = ""
    result: dict[str, Any] = {}
    error: str = ""
    again_after: int = 0
    by: str = ""


class Sent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an incident remembers of a delivery. `state` is `out` until an outcome arrives."""

    key: str
    action: str
    channel: str
    purpose: str = "step"
    step: str = ""
    round: int = 0
    automatic: bool = True
    public: bool = False
    apology: bool = False
    state: str = "out"
    message: str = ""
    duty: str = ""
    level: str = ""
    person: str = ""
    by: str = ""
    depth: int = 0
    parameters: dict[str, Any] = {}
