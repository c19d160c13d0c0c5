"""Did you mean …?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_WORD = 80
"""Comparison is quadratic in the length; no name that a person mistypes is longer."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name most like `word`, whatever its case, width or dashes; "" where none is near.

    >>> nearest("respnd", ["route", "respond", "rules"])
    'respond'
    """
    if len(word) > _LONGEST_WORD:
        return ""
    plain = {_plain(name): name for name in sorted(set(known), reverse=True) if name != word}
    close = get_close_matches(_plain(word), [name for name in plain if name], n=1, cutoff=0.6)
    return plain[close[0]] if close else ""


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold().replace("_", "-").replace(" ", "-")
