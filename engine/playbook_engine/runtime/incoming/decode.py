"""One JSON object to an `Incoming`: a CloudEvents 1.0 record, a plain message, or what a person says by hand.

See https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md for the first. Its
`data` has the fields of the plain form. Event types are those of SEMANTICS 1.2 by their exact names, also with
`playbook.` before them, for brokers that demand a prefix.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from playbook_engine.model.event import ENGINE_TYPES, EVENT_TYPES, PEOPLE_TYPES
from playbook_engine.runtime.incoming import cleaning, fields
from playbook_engine.runtime.incoming.fields import Row
from playbook_engine.runtime.incoming.outcomes import (
    KEPT_BYTES,
    Incoming,
    Sender,
    SetAside,
    Unfit,
    said_digest,
    set_aside,
)
from playbook_engine.runtime.incoming.parse import Piece, parse
from playbook_engine.runtime.incoming.said import message_event, peoples_event, place_of
from playbook_engine.text.nearest import nearest

TYPE_PREFIX = "playbook."
OWN_SOURCE = "engine"
"""The engine's own events come from this source, or from one that begins with it and a colon."""


class _Head(NamedTuple):
    type: str
    source: str
    id: str
    at: int | None


def decode(piece: Piece, sender: Sender) -> Iterator[Incoming | SetAside]:
    """One outcome for an object; one for each item where the piece is an array (a batch)."""
    if not isinstance(piece.value, list):
        yield read_event(piece, sender)
        return
    for count, value in enumerate(piece.value, 1):
        item = Piece(f"{piece.place}, item {count}", value, _written(value) or piece.body)
        yield read_event(item, sender)


def read_event(piece: Piece, sender: Sender) -> Incoming | SetAside:
    """The piece as an event, of whichever form it is."""
    row = piece.value
    try:
        if not isinstance(row, dict):
            raise Unfit("not-an-object", f"`{cleaning.shown(row)}` is no JSON object; write one in braces")
        event = _cloud_event(row, sender) if "specversion" in row else plain_event(row, sender)
    except Unfit as fault:
        return set_aside(fault, piece.place, piece.body)
    return replace(event, place=piece.place, body=piece.body[:KEPT_BYTES])


def plain_event(row: Row, sender: Sender, counted: bool = False) -> Incoming:
    """The form of hand-written lines and of mapped messages. Raises Unfit. `counted`: `at` may be ms."""
    kind = _plain_type(row, sender)
    at = fields.instant(row, "at", "created_at", "time", counted=counted)
    name = fields.identifier(row, "id")
    if not name and kind not in PEOPLE_TYPES:
        fields.missing("id", row, "give every message an id of its own, so that a repetition is known")
    event = _event(_Head(kind, sender.name or _plain_source(row, kind, sender), name, at), row, sender)
    if name:
        return event
    # What a person writes by hand has no id; said again with the same words and time it is the same.
    return replace(event, id=sha256(f"{said_digest(event)} {at}".encode()).hexdigest()[:32])


def _cloud_event(row: Row, sender: Sender) -> Incoming:
    if row["specversion"] != "1.0":
        fields.refuse("specversion", row["specversion"], "CloudEvents of version `1.0` are read")
    kind = _type(fields.identifier(row, "type"), sender)
    source, name = fields.identifier(row, "source"), fields.identifier(row, "id")
    if not source or not name:
        fields.missing("id" if source else "source", row, "a CloudEvent has `source` and `id`")
    if source == OWN_SOURCE or source.startswith(f"{OWN_SOURCE}:"):
        raise Unfit("forged", f"the source `{cleaning.shown(source)}` is the engine's own; name your own")
    said = _cloud_data(row)
    at = fields.instant(row, "time")
    at = fields.instant(said, "at", "created_at", "time") if at is None else at
    return _event(_Head(kind, source, name, at), said, sender)


def _cloud_data(row: Row) -> Row:
    said = row.get("data")
    coded = row.get("data_base64")
    if said is None and isinstance(coded, str):
        try:
            said = parse(b64decode(coded, validate=True).decode())
        except ValueError:
            fields.refuse("data_base64", coded, "only JSON, UTF-8, in base64 is read")
    if said is None:
        return {}
    if not isinstance(said, dict):
        fields.refuse("data", said, "write an object with the fields of a message")
    return said


def _event(head: _Head, row: Row, sender: Sender) -> Incoming:
    event = (
        peoples_event(head.type, row, sender) if head.type in PEOPLE_TYPES else message_event(head.type, row, sender)
    )
    message = event.message or ("" if head.type in PEOPLE_TYPES else head.id)
    return replace(event, source=head.source, id=head.id, at=head.at, message=message)


def _plain_type(row: Row, sender: Sender) -> str:
    if row.get("type") is not None:
        return _type(fields.identifier(row, "type"), sender)
    inbound = fields.flag(row, "inbound", default=True)
    return _type("message.received" if inbound else "message.sent", sender)


def _plain_source(row: Row, kind: str, sender: Sender) -> str:
    """By where the message was said, so that a file gives the same keys whatever it is called."""
    if kind in PEOPLE_TYPES:
        return "people"
    channel, account = place_of(row, sender)
    return f"plain:{channel}/{account}" if account else f"plain:{channel}"


def _type(said: str, sender: Sender) -> str:
    kind = said.removeprefix(TYPE_PREFIX)
    if kind not in EVENT_TYPES:
        raise Unfit("unknown-type", f"`{cleaning.shown(said)}` is no event type; {_meant(said)}")
    if kind in ENGINE_TYPES:
        raise Unfit("forged", f"`{kind}` is said by the engine alone; take it out")
    if kind not in sender.may_send:
        advice = "let the source declare it, or say it where people are known by name"
        raise Unfit("forged", f"`{kind}` may not come from this source; {advice}")
    return kind


def _meant(said: str) -> str:
    within = [kind for kind in EVENT_TYPES if kind in said]
    meant = within[0] if within else nearest(said, EVENT_TYPES)
    return f"did you mean `{meant}`?" if meant else "a customer's message is `message.received`"


def _written(value: object) -> bytes:
    """The value as JSON again; nothing where it holds what JSON cannot carry, such as a lone surrogate."""
    try:
        return msgspec.json.encode(value)
    except (ValueError, OverflowError):
        return b""
