"""Characters: what is kept, what is replaced by U+FFFD, and how a stranger's text is shown to a person."""

from __future__ import annotations

import json
import re

LONGEST_ID = 512
"""Bytes of UTF-8: two ids and a name make a key that every store can hold in an index (PostgreSQL: 2,704 bytes)."""
LONGEST_NAME = 200
LONGEST_TEXT = 100_000
"""Characters. A longer text is kept to this length; conditions compare the first 20,000 (SEMANTICS 4.6)."""

REPLACEMENT = "\ufffd"

_UNFIT_IN_TEXT = re.compile("[\x00\ud800-\udfff]")
# Also the marks that turn the direction of writing: they show a reader another name than the one compared.
_UNFIT_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")

# Codes that say nothing of the language (BCP 47, and X's codes for posts of links, mentions or hashtags).
_NO_LANGUAGE = frozenset(("und", "zxx", "mul", "mis", "art", "qam", "qct", "qht", "qme", "qst"))
_RENAMED_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}


def clean_text(text: str) -> str:
    """The text with NUL and lone surrogates replaced; line ends and other controls stay."""
    return text if text.isprintable() else _UNFIT_IN_TEXT.sub(REPLACEMENT, text)


def clean_name(text: str) -> str:
    """For ids and names: controls and marks of direction replaced, white space around it cut."""
    text = text.strip()
    return text if text.isprintable() else _UNFIT_IN_NAMES.sub(REPLACEMENT, text)


def language(tag: str) -> str:
    """The primary language of a tag such as `en-GB`, lower case; "" for `und` and for what is no tag."""
    found = _TAG.fullmatch(tag.strip())
    if found is None:
        return ""
    primary = found[1].lower()
    return "" if primary in _NO_LANGUAGE else _RENAMED_LANGUAGES.get(primary, primary)


def shown(value: object, most: int = 60) -> str:
    """A value as a sentence may quote it: cut, one line, nothing unseen and no backquote."""
    text = value if isinstance(value, str) else _written(value)
    cut = text[:most]
    seen = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in cut.replace("`", "'"))
    return f"{seen}…" if len(text) > most else seen


def _written(value: object) -> str:
    """JSON of a scalar, and no more than the kind of anything else: it may be huge."""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 256:
        return "a number of many digits"
    return json.dumps(value)
