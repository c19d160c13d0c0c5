"""Regular expressions compiled when they are first searched for: a start does not pay for those that are not."""

from __future__ import annotations

import re
from functools import cache


@cache
def late(pattern: str) -> re.Pattern[str]:
    """The same as `re.compile`, and the same object each time. Only for patterns that the source spells out."""
    return re.compile(pattern)
