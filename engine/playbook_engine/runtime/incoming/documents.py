"""A text that is one JSON array, or JSON objects one after the other over any number of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbook_engine.runtime.incoming.outcomes import KEPT_BYTES, SetAside, Unfit, set_aside
from playbook_engine.runtime.incoming.parse import Piece, parse_at

LONGEST_ITEM = 4 << 20
"""Characters of one item."""

_WHITE = re.compile(r"[ \t\r\n]*")


def documents(content: bytes, name: str) -> Iterator[Piece | SetAside]:
    """The items of arrays and the objects outside them, in order.

    What follows a fault cannot be told apart any more; it is set aside in one piece.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        sentence = f"0x{content[fault.start]:02x} is not UTF-8; save the file as UTF-8"
        yield set_aside(Unfit("not-utf-8", sentence), _Reading("", name).place(line), content)
        return
    yield from _Reading(text, name).pieces()


class _Reading:
    """A place in the text that moves on from value to value."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._at = 0
        self._line = 1

    def pieces(self) -> Iterator[Piece | SetAside]:
        try:
            while next_letter := self._next():
                if next_letter == "[":
                    yield from self._items()
                else:
                    yield self._piece()
        except Unfit as fault:
            rest = self._text[self._at : self._at + KEPT_BYTES].encode()
            yield set_aside(fault, self.place(self._line), rest)

    def place(self, line: int) -> str:
        return f"{self._name}, line {line}" if self._name else f"line {line}"

    def _items(self) -> Iterator[Piece | SetAside]:
        self._move(self._at + 1)
        following = self._next()
        while following != "]":
            yield self._piece()
            following = self._next()
            if following == ",":
                self._move(self._at + 1)
                self._next()
            elif following != "]":
                raise Unfit("not-json", "this array does not go on with a comma or its closing bracket; mend it")
        self._move(self._at + 1)

    def _piece(self) -> Piece | SetAside:
        where, start = self.place(self._line), self._at
        value, end = parse_at(self._text, start)
        self._move(end)
        body = self._text[start : min(end, start + KEPT_BYTES)].encode()
        if end - start > LONGEST_ITEM:
            return set_aside(Unfit("too-large", f"this item is over {LONGEST_ITEM >> 20} MB; shorten it"), where, body)
        return Piece(where, value, body)

    def _next(self) -> str:
        """The next letter that is not white space; "" at the end."""
        found = _WHITE.match(self._text, self._at)
        self._move(found.end() if found else self._at)
        return self._text[self._at : self._at + 1]

    def _move(self, to: int) -> None:
        self._line += self._text.count("\n", self._at, to)
        self._at = to
