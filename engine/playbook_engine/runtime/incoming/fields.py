"""One field of a stranger's object, checked and cleaned; anything else is `Unfit` with a sentence.

Null is read as absent everywhere. A whole number stands for its digits where an id or a name is expected:
platforms write the same id now as a number, now as a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from playbook_engine.runtime.incoming import cleaning, instants
from playbook_engine.runtime.incoming.outcomes import Unfit
from playbook_engine.text.nearest import nearest

Row = Mapping[str, object]

MOST_ATTACHMENTS = 10_000
LARGEST_NUMBER = 2**53 - 1
"""What every JSON reader keeps exactly (RFC 8259, section 6)."""

_DEEPEST_EXTRA = 8
_MOST_EXTRA = 1_000


def identifier(row: Row, *names: str) -> str:
    """The first of these fields that is there, as an id; "" for none."""
    name, value = _first(row, names)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if value.bit_length() < 2_000 else " " * (cleaning.LONGEST_ID + 1)
    if not isinstance(value, str):
        refuse(name, value, "write a text")
    if len(value.encode("utf-8", "surrogatepass")) > cleaning.LONGEST_ID:
        raise Unfit("too-large", f"`{name}` has over {cleaning.LONGEST_ID} bytes; shorten the id")
    return cleaning.clean_name(value)


def name(row: Row, field: str) -> str:
    """A name of a person, cut at 200 characters."""
    value = row.get(field)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return identifier(row, field)
    if not isinstance(value, str):
        refuse(field, value, "write a text")
    return cleaning.clean_name(value[: cleaning.LONGEST_NAME])


def text(row: Row, field: str) -> tuple[str, int]:
    """A text cut at its limit, and the length it had when it was cut, else 0."""
    value = row.get(field)
    if value is None:
        return "", 0
    if not isinstance(value, str):
        refuse(field, value, "write a text")
    whole = len(value)
    return cleaning.clean_text(value[: cleaning.LONGEST_TEXT]), whole if whole > cleaning.LONGEST_TEXT else 0


def flag(row: Row, field: str, default: bool) -> bool:
    value = row.get(field)
    if value is None:
        return default
    if not isinstance(value, bool):
        refuse(field, value, "write true or false, without quotes")
    return value


def number(row: Row, field: str) -> int | None:
    """A count: not negative, at most 2**53 - 1."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_NUMBER:
        refuse(field, value, "write a whole number from 0 up")
    return value


def attachments(row: Row) -> int:
    """How many: a number, or the length of a list. More than 10,000 count as 10,000."""
    value = row.get("attachments")
    count = len(value) if isinstance(value, list) else number(row, "attachments") or 0
    return min(count, MOST_ATTACHMENTS)


def instant(row: Row, *names: str, counted: bool = False) -> int | None:
    """When, in ms UTC; None where nothing is said. `counted` also takes whole milliseconds."""
    field, value = _first(row, names)
    if not value and not isinstance(value, (int, float)):
        return None
    if counted and isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= instants.LATEST:
        return value
    if not isinstance(value, str):
        advice = "a time is a text such as `2026-03-02T10:00:00+09:00`; a mapping can read counts"
        raise Unfit("bad-time", f"`{field}` is `{cleaning.shown(value)}`; {advice}")
    try:
        return instants.iso8601(value.strip())
    except instants.BadTime as fault:
        raise Unfit("bad-time", f"`{field}` is `{cleaning.shown(value)}`, {fault}") from None


def extra(value: object, field: str, depth: int = 0) -> object:
    """A value of `data`, which is stored as it is: texts, whole numbers, flags, lists and objects of these."""
    if isinstance(value, str):
        if len(value) > cleaning.LONGEST_TEXT:
            raise Unfit("too-large", f"`{field}` has over {cleaning.LONGEST_TEXT} characters; shorten it")
        return cleaning.clean_text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_NUMBER:
        return value
    if isinstance(value, (list, dict)) and (depth >= _DEEPEST_EXTRA or len(value) > _MOST_EXTRA):
        raise Unfit("too-large", f"`{field}` is nested too deeply or too long; say it in fewer words")
    if isinstance(value, list):
        return [extra(item, field, depth + 1) for item in value]
    if isinstance(value, dict):
        return {cleaning.clean_name(key[:200]): extra(item, field, depth + 1) for key, item in value.items()}
    refuse(field, value, "write a whole number (money in its smallest unit) or a text")


def missing(field: str, row: Row, advice: str) -> NoReturn:
    """`field` is not there; a key that is, and looks like it, is offered."""
    meant = nearest(field, [key[:80] for key in list(row)[:100]])
    offered = f"did you mean it by `{cleaning.shown(meant)}`?" if meant and row.get(meant) else advice
    raise Unfit("missing-field", f"`{field}` is missing; {offered}")


def refuse(field: str, value: object, advice: str) -> NoReturn:
    raise Unfit("wrong-type", f"`{field}` is `{cleaning.shown(value)}`; {advice}")


def _first(row: Row, names: tuple[str, ...]) -> tuple[str, object]:
    for each in names:
        value = row.get(each)
        if value is not None:
            return each, value
    return names[0], ""
