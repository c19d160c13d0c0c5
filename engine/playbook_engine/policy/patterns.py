"""Regular expressions that take linear time whatever the text, by RE2: https://github.com/google/re2/wiki/Syntax.

The standard library's `re` can take seconds on twenty hostile characters, so patterns that users write never
reach it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

from playbook_engine.text.scalars import shown

MOST_MEMORY = 8 << 20
"""Bytes that one pattern may take; a pattern that needs more is refused when it is read."""

LONGEST_PATTERN = 4_000
"""Characters."""

_NO_BACK_REFERENCE = "RE2 has no back-references; write out what may repeat"
_REMEDIES = (
    ("(?=", "RE2 cannot look ahead; write the condition as a second test with `all`"),
    ("(?!", "RE2 cannot look ahead; exclude with `not` beside it"),
    ("(?<=", "RE2 cannot look behind; match what comes before as part of the pattern"),
    ("(?<!", "RE2 cannot look behind; exclude with `not` beside it"),
    ("(?>", "RE2 has no atomic groups and never backtracks; write (?:...)"),
    ("operator: (?P", _NO_BACK_REFERENCE),
    *((f"escape sequence: \\{group}", _NO_BACK_REFERENCE) for group in range(1, 10)),
    ("invalid escape sequence: \\Z", "write \\z for the end of the text"),
    ("invalid repetition size", "RE2 repeats at most 1000 times in all; use * or +"),
    ("bad repetition operator", "RE2 has no possessive repetition and never backtracks; leave the second sign out"),
    ("no argument for repetition operator", "put a backslash before the sign where it is meant as a letter"),
    ("missing )", "close the parenthesis, or write \\( for a letter"),
    ("unexpected )", "open the parenthesis, or write \\) for a letter"),
    ("missing ]", "close the bracket, or write \\[ for a letter"),
    ("trailing \\", "write \\\\ for a backslash"),
    ("pattern too large", "shorten it, or split it into several patterns with `any`"),
)


class PatternError(ValueError):
    """A pattern that RE2 cannot take. The message says which part, and what to do instead."""


class Pattern:
    """A pattern over folded text, whatever the case; two with the same source are equal."""

    __slots__ = ("_found", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._found = _compiled(source)

    def found_in(self, text: str) -> bool:
        return self._found.search(text.encode("utf-8", "replace")) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Any:
    """The library is untyped: what it gives stays inside this module. Raises PatternError."""
    if len(source) > LONGEST_PATTERN:
        raise PatternError(f"a pattern has at most {LONGEST_PATTERN} characters, this one {len(source)}; split it")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        return re2.compile(source.encode("utf-8", "replace").decode(), options)
    except re2.error as error:
        raise PatternError(_sentence(source, error)) from None


def _sentence(source: str, error: Exception) -> str:
    said = error.args[0] if error.args else b""
    reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    for sign, remedy in _REMEDIES:
        if sign in reason:
            return f"`{shown(source)}` is not a pattern of RE2 ({reason}): {remedy}"
    return f"`{shown(source)}` is not a pattern of RE2 ({reason}); see https://github.com/google/re2/wiki/Syntax"
