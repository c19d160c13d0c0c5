"""One spelling for every way a text can be written, so that conditions compare what people read. SEMANTICS 4.6."""

from __future__ import annotations

import re
from unicodedata import category, normalize

LONGEST = 20_000
"""Folded characters that are kept and compared."""

_READ = 4 * LONGEST
"""Characters that are read: canonical composition makes at most four into one (U+1F82), and nothing else fewer."""

_MARKS = 64
"""Marks kept on one letter. Scripts need a handful, but sorting them takes quadratic time: 80,000 on one letter,
as hostile texts have them, took five seconds. See https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format.
"""

IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""Default_Ignorable_Code_Point of https://www.unicode.org/Public/16.0.0/ucd/DerivedCoreProperties.txt."""

_MANY_MARKS = re.compile(r"[^\w\x00-\x7f]{17}|[\u115f\u1160\u3164\uffa0]")
"""Where marks may stand in a row: they are no word characters. A mark decomposes to at most three, a letter to
three beside its base, so that sixteen in a row stay below `_MARKS`. The fillers are word characters that are
stripped and could hide a row."""

_VOICING = "\uff9e\uff9f"
"""Half-width voicing signs: the only letters that decompose to a mark alone."""


def fold(text: str) -> str:
    """NFKC(casefold(strip(NFKC(text)))), cut after `LONGEST` characters; `strip` removes ignorable characters.

    Folding a folded text changes nothing. Beyond 80,000 seen characters nothing is read, and marks beyond 64 on
    one letter are dropped.

    >>> fold("Ｒｅｆｕｎｄ\\u200b ｱｸﾒ")
    'refund アクメ'
    """
    if text.isascii():
        return text[:LONGEST].lower()
    if len(text) > _READ:
        text = IGNORABLE.sub("", text)[:_READ]
    if _MANY_MARKS.search(text) or sum(map(text.count, _VOICING)) > 16:
        return _with_few_marks(text)
    plain = IGNORABLE.sub("", normalize("NFKC", text))[:_READ]
    return normalize("NFKC", plain.casefold())[:LONGEST]


def folds_to_nothing(text: str) -> bool:
    """Whether nothing of a literal is left to compare with."""
    return not fold(text)


def _with_few_marks(text: str) -> str:
    """The same, cutting rows of marks before each step that would sort or show them."""
    plain = IGNORABLE.sub("", normalize("NFKC", _cut_rows(text)))[:_READ]
    return _cut_rows(normalize("NFKC", _cut_rows(plain.casefold())))[:LONGEST]


def _cut_rows(text: str) -> str:
    kept, row = [], 0
    for character in text:
        row = row + 1 if category(character)[0] == "M" or character in _VOICING else 0
        if row <= _MARKS:
            kept.append(character)
    return "".join(kept)
