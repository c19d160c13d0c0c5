"""What lint says: a finding with its places, its evidence and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    likeliest. `confidence` and `severity`, where given, stand for the rule's own. With `flow` the place and those
    beside it are the steps of a path, in this order, as of a ladder that leads back to where it begins.
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
    flow: bool = False


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
    `owner` is the department whose node it is, else the playbook's owner. An `unusable` one keeps the playbook from
    being used. With `flow` the place and the related ones are the steps of a path, in this order.
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
    unusable: bool = False
    flow: bool = False

    @property
    def rank(self) -> int:
        """How bad: 0 for info, 2 for an error."""
        return SEVERITIES.index(self.severity)


@dataclass(frozen=True)
class Suppressed:
    """A finding that somebody answers for: why, who, until which day (None: for good), and where that is written."""

    finding: Finding
    reason: str
    by: str = ""
    until: date | None = None
    where: Span | None = None
