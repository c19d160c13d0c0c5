"""The rules of the catalogue that are not there, and why not: their codes are never given to another rule."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DROPPED: Mapping[str, str] = MappingProxyType(
    {
        "PB004": "A scalar is read by its place: `18:00` is a shift under `open` and a text elsewhere, never a number.",
        "PB005": "A scalar is read by its place: `0120` is a text wherever it is not a number, with every digit kept.",
        "PB107": "Parameters of an action are keys and values like any others: PB101, PB102 and PB103 name what is "
        "unknown, unfit or missing, by the schema of the action.",
        "PB202": "A step leaves only when the earlier ones of its round are met or waived; no playbook can turn the "
        "order round. Deadlines in the wrong order are PB205.",
        "PB208": "Every deadline says what it counts: `15m` is time on the clock, `{open_time: 15m}` is open time.",
        "PB603": "Every value that a text may name has a longest form published with it.",
        "PB802": "Patterns are RE2, which takes linear time whatever the text.",
        "PB804": "Templates can only name values: calls, attributes and includes are refused when they are read.",
        "PB805": "A playbook names no package; versions stand with the installation, the actions' specs in the digest.",
        "PB806": "Conditions compare facts with constants and can call nothing; enrichment runs before them.",
    }
)
"""One sentence for each: what makes it impossible, or which rule covers it."""
