"""Colour for terminals: what a stretch of text is, not how it looks."""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]
"""Given a role and a text, the text as it is shown."""

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "message": "1",
    "gutter": "34",
    "related": "36",
    "help": "32",
    "quiet": "2",
}
"""Roles and the parameters of their SGR sequences (ECMA-48, section 8.3.117)."""


def plain(role: str, text: str) -> str:
    """The text as it is."""
    return text


def ansi(role: str, text: str) -> str:
    """The text in the colour of its role, and back again.

    >>> ansi("error", "no")
    '\\x1b[1;31mno\\x1b[0m'
    """
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if text else ""
