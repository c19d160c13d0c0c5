"""What a person wrote in an answer, without what their mail program repeated of the message before.

Only what is marked goes: lines that begin with `>` with the line that introduces them, and everything below a
rule such as `-----Original Message-----`. Answers written between quoted lines stay.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[ \t]*>")
_RULE = re.compile(
    r"[ \t]*-{3,} ?(?:Original Message|Ursprüngliche Nachricht|元のメッセージ|Original) ?-{3,}[ \t]*",
    re.IGNORECASE,
)
_BEGINS_INTRODUCTION = re.compile(r"[ \t]*(?:On |Am |Le |El |\d{4}[年/.-]|\d{1,2}[./-]\d)")


def unquoted(text: str) -> str:
    """The whole text where nothing would be left: somebody forwarded it without a word."""
    kept: list[str] = []
    for line in text.split("\n"):
        if _RULE.fullmatch(line):
            break
        if not _QUOTED.match(line):
            kept.append(line)
        else:
            _drop_introduction(kept)
    own = "\n".join(kept).strip()
    return own or text


def _drop_introduction(kept: list[str]) -> None:
    """`On … wrote:` may be broken over two or three lines and be parted from the quotation by an empty one."""
    last = len(kept) - 1
    while last >= 0 and last >= len(kept) - 2 and not kept[last].strip():
        last -= 1
    if last < 0 or not kept[last].rstrip().endswith((":", "：")):
        return
    for first in range(last, max(-1, last - 3), -1):
        if _BEGINS_INTRODUCTION.match(kept[first]):
            del kept[first:]
            return
