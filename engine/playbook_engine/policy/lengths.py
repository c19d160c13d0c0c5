"""How long a text is where it is posted, in the platform's own measure.

Addresses on X follow twitter-text (https://github.com/twitter/twitter-text, conformance/validate.yml), with the
top-level domains in common use instead of all. Graphemes are counted without the tables of
https://www.unicode.org/reports/tr29/: an emoji with all that belongs to it is one, so are two regional indicators;
marks, joiners and jamo that do not begin a syllable belong to the character before. Prefixes and conjuncts of
Indic scripts count apart, so that what fits here fits there.
"""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import category, normalize

from playbook_engine.policy.platforms import (
    COUNTRY_DOMAINS,
    GENERIC_DOMAINS,
    POST_LENGTHS,
    SINGLE_WEIGHTS,
    PostLength,
)
from playbook_engine.text.late import late

_PICTOGRAPH = (
    "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_DRESSED = f"{_PICTOGRAPH}(?:\ufe0f?\u20e3|\ufe0f)?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_EMOJI = (
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae]\ufe0f"
    f"|{_DRESSED}(?:\u200d{_DRESSED})*|[\U0001f3fb-\U0001f3ff]"
)
"""An emoji with all that belongs to it: https://www.unicode.org/reports/tr51/#EBNF_and_Regex."""

_WEIGHTY = f"[^{''.join(f'{chr(first)}-{chr(last)}' for first, last in SINGLE_WEIGHTS)}]"

_LETTER = "a-zA-Z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u04ff"
_KNOWN = "|".join(sorted(GENERIC_DOMAINS | COUNTRY_DOMAINS))
_TOP = rf"(?:(?i:{_KNOWN}|xn--[a-z0-9-]+)(?![a-zA-Z0-9@])|[^\W\x00-\x7f]+)"
_PATH = rf"(?:/(?:[{_LETTER}!*';:=+,.$/%#\[\]()\-–_~@|&]*[{_LETTER}=_#/+)\-])?)?"
_QUERY = r"(?:\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-zA-Z0-9\-_&=#/])?"
_ADDRESS = (
    rf"(?<![A-Za-z0-9@＠$#＃])(?:(?i:https?://)(?P<host>(?:[\w-]+\.)+{_TOP})"
    rf"|(?<![-_./])(?P<bare>(?:[a-zA-Z0-9][a-zA-Z0-9_-]*\.)+{_TOP}))(?::[0-9]+)?{_PATH}{_QUERY}"
)
_REMOTE_MENTION = r"(?<![/\w])@([A-Za-z0-9_]+)@[A-Za-z0-9.\-]+[A-Za-z0-9]"
_LONGEST_LABEL = 63
"""Bytes of one part of a host name: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4."""


def fits(platform: str, text: str) -> tuple[int, int] | None:
    """What the text takes and what there is of it; None where the platform sets no bound that we know.

    >>> fits("x", "申し訳ございません"), fits("email", "any")
    ((18, 280), None)
    """
    length = POST_LENGTHS.get(platform)
    if length is None:
        return None
    if length.most_bytes and (size := len(text.encode("utf-8", "replace"))) > length.most_bytes:
        return size, length.most_bytes
    return _taken(text, length), length.most


def _taken(text: str, length: PostLength) -> int:
    plain = normalize("NFC", text)
    if length.counts == "weighted":
        return _without_addresses(plain, length.address, True, _weight)
    if length.address:
        return _without_addresses(late(_REMOTE_MENTION).sub(r"@\1", plain), length.address, False, _graphemes)
    return _graphemes(plain)


def _without_addresses(text: str, each: int, bare: bool, count: Callable[[str], int]) -> int:
    """What the text takes when an address takes `each`; `bare` says that one without a scheme does, too."""
    taken, end = 0, 0
    if "." in text:
        for found in late(_ADDRESS).finditer(text):
            if (bare or found["host"]) and _is_host(found["host"] or found["bare"]):
                taken += count(text[end : found.start()]) + each
                end = found.end()
    return taken + count(text[end:])


def _is_host(host: str) -> bool:
    return all(_bytes(label) <= _LONGEST_LABEL for label in host.split("."))


def _bytes(label: str) -> int:
    """The length of a label as it is looked up: `xn--` and its Punycode, unless it is ASCII."""
    return len(label) if label.isascii() else len("xn--") + len(label.encode("punycode"))


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    plain, emoji = late(_EMOJI).subn("", text)
    return len(plain) + len(late(_WEIGHTY).findall(plain)) + 2 * emoji


def _graphemes(text: str) -> int:
    plain = text.replace("\r\n", "\n")
    if plain.isascii():
        return len(plain)
    count, apart = 0, True
    for character in late(_EMOJI).sub("e", plain):
        kind = category(character)
        if apart or not (kind[0] == "M" or character in "\u200c\u200d" or "\u1160" <= character <= "\u11ff"):
            count += 1
        apart = kind in ("Cc", "Zl", "Zp")
    return count
