"""What happened, as it is stored: a CloudEvents 1.0 record in our own words, stamped by the door.

See https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md for `source`, `id` and `type`.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

FactValue = bool | int | str | tuple[str, ...]
"""A flag; a number, duration (ms) or money (minor units); a name; a sorted set of names."""

CUSTOMER_TYPES = ("message.received", "message.edited", "message.deleted")
OUR_TYPES = ("message.sent",)
PEOPLE_TYPES = (
    "incident.acknowledged",
    "incident.assigned",
    "incident.waiting",
    "incident.resolved",
    "incident.linked",
    "duty.waived",
    "remedy.granted",
    "approval.granted",
    "approval.refused",
    "mode.switched",
)
ENGINE_TYPES = (
    "timer.due",
    "approval.expired",
    "action.delivered",
    "action.failed",
    "action.unknown",
    "action.held",
    "action.over",
    "action.expired",
    "source.silent",
    "mode.started",
    "mode.ended",
)
EVENT_TYPES = CUSTOMER_TYPES + OUR_TYPES + PEOPLE_TYPES + ENGINE_TYPES
"""The closed list of SEMANTICS 1.2."""

ORIGINS = ("mention", "thread", "direct", "listening", "review")


class Author(Struct, frozen=True, omit_defaults=True):
    """Who wrote. `followers` and `verified` are None where the source does not say."""

    handle: str = ""
    name: str = ""
    followers: int | None = None
    verified: bool | None = None


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event after the door. Instants are milliseconds UTC.

    `(source, id)` names it; `message` is the platform's own id of the message, the second key. `at` is when
    it happened by the source, already cut to the seven days before `seen_at`. `conversation` is the root
    post in public and the peer in private. `incident` is set on events that name their incident. `data`
    holds what belongs to one type only.
    """

    source: str
    id: str
    type: str
    at: int
    seen_at: int
    seq: int = 0
    policy: str = ""
    modes: tuple[str, ...] = ()
    channel: str = ""
    account: str = ""
    origin: str = "mention"
    public: bool = True
    automatic: bool = False
    imported: bool = False
    attachments: int = 0
    author: Author = Author()
    person: str = ""
    text: str = ""
    lang: str = ""
    message: str = ""
    in_reply_to: str = ""
    conversation: str = ""
    incident: str = ""
    by: str = ""
    depth: int = 0
    enrichment: dict[str, FactValue] = {}
    missing: dict[str, str] = {}
    data: dict[str, Any] = {}

    @property
    def key(self) -> str:
        """`source` and `id` in one text, as decisions and records name the event."""
        return f"{self.source}#{self.id}"
