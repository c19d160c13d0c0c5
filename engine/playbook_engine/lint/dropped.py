"""Codes of the catalogue that no rule has, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DROPPED: Mapping[str, str] = MappingProxyType(
    {
        "PB603": "every value that a text may name has a longest form published with it",
        "PB802": "patterns are RE2, which takes linear time whatever the text",
        "PB804": "templates can only name values: calls, attributes and includes are refused when they are read",
        "PB805": "a playbook names no package; versions stand with the installation, the actions' specs in the digest",
        "PB806": "conditions compare facts with constants and can call nothing; enrichment runs before them",
    }
)
