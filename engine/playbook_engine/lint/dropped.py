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
        "PB202": "A step leaves only when the earlier ones of its round are met or waived; no playbook can turn "
        "the order round. Deadlines in the wrong order are PB205.",
        "PB204": "The playbook itself says how fast; PB511 compares its promises, and a claim under `prove` bounds "
        "them.",
        "PB208": "Every deadline says what it counts: `15m` is time on the clock, `{open_time: 15m}` is open time.",
        "PB402": "Levels follow one another, so each is reached; a ladder that no target names is PB110.",
        "PB504": "Of two rows of one list with the same condition the later never wins, which is PB503.",
        "PB510": "Which row decides how many recorded events is told by a run's decisions, not by the text.",
        "PB513": "The order of a list decides on purpose; rules are a mapping, and where two exclude one another "
        "it is PB505.",
        "PB514": "Both sides of a comparison are folded, so a literal can be written as people write.",
        "PB603": "Every value that a text may name has a longest form published with it.",
        "PB705": "Every amount is written out with its currency; none can come from what a customer writes.",
        "PB802": "Patterns are RE2, which takes linear time whatever the text.",
        "PB804": "Templates can only name values: calls, attributes and includes are refused when they are read.",
        "PB805": "A playbook names no package; versions stand with the installation, the actions' specs in the digest.",
        "PB806": "Conditions compare facts with constants and can call nothing; enrichment runs before them.",
        "PB911": "Which rows no test decides is a measure of `playbook test`, not of the playbook.",
        "PB912": "Whether a test bears load is a measure of `playbook test`, not of the playbook.",
        "PB913": "A test may claim with `forall` what `prove` shows: both ask the same prover.",
    }
)
"""One sentence for each: what makes it impossible, or which rule covers it."""
