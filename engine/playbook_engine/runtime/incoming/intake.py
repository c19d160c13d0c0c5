"""The way in, from a stream of bytes to events before the door. Nothing is lost: every piece has an outcome."""

from __future__ import annotations

import io
from collections.abc import Iterator

from playbook_engine.runtime.incoming.decode import decode
from playbook_engine.runtime.incoming.mail import LARGEST_MAIL
from playbook_engine.runtime.incoming.mapped import map_mail, map_payload
from playbook_engine.runtime.incoming.mapping import PayloadMapping
from playbook_engine.runtime.incoming.outcomes import Outcome, Sender, SetAside
from playbook_engine.runtime.incoming.parse import Piece
from playbook_engine.runtime.incoming.read import Again, ByteStream, place, read


def take_in(
    stream: ByteStream, sender: Sender, mapping: PayloadMapping | None = None, name: str = ""
) -> Iterator[Outcome]:
    """Every outcome of a file, of standard input or of a request's body, in the order of the input.

    `name` is how places call the input. With a mapping that knows e-mail, bytes that do not begin as JSON does
    are one e-mail. Never raises for what the bytes are.
    """
    if mapping is not None and mapping.mail is not None:
        head = stream.read(1_024)
        stream = Again(head, stream)
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            yield from map_mail(mapping, stream.read(LARGEST_MAIL + 1), place(name, 1), sender)
            return
    for piece in read(stream, name):
        if isinstance(piece, SetAside):
            yield piece
        elif mapping is None:
            yield from decode(piece, sender)
        else:
            yield from _mapped(mapping, piece, sender)


def take_in_body(body: bytes, sender: Sender, mapping: PayloadMapping | None = None) -> Iterator[Outcome]:
    """The same for bytes that are all there."""
    return take_in(io.BytesIO(body), sender, mapping)


def _mapped(mapping: PayloadMapping, piece: Piece, sender: Sender) -> Iterator[Outcome]:
    """A list of payloads is mapped one by one, as webhooks and polled pages come."""
    if not isinstance(piece.value, list):
        yield from map_payload(mapping, piece, sender)
        return
    for count, value in enumerate(piece.value, 1):
        yield from map_payload(mapping, Piece(f"{piece.place}, item {count}", value, piece.body), sender)
