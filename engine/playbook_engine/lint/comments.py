"""The comments of a YAML file, without those that only look like one inside a block of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BLOCK = re.compile(r"(?P<indent> *)(?:- +)*(?:[^\s#].*?:|-|[^\s#][^:]*:)? *[|>][-+0-9]*\s*(?:#.*)?")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'")


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
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            continue
        opened = _BLOCK.fullmatch(line)
        block = len(opened["indent"]) if opened else None
        at = _begin(line)
        if at is not None:
            covers = number if line[:at].strip() else _next_with_content(lines, number)
            yield Comment(number, at + 1, line[at + 1 :].strip(), line[at:].rstrip(), covers)


def _begin(line: str) -> int | None:
    """Where a comment begins: at a hash that is first or follows a blank, outside of quotes."""
    if "#" not in line:
        return None
    plain = _QUOTED.sub(lambda found: "_" * len(found[0]), line)
    found = re.search(r"(?:^|(?<=[ \t]))#", plain)
    return found.start() if found else None


def _next_with_content(lines: Sequence[str], number: int) -> int:
    for later, line in enumerate(lines[number:], number + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            return later
    return number
