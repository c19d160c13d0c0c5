"""Which part of what is kept is personal, and what is left when that part is gone. SEMANTICS 12.

A record holds the public part of a decision, and digests: of the event's public part a plain one, of personal parts
only salted ones. The salt is the incident's secret; without it a digest says nothing about what it was made of.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from playbook_engine.decide.address import private_thread
from playbook_engine.model.delivery import Delivery, Draft, Sent
from playbook_engine.model.event import Author, Event, FactValue
from playbook_engine.model.incident import Incident

PUBLIC_DATA = frozenset(
    {
        *("absorbed", "account", "action", "amount", "currency", "department", "draft", "duties", "elsewhere"),
        *("error", "into", "key", "message", "messages", "mode", "on", "over", "remedy", "step", "tally"),
        *("to", "until", "within"),
    }
)
"""What of an event's `data` holds nothing of a person; every other key is personal."""

_QUOTING = ("approval", "rule")
"""The purposes of notifications that may quote a customer."""


class Personal(Struct, frozen=True, omit_defaults=True):
    """What of one event is about a person: taken away by `public_event`, put back by `whole_event`."""

    handle: str = ""
    name: str = ""
    text: str = ""
    conversation: str = ""
    enrichment: dict[str, FactValue] = {}
    data: dict[str, Any] = {}


NOTHING_PERSONAL = Personal()


def salted(secret: bytes, part: bytes) -> str:
    """The digest of a personal part: 64 hexadecimal digits of SHA-256 over the secret's 32 bytes and the part."""
    return sha256(secret + part).hexdigest()


def public_event(event: Event, part: Personal | None = None) -> Event:
    """The event without its personal part, which is made anew where it is not given."""
    if part is None:
        part = personal_of(event)
    if part == NOTHING_PERSONAL:
        return event
    return replace(
        event,
        author=replace(event.author, handle="", name=""),
        text="",
        conversation="" if part.conversation else event.conversation,
        enrichment={},
        data={name: value for name, value in event.data.items() if name not in part.data},
    )


def personal_of(event: Event) -> Personal:
    """The personal part of an event."""
    private = {name: value for name, value in event.data.items() if not _is_public(event, name)}
    return Personal(
        handle=event.author.handle,
        name=event.author.name,
        text=event.text,
        conversation=event.conversation if _names_somebody(event) else "",
        enrichment=event.enrichment,
        data=private,
    )


def _is_public(event: Event, name: str) -> bool:
    return name in PUBLIC_DATA or (name == "because" and event.source == "engine")


def _names_somebody(event: Event) -> bool:
    """In private a conversation may be the peer's handle; only of the peer's own message can we tell that it is not."""
    if event.public or not event.conversation:
        return False
    return not event.person or plain_handle(event.conversation) == plain_handle(event.author.handle)


def whole_event(event: Event, part: Personal) -> Event:
    """A public event with its personal part put back."""
    if part == NOTHING_PERSONAL:
        # An author that says nothing is written where it was made anew, and left out where it never was.
        return event
    return replace(
        event,
        author=replace(event.author, handle=part.handle, name=part.name),
        text=part.text,
        conversation=part.conversation or event.conversation,
        enrichment=part.enrichment,
        data={**event.data, **part.data},
    )


def public_delivery(delivery: Delivery) -> Delivery:
    """A delivery without what it says."""
    return replace(delivery, parameters={})


def public_incident(incident: Incident) -> Incident:
    """The incident as its digest in a record sees it: without what people said, their names, and their threads."""
    return replace(
        incident,
        author=_nameless(incident.author),
        asking="",
        threads=(),
        drafts=tuple(_public_draft(draft) for draft in incident.drafts),
        sent=tuple(replace(sent, parameters={}) if sent.parameters else sent for sent in incident.sent),
        parked=tuple(public_event(event) for event in incident.parked),
    )


def _nameless(author: Author) -> Author:
    return replace(author, handle="", name="")


def _public_draft(draft: Draft) -> Draft:
    return replace(draft, delivery=public_delivery(draft.delivery), digest="")


def forgotten_incident(incident: Incident, threads: tuple[str, ...]) -> Incident:
    """The incident goes on without its personal part, under `threads`. What waited to be said will not be said."""
    public = public_incident(incident)
    keys = {draft.key for draft in public.drafts}
    unsaid = {sent.key for sent in incident.sent if is_unsaid(sent)}
    return replace(
        public,
        threads=threads,
        drafts=(),
        timers=tuple(timer for timer in public.timers if timer.name != "draft" or timer.subject not in keys),
        sent=tuple(replace(sent, state="cancelled") if sent.key in unsaid else sent for sent in public.sent),
    )


def is_unsaid(sent: Sent) -> bool:
    """Whether it may say something personal and has no outcome yet."""
    quotes = sent.action in ("send", "post") or sent.purpose in _QUOTING or "answer" in sent.parameters
    return sent.state == "out" and quotes


def threads_without(incident: Incident, handles: frozenset[str]) -> dict[str, str]:
    """The threads that name a handle, each with the key under which the person is found from now on."""
    renamed = {}
    for key in incident.threads:
        *_, kind, peer = key.split("|", 3)
        if kind == "peer" and plain_handle(peer) in handles:
            renamed[key] = private_thread(incident.channel, incident.account, incident.customer)
    return renamed


def plain_handle(handle: str) -> str:
    """A handle as handles are compared."""
    return handle.removeprefix("@").casefold()
