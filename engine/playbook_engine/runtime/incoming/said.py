"""The fields of an event: what a message says, and what a person says of an incident."""

from __future__ import annotations

from typing import Any

from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import CUSTOMER_TYPES, ORIGINS, Author
from playbook_engine.runtime.incoming import cleaning, fields
from playbook_engine.runtime.incoming.fields import Row
from playbook_engine.runtime.incoming.outcomes import Incoming, Sender

PRIVATE_CHANNELS = frozenset(
    (
        *("chat", "email", "form", "line", "phone", "sms"),
        *("direct", "dm", "intercom", "messenger", "slack", "telegram", "web", "wechat", "whatsapp"),
    )
)
"""Where only the customer and we read what is written, unless the message says otherwise."""

_FIELDS = frozenset(
    (
        *("id", "type", "source", "at", "created_at", "time", "data", "labels", "by", "incident"),
        *("channel", "account", "origin", "public", "automatic", "imported", "inbound", "attachments", "author"),
        *("lang", "message", "in_reply_to", "conversation", "conversation_id"),
    )
)
"""What events of people do not carry in their `data`."""

_LONGEST_SUBJECT = 1_000


def message_event(kind: str, row: Row, sender: Sender) -> Incoming:
    """A message of a customer or of ours, without source, id and time. Raises Unfit."""
    channel, account = place_of(row, sender)
    if not channel:
        fields.missing("channel", row, "name the platform, as in `x` or `email`")
    message = fields.identifier(row, "message")
    if not message and kind in ("message.edited", "message.deleted"):
        fields.missing("message", row, "name the message that was changed")
    text, whole = fields.text(row, "text")
    attachments = fields.attachments(row)
    if not text and not attachments and kind != "message.deleted":
        fields.missing("text", row, "write what was said; it may be empty where there are `attachments`")
    author = _author(row)
    in_reply_to = fields.identifier(row, "in_reply_to")
    origin, public = _origin(row, channel, in_reply_to)
    return Incoming(
        source="",
        id="",
        type=kind,
        channel=channel,
        account=account,
        origin=origin,
        public=public,
        automatic=fields.flag(row, "automatic", default=False),
        imported=fields.flag(row, "imported", default=False),
        attachments=attachments,
        author=author,
        text=text,
        lang=cleaning.language(fields.name(row, "lang")),
        message=message or fields.identifier(row, "id"),
        in_reply_to=in_reply_to,
        conversation=fields.identifier(row, "conversation", "conversation_id"),
        by="" if kind in CUSTOMER_TYPES else fields.identifier(row, "by") or author.handle,
        data=_message_data(row, whole),
    )


def peoples_event(kind: str, row: Row, sender: Sender) -> Incoming:
    """What a person did, without source, id and time. Raises Unfit."""
    by = fields.identifier(row, "by")
    if not by:
        fields.missing("by", row, "say who, by the id that the playbook gives the person")
    channel, account = place_of(row, sender)
    incident = fields.identifier(row, "incident")
    conversation = fields.identifier(row, "conversation", "conversation_id")
    in_reply_to = fields.identifier(row, "in_reply_to")
    data = _rest(row)
    if kind == "mode.switched":
        if not data.get("mode"):
            fields.missing("mode", row, "name the mode")
    elif not incident and not (channel and (conversation or in_reply_to)):
        fields.missing("incident", row, "name it, or `channel` with `conversation_id` or `in_reply_to`")
    origin, public = _origin(row, channel, in_reply_to)
    return Incoming(
        source="",
        id="",
        type=kind,
        channel=channel,
        account=account,
        origin=origin,
        public=public,
        message=fields.identifier(row, "message"),
        in_reply_to=in_reply_to,
        conversation=conversation,
        incident=incident,
        by=by,
        data=data,
    )


def place_of(row: Row, sender: Sender) -> tuple[str, str]:
    """Channel and account, where the message leaves them blank those of its sender."""
    return fields.identifier(row, "channel") or sender.channel, fields.identifier(row, "account") or sender.account


def _author(row: Row) -> Author:
    said = row.get("author")
    if said is None:
        return Author()
    if isinstance(said, (str, int)):
        return Author(handle=fields.identifier(row, "author"))
    if not isinstance(said, dict):
        fields.refuse("author", said, "write an object with `handle`, or the handle itself")
    return Author(
        handle=fields.identifier(said, "handle"),
        name=fields.name(said, "name"),
        followers=fields.number(said, "followers"),
        verified=None if said.get("verified") is None else fields.flag(said, "verified", default=False),
    )


def _origin(row: Row, channel: str, in_reply_to: str) -> tuple[str, bool]:
    """Where the message was found, and whether everybody can read it."""
    origin = fields.identifier(row, "origin")
    if origin and origin not in ORIGINS:
        fields.refuse("origin", origin, f"write one of {', '.join(f'`{each}`' for each in ORIGINS)}")
    public = fields.flag(row, "public", default=origin != "direct" and channel not in PRIVATE_CHANNELS)
    if origin or not public:
        return origin or "direct", public
    if channel in ("review", "reviews"):
        return "review", public
    return "thread" if in_reply_to else "mention", public


def _message_data(row: Row, whole: int) -> dict[str, Any]:
    """The subject of a mail, the step that a person's message is, and how long a cut text was."""
    data: dict[str, Any] = {"text_length": whole} if whole else {}
    if subject := fields.text(row, "subject")[0]:
        data["subject"] = subject[:_LONGEST_SUBJECT]
    if step := fields.identifier(row, "step"):
        if step not in STEPS:
            fields.refuse("step", step, f"write one of {', '.join(f'`{each}`' for each in STEPS)}")
        data["step"] = step
    return data


def _rest(row: Row) -> dict[str, Any]:
    """What a person's event says beyond the fields of all events, at the top or under `data`."""
    held = row.get("data")
    both = {**row, **held} if isinstance(held, dict) else row
    return {
        cleaning.clean_name(key[:200]): fields.extra(value, cleaning.shown(key))
        for key, value in both.items()
        if key not in _FIELDS and value is not None
    }
