"""What the source text of a scalar can stand for, and how texts and values are shown in messages.

Only plain decimal integers and `true` or `false` are anything but text, and only where they are expected;
see https://yaml.org/spec/1.2.2/#103-core-schema for what editors make of the same scalars.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence

from playbook_engine.text.document import Value

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]")
_NEEDS_QUOTES = re.compile(r"""^[\s\-?:,\[\]{}#&*!|>'"%@`]|: |:$| #|[,\[\]{}]|\s$|^$""")
_LONGEST_SHOWN = 60


def is_integer(text: str) -> bool:
    """A plain decimal integer without leading zeros, of at most 18 digits."""
    return _INTEGER.fullmatch(text) is not None


def is_flag(text: str) -> bool:
    return text in ("true", "false")


def shown(text: str) -> str:
    """A text as it stands in a message: on one line, cut short, unseen characters visible as `�`."""
    line = without_unseen(re.sub(r"[\n\t]", " ", text[: 4 * _LONGEST_SHOWN]).strip(" "))
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"


def without_unseen(text: str) -> str:
    """Each control and bidirectional character replaced by U+FFFD, so that it cannot act on a terminal."""
    return _UNSEEN.sub("\ufffd", text)


def kind_of(value: Value) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "a mapping"


def wanted(types: Collection[str]) -> str:
    """JSON Schema types in the words of a person who writes YAML."""
    words = {
        "string": "a text",
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "array": "a list",
        "object": "a mapping",
    }
    if "string" in types:
        types = [kind for kind in types if kind not in ("integer", "number", "boolean")]
    return " or ".join(word for kind, word in words.items() if kind in types)


def flow(value: object) -> str:
    """A JSON value as YAML on one line.

    >>> flow({"to": "care", "when": ["a, b"]})
    '{to: care, when: ["a, b"]}'
    """
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if _NEEDS_QUOTES.search(value) else value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(held)}" for key, held in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(flow(held) for held in value) + "]"
    return json.dumps(value)
