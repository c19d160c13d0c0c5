"""One small change of a compiled playbook, which a test ought to notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from playbook_engine.model.span import Span
from playbook_engine.policy.conditions import Condition
from playbook_engine.policy.policy import Policy, Row

Change = Callable[[Policy], Policy]


@dataclass(frozen=True)
class Removed:
    """A row is gone; `department` is whose own it is, "" for the playbook's."""

    section: str
    department: str
    row: str


@dataclass(frozen=True)
class Swapped:
    """A row stands after the one that followed it."""

    section: str
    department: str
    row: str
    other: str


@dataclass(frozen=True)
class Altered:
    """A row asks for something else."""

    section: str
    department: str
    row: str
    condition: Condition


@dataclass(frozen=True)
class Mutant:
    """What is changed, in a sentence and with its place.

    `key` is the beginning of the keys of the elements that it touches, "" for none; `difference` is what the prover
    can be asked about.
    """

    said: str
    span: Span | None
    key: str
    change: Change
    difference: Removed | Swapped | Altered | None = None


def put(**parts: object) -> Change:
    """The change that puts other parts in the place of a policy's own."""
    return lambda policy: replace(policy, **parts)  # type: ignore[arg-type]


def instead(rows: tuple[Row, ...], at: int, *others: Row) -> tuple[Row, ...]:
    """The rows with others, or none, in the place of one."""
    return (*rows[:at], *others, *rows[at + 1 :])
