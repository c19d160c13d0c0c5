"""Text to one JSON value, stricter than RFC 8259 where readers differ (https://www.rfc-editor.org/rfc/rfc8259).

A key written twice, NaN and Infinity are refused: another tool would read another value. So is nesting deeper
than 64, which no platform sends and which ends other readers.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import NoReturn

from playbook_engine.runtime.incoming.cleaning import shown
from playbook_engine.runtime.incoming.outcomes import Unfit

DEEPEST = 64


@dataclass(frozen=True)
class Piece:
    """One JSON value of the input, where it stands and the bytes it was written with."""

    place: str
    value: object
    body: bytes


def parse(text: str) -> object:
    """Raises Unfit."""
    value, end = parse_at(text, len(text) - len(text.lstrip(" \t\r\n")))
    if rest := text[end:].strip(" \t\r\n"):
        raise Unfit("not-json", f"`{shown(rest)}` follows after the value; write one to a line")
    return value


def parse_at(text: str, start: int) -> tuple[object, int]:
    """The value that begins at `start`, and where it ends. Raises Unfit; no white space may precede it."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as fault:
        raise Unfit("not-json", _sentence(text, fault.pos)) from None
    except ValueError:
        # The interpreter refuses to read numbers of thousands of digits: that takes time with their square.
        raise Unfit("not-json", "a number has thousands of digits; write it as a text") from None
    # Values with so few brackets cannot be deeper; the walk is for the few others.
    if text.count("[", start, end) + text.count("{", start, end) > DEEPEST and _depth(value) > DEEPEST:
        raise _too_deep()
    return value, end


def _too_deep() -> Unfit:
    return Unfit("too-deep", f"this JSON is nested deeper than {DEEPEST}; send the message without its wrapping")


def _sentence(text: str, position: int) -> str:
    rest = text[position : position + 80].split("\n")[0]
    near = rest.strip() or text[max(0, position - 40) : position].strip()
    where = "it stops being JSON at" if rest.strip() else "it ends too early, after"
    return f"{where} `{shown(near, 40)}`; write one complete JSON object"


def _depth(value: object) -> int:
    """By layers, without recursion."""
    depth, layer = 0, [value]
    while layer := [each for each in layer if isinstance(each, (list, dict))]:
        depth += 1
        layer = [item for each in layer for item in (each.values() if isinstance(each, dict) else each)]
    return depth


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(key for key, _ in pairs)
        twice = next(key for key, times in counted.items() if times > 1)
        raise Unfit("not-json", f"the key `{shown(twice)}` is written twice in one object; keep one of them")
    return found


def _refused(constant: str) -> NoReturn:
    raise Unfit("not-json", f"`{constant}` is no JSON number; write null or a number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refused)
