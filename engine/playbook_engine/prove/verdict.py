"""What is claimed of a playbook, and what has come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from playbook_engine.model.span import Span
from playbook_engine.prove.replay import Replayed

if TYPE_CHECKING:
    from playbook_engine.prove.case import Case

Kind: TypeAlias = Literal["holds", "broken", "inconclusive"]

KINDS: tuple[Kind, ...] = ("holds", "inconclusive", "broken")
"""From the best to the worst."""


@dataclass(frozen=True)
class Detail:
    """One part of a verdict: what holds, or what breaks it.

    `said` is one sentence. `replayed` are the timelines of a counterexample, replayed by the real engine: mostly one,
    two where two messages are compared. `place` is where the row or claim was written.
    """

    kind: Kind
    said: str
    place: Span | None = None
    replayed: tuple[Replayed, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Property:
    """Something that must hold of every playbook. `code` is stable; `title` says what holds, in one sentence."""

    code: str
    title: str
    check: Callable[[Case], Iterable[Detail]]


@dataclass(frozen=True)
class Verdict:
    """What has come of a property, or of a claim that the playbook makes itself under `prove`."""

    code: str
    title: str
    details: tuple[Detail, ...]

    @property
    def kind(self) -> Kind:
        """The worst of the details; of none, that it holds: there was nothing to break it."""
        return max((detail.kind for detail in self.details), key=KINDS.index, default="holds")

    def of(self, kind: Kind) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if detail.kind == kind)
