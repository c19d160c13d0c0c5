"""What a file of tests holds once it is read: frozen, every name resolved, every instant in ms UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from playbook_engine.model.event import FactValue
from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy, Proof

NOTHING: Mapping[str, str] = MappingProxyType({})
SECOND = 1_000
"""Tests tell instants apart by the second: what happens within one happens at it."""


@dataclass(frozen=True)
class Step:
    """One thing that is done at `at`. `verb` is the key that says what, `subject` what stands under it.

    `row` is an event as sources write it, without id, time and what the story knows; `facts` is what enrichment
    tells of it. `about` is the handle of the customer meant, "" for whoever wrote last.
    """

    at: int
    verb: str
    subject: str
    span: Span
    by: str = ""
    about: str = ""
    row: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    facts: Mapping[str, FactValue] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Mock:
    """What becomes of an action: its outcomes one after the other, the last one for all that follow."""

    outcomes: tuple[str, ...] = ("delivered",)
    result: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Check:
    """One test of what happened. `how` is `is`, `has` (each of a tuple is in it) or `lacks` (none is)."""

    field: str
    how: str
    wanted: object


@dataclass(frozen=True)
class Expectation:
    """Something that must happen from `first` to `last` (ms UTC, both included by the second); None is no bound.

    `kind` is one of `happenings.KINDS`; `said` is the expectation on one line, as it was written.
    """

    kind: str
    checks: tuple[Check, ...]
    span: Span
    said: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Skip:
    """Why a test is not run, and the day (ms UTC, midnight by the playbook's clocks) from which that is a failure."""

    reason: str
    until: int
    day: str


@dataclass(frozen=True)
class Stage:
    """What a run begins with: where the clock stands, what enrichment tells, what becomes of actions."""

    start: int
    facts: Mapping[str, FactValue] = field(default_factory=lambda: NOTHING)
    mocks: Mapping[str, Mock] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Story:
    """A timeline, and what must come of it up to `until`. Not `closed`, what nobody expects may leave too."""

    stage: Stage
    steps: tuple[Step, ...]
    until: int
    expected: tuple[Expectation, ...] = ()
    never: tuple[Expectation, ...] = ()
    closed: bool = True


@dataclass(frozen=True)
class Deadline:
    """A step done `offset` ms from its deadline: up to it in time, after it breached."""

    story: Story
    step: str
    offset: int
    by: str = ""
    target: str = ""


@dataclass(frozen=True)
class ForAll:
    """Something that must hold for every message over the year from `since` (ms UTC) on."""

    policy: Policy
    proof: Proof
    since: int


@dataclass(frozen=True)
class Recording:
    """A file of events, and the file that says what must come of it."""

    stage: Stage
    events: Path
    snapshot: Path
    until: int | None = None


Body = Story | Deadline | ForAll | Recording


@dataclass(frozen=True)
class Test:
    """One test. `open_world` says that the file asked for one that lets other actions pass."""

    __test__ = False

    name: str
    span: Span
    body: Body
    skip: Skip | None = None
    open_world: bool = False


@dataclass(frozen=True)
class Suite:
    """The tests of one file, those of tables and deadlines one by one, and the path of the playbook they test."""

    path: Path
    playbook: Path
    policy: Policy
    tests: tuple[Test, ...]
