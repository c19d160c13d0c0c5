"""The engine mark: everything beside the policy that a decision's bytes depend on. SEMANTICS 11.3."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.metadata import version

_PARTS = ("playbook-engine", "tzdata", "google-re2", "minijinja")


@cache
def engine_mark() -> str:
    """The releases of engine, Unicode, tzdata, RE2 and the template engine, in one text."""
    parts = [f"{name} {version(name)}" for name in _PARTS]
    return "; ".join([*parts, f"unicode {unicodedata.unidata_version}"])
