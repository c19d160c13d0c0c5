"""Full-width signs typed where YAML's own were meant: the commonest slip with a Japanese keyboard.

In a text such signs are right (`受付：平日`), so only places where they can hardly be text are refused; a
text that is meant can always be put in quotes.
"""

from __future__ import annotations

import re

CODE = "full-width-syntax"

_PLAIN = {
    "：": ":",
    "　": " ",
    "｛": "{",
    "［": "[",
    "，": ",",
    "、": ",",
    "－": "-",
    "＃": "#",
    "？": "?",
    "“": '"',
    "”": '"',
    "＂": '"',
}
_WORD_AND_COLON = re.compile(r"(?:- +)*[a-z_][A-Za-z0-9_.\-]*：")
_KEY_LINE = re.compile(r"""\s*(?:- +)*[^\s#"'：:]{1,80}(：)(?:\s|$)""")
_COLON_AND_SPACE = re.compile(r"""\s*(?:- +)*[^\s#"'：:]{1,80}:(　)""")


def in_key(key: str) -> int | None:
    """Where in a plain key the first sign stands that was hardly meant as a letter."""
    if key[:1] in _PLAIN:
        return 0
    found = re.search(r"：|:　", key)
    return found.end() - 1 if found else None


def in_value(text: str, apart: bool) -> int | None:
    """The same in the first line of a plain value; `apart` says that no key stands before it on its line."""
    if text[:1] in ("｛", "，") or (text[:1] == "［" and _closes_at_the_end(text)):
        return 0
    return in_line(text) if apart else None


def in_line(line: str) -> int | None:
    """Where the colon stands in a line such as `when： always`, which begins with an ASCII word."""
    indent = len(line) - len(line.lstrip(" "))
    found = _WORD_AND_COLON.match(line, indent)
    return found.end() - 1 if found else None


def in_broken_line(line: str) -> int | None:
    """Where a sign stands that explains why YAML cannot read the line, whatever the language of its key."""
    found = _KEY_LINE.match(line) or _COLON_AND_SPACE.match(line)
    return found.start(1) if found else in_line(line)


def plain(sign: str) -> str:
    """YAML's own sign for a full-width one; "" for any other."""
    return _PLAIN.get(sign, "")


def message(sign: str) -> str:
    if sign == "　":
        return "a full-width space is a letter to YAML; type a plain space"
    return f"`{sign}` is full-width and a letter to YAML; type `{_PLAIN[sign]}`, or quote the text"


def _closes_at_the_end(text: str) -> bool:
    close = re.search("[］\\]]", text)
    return close is None or close.end() == len(text.rstrip())
