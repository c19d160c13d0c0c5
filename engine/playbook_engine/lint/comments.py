"""The comments of a YAML file, without those that only look like one inside a block of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BLOCK = re.compile(r"(?:^|: +|(?:^|(?<= ))- +)[|>][-+0-9]*\s*(?:#.*)?\Z")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'")
_SIGN = re.compile(r"[\"']|(?:^|(?<=[ \t]))#")


@dataclass(frozen=True)
class Comment:
    """One comment: `text` without its sign, `written` with it. `line` and `column` count from 1.

    `covers` is the line it speaks of: its own where something stands before it, else the next that holds anything.
    """

    line: int
    column: int
    text: str
    written: str
    covers: int


def comments(lines: Sequence[str]) -> Iterator[Comment]:
    """Every comment of a file, by line. A sign in quotes begins none."""
    block: int | None = None
    following = _next_with_content(lines)
    for number, line in enumerate(lines, 1):
        said = line.lstrip(" ")
        indent = len(line) - len(said)
        if block is not None and (not said.strip() or indent > block):
            continue
        block = indent if not said.startswith("#") and _BLOCK.search(said) else None
        at = _begin(line)
        if at is not None:
            covers = number if line[:at].strip() else following[number - 1]
            yield Comment(number, at + 1, line[at + 1 :].strip(), line[at:].rstrip(), covers)


def _begin(line: str) -> int | None:
    """Where a comment begins: at a hash that is first or follows a blank, outside of quotes.

    A quote that is not closed on the line is an apostrophe, and so are those of its kind that follow.
    """
    if "#" not in line:
        return None
    at, open_ones = 0, set()
    while (found := _SIGN.search(line, at)) and found[0] != "#":
        quoted = None if found[0] in open_ones else _QUOTED.match(line, found.start())
        if quoted is None:
            open_ones.add(found[0])
        at = (quoted or found).end()
    return found.start() if found else None


def _next_with_content(lines: Sequence[str]) -> list[int]:
    """For each line the next one that holds anything but a comment; the line itself where none follows."""
    found, later = list(range(1, len(lines) + 1)), 0
    for number in range(len(lines), 0, -1):
        found[number - 1] = later or number
        said = lines[number - 1].lstrip()
        if said and not said.startswith("#"):
            later = number
    return found
