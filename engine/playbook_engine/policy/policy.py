"""The compiled playbook: immutable, all names resolved, all types checked.

Durations are milliseconds, money is in minor units of its currency, instants of the day belong to
calendars. Mappings are read-only and in the order of their keys; lists keep the order of the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.event import FactValue
from playbook_engine.model.span import Span
from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.conditions import Condition, facts_read
from playbook_engine.policy.fact_type import FactType as FactType
from playbook_engine.policy.money import Money as Money
from playbook_engine.policy.templates import Template

LocalText = Mapping[str, str]
"""Language to text; the language "" holds a text that is the same in all."""


@dataclass(frozen=True)
class Address:
    """One way to reach a person: `kind` is slack, email, sms, ...; `value` may be a secret's reference."""

    kind: str
    value: str


@dataclass(frozen=True)
class Person:
    id: str
    name: LocalText
    via: tuple[Address, ...]
    calendar: str = ""
    deputy: str = ""
    initials: str = ""
    language: str = ""


@dataclass(frozen=True)
class Approval:
    """Who is asked, for how long (ms, 0: as long as it takes), and who after that."""

    by: str
    within: int = 0
    otherwise: str = ""


@dataclass(frozen=True)
class Authority:
    """What a department may spend with one action. None means no bound of that kind."""

    action: str
    per_incident: Money | None = None
    per_day: Money | None = None
    approver: str = ""
    up_to: Money | None = None


@dataclass(frozen=True)
class WhenClosed:
    """What replaces holding until opening: a text sent at once, or a department that takes over."""

    template: str = ""
    department: str = ""


@dataclass(frozen=True)
class Department:
    """`on_duty` pairs a calendar ("" for always) with a person, asked in order.

    Without a `calendar` it is always open. `signature` is empty where its name will do.
    """

    id: str
    name: LocalText
    signature: LocalText
    calendar: str = ""
    on_duty: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    when_closed: WhenClosed | None = None
    may_spend: Mapping[str, Authority] = field(default_factory=lambda: MappingProxyType({}))
    approval: Approval | None = None
    four_eyes: bool = False
    respond: tuple[Response, ...] = ()


@dataclass(frozen=True)
class Account:
    id: str
    platform: str
    department: str
    type: str = "both"
    purpose: LocalText = field(default_factory=lambda: MappingProxyType({}))
    profile: LocalText = field(default_factory=lambda: MappingProxyType({}))
    see_also: tuple[str, ...] = ()
    silent_after: int = 0


@dataclass(frozen=True)
class Row:
    """One entry of a first-match list: its id, its condition and where it stands."""

    id: str
    when: Condition
    span: Span


@dataclass(frozen=True)
class IgnoreRow(Row):
    because: str


@dataclass(frozen=True)
class ClassifyRow(Row):
    sets: Mapping[str, FactValue]


@dataclass(frozen=True)
class RouteRow(Row):
    department: str


@dataclass(frozen=True)
class Deadline:
    """How long a step may take.

    `kind` is elapsed (`amount` ms), open_time (`amount` ms of the owner's open time), open_days (`amount`
    days) or by_hours (`when_open` and `when_closed` hold one of the former each).
    """

    kind: str
    amount: int = 0
    when_open: Deadline | None = None
    when_closed: Deadline | None = None


@dataclass(frozen=True)
class Target(Row):
    """`deadlines` maps reply, next_reply, apologise and resolve to their deadlines, where given.

    `counts` is human, any, or "" for what the response implies.
    """

    deadlines: Mapping[str, Deadline]
    ladder: str = ""
    counts: str = ""


@dataclass(frozen=True)
class Action:
    """One action to be carried out: its parameters as written, names resolved and types checked."""

    name: str
    parameters: Mapping[str, object]
    when: Condition
    span: Span
    spec: ActionSpec
    approval: Approval | None = None


@dataclass(frozen=True)
class Step:
    """What is done in one step. `kind` is send, draft, do, offer, by_hand or none."""

    kind: str
    template: str = ""
    actions: tuple[Action, ...] = ()
    approval: Approval | None = None


@dataclass(frozen=True)
class Response(Row):
    reply: Step
    apologise: Step
    resolve: Step

    def step(self, name: str) -> Step:
        return {"reply": self.reply, "apologise": self.apologise, "resolve": self.resolve}[name]


@dataclass(frozen=True)
class Level:
    """One rung of a ladder: at a share of the duty's measure (per cent), or `overdue` ms past its deadline.

    `notify` lists persons, `department.on_duty`, `department.lead` or `undecided`.
    """

    id: str
    notify: tuple[str, ...]
    percent: int | None = None
    overdue: int | None = None
    acknowledge_within: int = 0
    every: int = 0
    times: int = 0


@dataclass(frozen=True)
class Threshold:
    """At least (or, to end, fewer than) `messages` in a window of `within` ms that match `when`."""

    messages: int
    within: int
    when: Condition


@dataclass(frozen=True)
class Mode:
    id: str
    starts: Threshold | None = None
    ends: Threshold | None = None
    may_switch: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True)
class Rule(Row):
    """`event` is the type it fires on; `after` ms later it is judged again. `once_per` is incident, author or ""."""

    event: str
    actions: tuple[Action, ...]
    after: int = 0
    once_per: str = ""
    once_within: int = 0


@dataclass(frozen=True)
class Limit:
    id: str
    action: str
    per: str
    most: int
    within: int
    then: str
    span: Span | None = None


@dataclass(frozen=True)
class Proof:
    id: str
    assume: Condition
    claim: Condition
    span: Span


@dataclass(frozen=True)
class Undecided:
    person: str
    within: int


@dataclass(frozen=True)
class Policy:
    """One playbook, ready to decide with. `digest` is its version (SEMANTICS 11.3).

    `facts` are the playbook's own and the built-in ones. `engine_mark` says which engine compiled it.
    """

    name: str
    digest: str
    timezone: str
    languages: tuple[str, ...]
    fallback: str
    facts: Mapping[str, FactType]
    calendars: Mapping[str, Calendar]
    people: Mapping[str, Person]
    departments: Mapping[str, Department]
    accounts: Mapping[str, Account]
    templates: Mapping[str, Template]
    links: Mapping[str, str]
    ignore: tuple[IgnoreRow, ...]
    classify: tuple[ClassifyRow, ...]
    route: tuple[RouteRow, ...]
    targets: tuple[Target, ...]
    respond: tuple[Response, ...]
    human_only: tuple[Condition, ...]
    ladders: Mapping[str, tuple[Level, ...]]
    modes: Mapping[str, Mode]
    rules: tuple[Rule, ...]
    reopen_within: int
    close_after: int
    answer_within_max: int
    undecided: Undecided
    limits: tuple[Limit, ...]
    proofs: tuple[Proof, ...]
    renamed: Mapping[str, str]
    actions: Mapping[str, ActionSpec]
    channels: tuple[str, ...]
    owner: str = ""
    approved_by: tuple[str, ...] = ()
    review_by: str = ""
    engine_mark: str = ""

    @cached_property
    def unset_facts(self) -> Mapping[str, FactValue]:
        """What the playbook's own facts read as while nothing sets them; a set is never missing."""
        own = [fact for fact in self.facts.values() if not fact.built_in]
        unset = {fact.name: fact.default for fact in own if fact.default is not None}
        return {**{fact.name: () for fact in own if fact.kind == "set"}, **unset}

    @cached_property
    def calendars_read(self) -> tuple[str, ...]:
        """The calendars that any condition asks about."""
        read = {name for condition in self._conditions() for name in facts_read(condition)}
        return tuple(name for name in self.calendars if f"open.{name}" in read)

    def _conditions(self) -> Iterator[Condition]:
        own = [row for department in self.departments.values() for row in department.respond]
        responses = (*own, *self.respond)
        rows: tuple[Row, ...] = (*self.ignore, *self.classify, *self.route, *self.targets, *responses, *self.rules)
        yield from (row.when for row in rows)
        yield from self.human_only
        steps = [step for row in responses for step in (row.reply, row.apologise, row.resolve)]
        actions = (*(step.actions for step in steps), *(rule.actions for rule in self.rules))
        yield from (action.when for listed in actions for action in listed)
        for mode in self.modes.values():
            yield from (each.when for each in (mode.starts, mode.ends) if each is not None)
