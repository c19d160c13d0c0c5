"""A timeline as a file of events, which `playbook run` takes in as it takes in any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from playbook_engine.model.event import Event
from playbook_engine.policy.languages import detect
from playbook_engine.prove.replay import Replayed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_lines(replayed: Replayed) -> str:
    """The events as JSON lines, in their order, for a clock that stands where the events say."""
    said = (json.dumps(_plain(event), ensure_ascii=False) for event in replayed.events)
    return "".join(f"{line}\n" for line in said)


def _plain(event: Event) -> dict[str, object]:
    """An event in the plain form in which sources send it; nothing is left to be told from the rest."""
    at = _EPOCH + timedelta(milliseconds=event.at)
    written: dict[str, object] = {
        "type": event.type,
        "source": event.source,
        "id": event.id,
        "at": at.isoformat(timespec="milliseconds"),
        "channel": event.channel,
        "account": event.account,
        "origin": event.origin,
        "public": event.public,
        "conversation": event.conversation,
    }
    if event.by:
        written["by"] = event.by
    if not event.type.startswith("message."):
        return {**written, **event.data}
    author = {"handle": event.author.handle, "name": event.author.name}
    known = {"followers": event.author.followers, "verified": event.author.verified}
    written["author"] = author | {name: value for name, value in known.items() if value is not None}
    written |= {"message": event.message, "text": event.text}
    optional = {"lang": event.lang, "automatic": event.automatic, "attachments": event.attachments}
    return {**written, **{name: value for name, value in optional.items() if value}}


def unsaid(replayed: Replayed) -> tuple[str, ...]:
    """What such a file cannot say: what the door itself stamps on an event, in the order of the events."""
    return tuple(dict.fromkeys(each for event in replayed.events for each in _unsaid(event)))


def _unsaid(event: Event) -> Iterator[str]:
    for mode in event.modes:
        yield f"the mode `{mode}`, which people or counting switch on"
    for fact in event.enrichment:
        yield f"the fact `{fact}`, which a plugin tells"
    if event.at < event.seen_at:
        yield "that a message is seen later than it was written"
    if event.type in ("message.received", "message.edited"):
        if not event.lang and detect(event.text):
            yield "that the language is not known"
        if not event.text and not event.attachments:
            yield "a message without words and attachments"
