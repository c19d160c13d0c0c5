"""What one piece of input becomes: an event for the door, a piece set aside, or one that is no message."""

from __future__ import annotations

from hashlib import sha256
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct

from playbook_engine.model.event import CUSTOMER_TYPES, OUR_TYPES, PEOPLE_TYPES, Author, Event

MESSAGES = frozenset(CUSTOMER_TYPES + OUR_TYPES)
"""What a platform's source may send unless it declares otherwise."""

PEOPLE = frozenset(PEOPLE_TYPES)
"""What only a door at which people are known may send; a file that an operator names is one."""

KEPT_BYTES = 65_536
"""How much of a piece that was set aside is kept."""

REASONS = MappingProxyType(
    {
        "not-json": "the line or body is not JSON",
        "not-utf-8": "the bytes are not UTF-8",
        "not-an-object": "the JSON is no object",
        "too-deep": "the JSON is nested too deeply",
        "too-large": "the line, body or a field is over its limit",
        "unknown-type": "no such event type",
        "forged": "this source may not send events of this type",
        "missing-field": "a field that is needed is not there",
        "wrong-type": "a field holds another kind of value",
        "bad-time": "a time that names no instant",
        "mapping-failed": "the mapping could not read the payload",
        "unknown-channel": "the playbook has no such channel",
        "id-reused": "the source used this id for other content",
        "duplicate": "the source sent this before; counted only",
        "no-such-incident": "no incident to which this event could belong",
    }
)
"""The closed list of reasons for which a piece is not admitted."""


class Sender(Struct, frozen=True, kw_only=True):
    """Whoever stands before the door: what it may send, and what it need not say itself.

    `name` becomes the `source` of plain and mapped events; "" derives one from channel and account, so that
    a file read again gives the same keys. `channel` and `account` fill fields that a message leaves blank.
    `ours` lists handles under which we write ourselves.
    """

    name: str = ""
    may_send: frozenset[str] = MESSAGES
    channel: str = ""
    account: str = ""
    ours: tuple[str, ...] = ()


class Incoming(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event before the door: checked, cleaned, without stamps.

    `at` is ms UTC, None where the source has no clock. `place` says where it was read and `body` is what
    was read there, cut at `KEPT_BYTES`. The other fields are those of `Event`.
    """

    source: str
    id: str
    type: str
    at: int | None = None
    channel: str = ""
    account: str = ""
    origin: str = "mention"
    public: bool = True
    automatic: bool = False
    imported: bool = False
    attachments: int = 0
    author: Author = Author()
    text: str = ""
    lang: str = ""
    message: str = ""
    in_reply_to: str = ""
    conversation: str = ""
    incident: str = ""
    by: str = ""
    data: dict[str, Any] = {}
    place: str = ""
    body: bytes = b""


class SetAside(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of input that did not become an event.

    `reason` is a key of `REASONS`. `sentence` names the place, the offending text and what to do. `source`
    and `id` are given where they could be read.
    """

    reason: str
    place: str
    sentence: str
    body: bytes = b""
    source: str = ""
    id: str = ""


class Skipped(Struct, frozen=True, kw_only=True):
    """A payload, or a part of one, that a mapping knows to be no message: a like, a follow, typing."""

    place: str
    mapping: str
    kind: str


Outcome = Incoming | SetAside | Skipped


class Unfit(Exception):
    """One piece cannot be used. The reader that knows its place makes a `SetAside` of it."""

    def __init__(self, reason: str, sentence: str) -> None:
        self.reason = reason
        self.sentence = sentence
        super().__init__(sentence)


def set_aside(fault: Unfit, place: str, body: bytes) -> SetAside:
    return SetAside(
        reason=fault.reason,
        place=place,
        sentence=f"{place}: {fault.sentence}",
        body=body[:KEPT_BYTES],
    )


def said_digest(event: Incoming | Event) -> str:
    """SHA-256 of what an event says, to tell a repetition from an id used twice.

    Times, names, follower counts, attachments and the language are left out: platforms restate them when
    they deliver the same message again, and a page that is read twice has other counts.
    """
    said = (
        event.type,
        event.channel,
        event.account,
        event.author.handle,
        event.text,
        event.message,
        event.in_reply_to,
        event.conversation,
        event.incident,
        event.by,
        event.data,
    )
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()
