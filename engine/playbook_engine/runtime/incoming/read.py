"""A stream of bytes to its JSON values, with bounded memory.

JSON lines are read line by line, whatever the size of the file. A file that is one array, or objects that
are written over several lines, is known by its first lines and read whole, up to 64 MB.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Protocol

from playbook_engine.runtime.incoming.documents import documents
from playbook_engine.runtime.incoming.outcomes import KEPT_BYTES, SetAside, Unfit, set_aside
from playbook_engine.runtime.incoming.parse import Piece, parse

LONGEST_LINE = 4 << 20
"""Bytes of one line."""

LARGEST_DOCUMENT = 64 << 20
"""Bytes of a file that is not written as lines."""

_OTHER_ENCODINGS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class ByteStream(Protocol):
    """What is asked of a file, of standard input and of a request's body."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


def read(stream: ByteStream, name: str = "") -> Iterator[Piece | SetAside]:
    """Every value in the order of the input. `name` stands before the line in each place."""
    head, line = _next_line(stream)
    if head.startswith(_OTHER_ENCODINGS) and b"\0" in head[:64]:
        fault = Unfit("not-utf-8", "this is UTF-16 or UTF-32; save the file as UTF-8")
        yield set_aside(fault, place(name, 1), head)
        return
    if head.startswith(codecs.BOM_UTF8):
        head, line = head[3:], line.removeprefix(codecs.BOM_UTF8).strip()
    if line[:1] == b"[" and not _is_whole(line):
        yield from _document(Again(head, stream), name)
    elif line[:1] == b"{" and not _is_whole(line):
        yield from _objects_or_lines(head, stream, name)
    else:
        yield from _by_lines(Again(head, stream), name)


def _objects_or_lines(head: bytes, stream: ByteStream, name: str) -> Iterator[Piece | SetAside]:
    """The first line opens an object and does not close it: written over several lines, or a broken line."""
    more, second = _next_line(stream)
    again = Again(head + more, stream)
    # Inside an object the next line cannot open another one; among lines of JSON it does.
    if not second or second[:1] == b"{":
        yield from _by_lines(again, name)
        return
    content = again.read(LARGEST_DOCUMENT + 1)
    pieces = documents(content, name) if len(content) <= LARGEST_DOCUMENT else iter(())
    first = next(pieces, None)
    if isinstance(first, Piece):
        yield first
        yield from pieces
    else:
        yield from _by_lines(Again(content, stream), name)


def _document(stream: ByteStream, name: str) -> Iterator[Piece | SetAside]:
    content = stream.read(LARGEST_DOCUMENT + 1)
    if len(content) > LARGEST_DOCUMENT:
        most = f"{LARGEST_DOCUMENT >> 20} MB"
        fault = Unfit("too-large", f"this array is over {most}; write one object to a line, without the array")
        yield set_aside(fault, place(name, 1), content)
    else:
        yield from documents(content, name)


def _by_lines(stream: ByteStream, name: str) -> Iterator[Piece | SetAside]:
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            _read_past(line, stream)
            most = f"{LONGEST_LINE >> 20} MB"
            yield set_aside(Unfit("too-large", f"this line is over {most}; shorten it"), place(name, number), line)
        elif line := line.strip():
            yield _line(line, place(name, number))


def _line(line: bytes, where: str) -> Piece | SetAside:
    try:
        return Piece(where, parse(line.decode()), line)
    except UnicodeDecodeError as fault:
        sentence = f"byte {fault.start + 1} of the line (0x{line[fault.start]:02x}) is not UTF-8; save it as UTF-8"
        return set_aside(Unfit("not-utf-8", sentence), where, line)
    except Unfit as fault:
        return set_aside(fault, where, line)


def place(name: str, line: int) -> str:
    return f"{name}, line {line}" if name else f"line {line}"


def _read_past(line: bytes, stream: ByteStream) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(LONGEST_LINE)


def _next_line(stream: ByteStream) -> tuple[bytes, bytes]:
    """All bytes up to the end of the next line that is not blank, and that line without white space."""
    head = b""
    while line := stream.readline(LONGEST_LINE + 1):
        head += line
        if line.strip():
            return head, line.strip()
        head = head[-KEPT_BYTES:] if len(head) > LONGEST_LINE else head
    return head, b""


def _is_whole(line: bytes) -> bool:
    if len(line) > LONGEST_LINE:
        return False
    try:
        parse(line.decode())
    except (UnicodeDecodeError, Unfit):
        return False
    return True


class Again:
    """A stream of which some has been read already, from its beginning."""

    def __init__(self, head: bytes, stream: ByteStream) -> None:
        self._head = io.BytesIO(head)
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        held = self._head.read(size)
        return held if len(held) == size else held + self._stream.read(size - len(held))

    def readline(self, size: int, /) -> bytes:
        line = self._head.readline(size)
        if len(line) == size or line.endswith(b"\n"):
            return line
        return line + self._stream.readline(size - len(line))
