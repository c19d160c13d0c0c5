"""A foreign payload through a mapping: every item of it is an event, set aside, or skipped as no message."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from jmespath.exceptions import JMESPathError
from msgspec.structs import replace

from playbook_engine.runtime.incoming.cleaning import shown
from playbook_engine.runtime.incoming.decode import plain_event
from playbook_engine.runtime.incoming.mail import read_mail
from playbook_engine.runtime.incoming.mapping import Expression, Map, PayloadMapping
from playbook_engine.runtime.incoming.outcomes import (
    KEPT_BYTES,
    Incoming,
    Outcome,
    Sender,
    SetAside,
    Skipped,
    Unfit,
    set_aside,
)
from playbook_engine.runtime.incoming.parse import Piece

MOST_ITEMS = 10_000
"""Messages of one payload; platforms send at most some hundred."""

_LONGEST_KIND = 60

_Seen = dict[str, Any]
"""What expressions see: payload, item, mail, account, ours."""


def map_payload(mapping: PayloadMapping, piece: Piece, sender: Sender) -> Iterator[Outcome]:
    """Every message of one payload, in the order of the maps, then what is no message."""
    try:
        seen = _seen(piece.value, sender, _mail_within(mapping, piece.value))
    except Unfit as fault:
        yield set_aside(fault, piece.place, piece.body)
        return
    yield from _mapped(mapping, piece, sender, seen)


def map_mail(mapping: PayloadMapping, raw: bytes, place: str, sender: Sender) -> Iterator[Outcome]:
    """An e-mail as it was received, without JSON around it."""
    piece = Piece(place, {}, raw[:KEPT_BYTES])
    try:
        seen = _seen(piece.value, sender, read_mail(raw))
    except Unfit as fault:
        yield set_aside(fault, place, piece.body)
        return
    yield from _mapped(mapping, piece, sender, seen)


def _mapped(mapping: PayloadMapping, piece: Piece, sender: Sender, seen: _Seen) -> Iterator[Outcome]:
    taken: set[int] = set()
    passed: dict[int, object] = {}
    failed = False
    sender = replace(sender, name=sender.name or mapping.name, channel=sender.channel or mapping.channel)
    for each in mapping.maps:
        try:
            items = _items(each, seen)
        except Unfit as fault:
            failed = True
            yield _aside(fault, mapping, each, piece)
            continue
        for item in items:
            passed[id(item)] = item
            if id(item) not in taken and (outcome := _outcome(mapping, each, piece, sender, {**seen, "item": item})):
                taken.add(id(item))
                yield outcome
    left = [item for place, item in passed.items() if place not in taken]
    for item in left if passed or failed else [None]:
        yield Skipped(place=piece.place, mapping=mapping.name, kind=_kind(mapping, {**seen, "item": item}))


def _outcome(
    mapping: PayloadMapping, each: Map, piece: Piece, sender: Sender, seen: _Seen
) -> Incoming | SetAside | None:
    """None where the map's `when` does not hold."""
    try:
        if not _holds(_search(each.when, "when", seen)):
            return None
        event = plain_event(_row(each, seen), sender, counted=True)
    except Unfit as fault:
        return _aside(fault, mapping, each, piece)
    return replace(event, place=piece.place, body=piece.body[:KEPT_BYTES])


def _row(each: Map, seen: _Seen) -> dict[str, object]:
    row: dict[str, object] = {}
    author: dict[str, object] = {}
    for name, expression in each.event.items():
        value = _search(expression, name, seen)
        if value is None:
            continue
        if name.startswith("author."):
            author[name.removeprefix("author.")] = value
        else:
            row[name] = value
    return {**row, "author": author} if author else row


def _items(each: Map, seen: _Seen) -> list[object]:
    found = _search(each.each, "each", seen)
    items = found if isinstance(found, list) else [found] if isinstance(found, dict) else []
    if len(items) > MOST_ITEMS:
        raise Unfit("too-large", f"{len(items)} messages in one payload; send at most {MOST_ITEMS}")
    return items


def _search(expression: Expression, field: str, seen: _Seen) -> object:
    try:
        return expression.search(seen)
    except Unfit as fault:
        raise Unfit("mapping-failed", f"`{field}`: {fault.sentence}") from None
    except (JMESPathError, ValueError, TypeError, RecursionError) as fault:
        said = shown(str(fault).partition("\n")[0], 200)
        raise Unfit("mapping-failed", f"`{field}` cannot be read: {said}; mend the mapping or the payload") from None


def _holds(value: object) -> bool:
    """Truth as JMESPath has it: 0 is true, what is empty is false."""
    return value is not None and value is not False and value not in ("", [], {})


def _aside(fault: Unfit, mapping: PayloadMapping, each: Map, piece: Piece) -> SetAside:
    named = Unfit(fault.reason, f"mapping `{mapping.name}`, map `{each.id}`: {fault.sentence}")
    return set_aside(named, piece.place, piece.body)


def _kind(mapping: PayloadMapping, seen: _Seen) -> str:
    try:
        found = _search(mapping.kind, "kind", seen)
    except Unfit:
        found = None
    return shown(found, _LONGEST_KIND) if isinstance(found, str) and found else "other"


def _seen(payload: object, sender: Sender, mail: dict[str, object] | None) -> _Seen:
    return {
        "payload": payload,
        "item": None,
        "mail": mail,
        "account": sender.account or None,
        "ours": [*sender.ours, *([sender.account] if sender.account else [])],
    }


def _mail_within(mapping: PayloadMapping, payload: object) -> dict[str, object] | None:
    """The e-mail that a payload carries, as it is or in base64."""
    if mapping.mail is None:
        return None
    raw = _search(mapping.mail, "mail", {"payload": payload})
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise Unfit("mapping-failed", f"`mail` is `{shown(raw)}`; an e-mail is a text, as it is or in base64")
    # A header has a colon, base64 never.
    if ":" in raw:
        return read_mail(raw.encode("utf-8", "replace"))
    try:
        return read_mail(b64decode(raw))
    except ValueError:
        raise Unfit("mapping-failed", "`mail` is neither an e-mail nor base64; give it as received") from None
