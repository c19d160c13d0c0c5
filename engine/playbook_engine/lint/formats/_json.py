"""JSON that may be shown in a terminal: other scripts as they are, what cannot be seen as its escape."""

from __future__ import annotations

import json
import re

from playbook_engine.text.scalars import without_unseen

_AFTER_ASCII = re.compile("[\x7f-\U0010ffff]")


def written(value: object, indent: int | None = 2) -> str:
    """One JSON value without a line break at its end; over several lines unless `indent` is None.

    >>> written("a\\u202eb 語", None)
    '"a\\\\u202eb 語"'
    """
    said = json.dumps(value, ensure_ascii=False, indent=indent)
    return said if said.isascii() else _AFTER_ASCII.sub(_seen, said)


def _seen(found: re.Match[str]) -> str:
    character = found[0]
    return json.dumps(character)[1:-1] if without_unseen(character) != character else character
