"""How many terminal columns a text takes; see https://www.unicode.org/reports/tr11/."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """Two columns for a wide or full-width character, none for a combining or invisible one.

    >>> width("受付 A")
    6
    """
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
