"""What lint says: a finding with its places, its evidence and what mends it."""

from __future__ import annotations

from dataclasses import dataclass

from playbook_engine.model.span import Span
from playbook_engine.text.document import Path

SEVERITIES = ("info", "warning", "error")
"""From the least to the worst."""

CONFIDENCES = ("heuristic", "certain", "proven")
"""A guess from wording; follows from what is written; holds for every event, or is shown by one."""


@dataclass(frozen=True, order=True)
class Edit:
    """One replacement in a file. `start` and `end` are (line, column) from 1, in characters; `end` is excluded.

    A place past the last line is the end of the file.
    """

    file: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that together mend a finding. A `safe` one leaves every decision as it is."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@dataclass(frozen=True)
class Beside:
    """Another place that belongs to a finding, and what it has to do with it."""

    path: Path
    label: str
    key: bool = False


@dataclass(frozen=True)
class Found:
    """What a rule says of one place, by its path in the document.

    `message` is what is wrong with the offending text; `help` is one thing to do. With `key` the place is the key of
    the value. `span` overrides the path's own place, as of one word inside a text. `evidence` are lines that show it:
    dates, lengths, a customer's message that brings it about. `legal` are the values that would do, `nearest` the
    likeliest. `confidence` and `severity`, where given, stand for the rule's own.
    """

    path: Path
    message: str
    help: str = ""
    key: bool = False
    span: Span | None = None
    beside: tuple[Beside, ...] = ()
    evidence: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    nearest: str = ""
    fix: Fix | None = None
    confidence: str = ""
    severity: str = ""


@dataclass(frozen=True)
class Related:
    """Another place of a finding, as it is reported."""

    span: Span
    label: str
    node: str = ""


@dataclass(frozen=True)
class Finding:
    """One finding as it is reported. `node` names what it stands in, as `route.rest` or `templates.ack`.

    `fingerprint` stays the same while the node and what belongs to it say the same, wherever they are moved.
    `owner` is the department whose node it is, else the playbook's owner.
    """

    code: str
    name: str
    severity: str
    confidence: str
    message: str
    span: Span
    help: str = ""
    related: tuple[Related, ...] = ()
    path: Path = ()
    node: str = ""
    evidence: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    nearest: str = ""
    fix: Fix | None = None
    fingerprint: str = ""
    owner: str = ""

    @property
    def rank(self) -> int:
        """How bad: 0 for info, 2 for an error."""
        return SEVERITIES.index(self.severity)
