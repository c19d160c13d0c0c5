"""What if: the smallest change of one fact that alters what is done, found by deciding again with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from playbook_engine.decide.decide import deliberate
from playbook_engine.explain.why import READ, Explanation
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident, Timer
from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.conditions import Test, each_test
from playbook_engine.policy.fact_type import FactType
from playbook_engine.policy.hours import NeverCloses, NeverOpens
from playbook_engine.policy.operands import NUMBERS
from playbook_engine.policy.policy import Action, Policy

MOST_TRIED = 400
"""Changes that are decided at most; beyond them lie only greater ones."""

LEFT_ALONE = ("channel", "account", "origin", "incident.department", "incident.stage")
"""With another of these it would be another message, or they follow from the decision itself."""

BY_THE_CLOCK = ("department.open", "department.was_open")

IN_ORDER = ("respond", "route", "targets", "human_only", "rules", "classify", "ignore", "modes")
"""Of changes that are equally small, the one asked for here first."""


@dataclass(frozen=True)
class Done:
    """What a decision comes to, as far as two are compared. `says` names what is sent or put before a person.

    `reply_within` is in ms, None where no reply is owed.
    """

    ignored: str
    department: str
    respond: str
    target: str
    rules: tuple[str, ...]
    says: tuple[str, ...]
    reply_within: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Alternative:
    """With `fact` at `after` in place of `before` (None: missing), `done` is what comes of it.

    `at` is set where the fact is whether somebody is open: the instant (ms UTC) at which it was decided instead.
    """

    fact: str
    before: FactValue | None
    after: FactValue
    done: Done
    at: int | None = None


@dataclass(frozen=True)
class _Change:
    """`size` is between 0 and 1: of amounts the share of the greater, of ranks the share of all, else 1."""

    size: float
    fact: str
    before: FactValue | None
    after: FactValue
    at: int | None = None


def done(decision: Decision) -> Done:
    """What a decision comes to."""
    incident, because = decision.incident, decision.because
    out = [(each.action, str(each.parameters.get("template", ""))) for each in decision.deliveries]
    drafts = [
        ("draft", str(each.delivery.parameters.get("template", each.delivery.action))) for each in incident.drafts
    ]
    owed = [duty for duty in incident.duties if duty.step == "reply"]
    return Done(
        because.ignore,
        incident.department,
        because.respond,
        because.target,
        because.rules,
        tuple(sorted({f"{action} {what}".strip() for action, what in (*out, *drafts) if action != "notify"})),
        owed[-1].deadline - owed[-1].since if owed else None,
    )


def what_if(
    policy: Policy,
    incident: Incident,
    event: Event,
    now: int,
    found: Explanation,
    timer: Timer | None = None,
    most: int = 3,
) -> tuple[Alternative, ...]:
    """The smallest changes that alter what is done, of each fact one. The first arguments are `explain`'s.

    Every one was decided again: what it says is what would have come of it.
    """
    now_done = done(found.decision)
    alternatives: dict[str, Alternative] = {}
    changes = [*_of_facts(policy, found), *_of_hours(policy, incident, event, now, found)]
    for change in sorted(changes, key=lambda change: change.size)[:MOST_TRIED]:
        if len(alternatives) < most and change.fact not in alternatives:
            other = _decided(policy, incident, event, now, timer, change, found)
            if other is not None and other != now_done:
                alternatives[change.fact] = Alternative(change.fact, change.before, change.after, other, change.at)
    return tuple(alternatives.values())


def _decided(
    policy: Policy,
    incident: Incident,
    event: Event,
    now: int,
    timer: Timer | None,
    change: _Change,
    found: Explanation,
) -> Done | None:
    assumed: dict[str, FactValue] = {}
    if change.at is not None:
        event, now = replace(event, at=change.at, seen_at=change.at), change.at
    else:
        own, facts = f"message.{change.fact}", found.facts
        same = [own] if own in facts and facts[own] == facts.get(change.fact) else []
        assumed = dict.fromkeys((change.fact, *same), change.after)
    try:
        return done(deliberate(policy, incident, event, now, timer, assumed).decision())
    except Exception:
        return None


def _of_facts(policy: Policy, found: Explanation) -> Iterator[_Change]:
    """Every value at which some test that was made comes out the other way."""
    tried: set[tuple[str, FactValue]] = set()
    for test, met in _tests(policy, found):
        kind = policy.facts.get(test.fact.removeprefix("message."))
        if kind is None or test.fact in LEFT_ALONE or _by_the_clock(test.fact) or test.kind == "text":
            continue
        before = found.facts.get(test.fact, met)
        for after in _values(test, kind, before):
            if after != before and (test.fact, after) not in tried:
                tried.add((test.fact, after))
                yield _Change(_size(kind, before, after), test.fact, before, after)


def _tests(policy: Policy, found: Explanation) -> Iterator[tuple[Test, FactValue | None]]:
    """The tests of all rows that were asked, and of the actions of those that decided, with what they met."""
    for section in IN_ORDER:
        for verdict in found.section(section):
            yield from ((check.test, check.value) for check in verdict.checks)
    for action in _actions(policy, found):
        yield from ((test, found.facts.get(test.fact)) for test in each_test(action.when))


def _actions(policy: Policy, found: Explanation) -> Iterator[Action]:
    because = found.decision.because
    owner = policy.departments.get(found.decision.incident.response_of)
    for row in owner.respond if owner is not None else policy.respond:
        if row.id == because.respond:
            yield from (*row.reply.actions, *row.apologise.actions, *row.resolve.actions)
    for rule in policy.rules:
        if rule.id in because.rules:
            yield from rule.actions


def _values(test: Test, kind: FactType, held: FactValue | None) -> Iterator[FactValue]:
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    if kind.kind == "flag":
        yield from (True, False)
    elif kind.kind == "set":
        names = held if isinstance(held, tuple) else ()
        named = [operand for operand in operands if isinstance(operand, str)]
        yield from (tuple(sorted({*names} ^ {name})) for name in named)
    elif kind.kind in NUMBERS:
        numbers = [operand for operand in operands if isinstance(operand, int) and not isinstance(operand, bool)]
        near = [number + step for number in numbers for step in (-1, 0, 1)]
        yield from (number for number in near if kind.least is None or number >= kind.least)
    elif kind.values:
        yield from kind.values
    else:
        yield from (operand for operand in operands if isinstance(operand, str))


def _size(kind: FactType, before: FactValue | None, after: FactValue) -> float:
    if kind.kind in NUMBERS and isinstance(before, int) and isinstance(after, int):
        return abs(after - before) / max(abs(after), abs(before), 1)
    if kind.kind == "ordered" and before in kind.values:
        return abs(kind.values.index(str(after)) - kind.values.index(str(before))) / max(len(kind.values) - 1, 1)
    return 1.0


def _by_the_clock(fact: str) -> bool:
    return fact in BY_THE_CLOCK or fact.startswith("open.")


def _of_hours(policy: Policy, incident: Incident, event: Event, now: int, found: Explanation) -> Iterator[_Change]:
    """The same message at the next instant at which the department that answers, or a calendar read, turns."""
    if event.type not in READ:
        return
    department = policy.departments.get(found.decision.incident.department)
    calendars = {f"open.{name}": policy.calendars[name] for name in policy.calendars_read}
    if department is not None and department.calendar:
        calendars = {"department.open": policy.calendars[department.calendar], **calendars}
    for fact, calendar in calendars.items():
        at = _turns(calendar, now)
        # What falls due before then would have to be decided first.
        if at is not None and (incident.wake_at is None or incident.wake_at > at):
            is_open = calendar.hours.is_open(now)
            yield _Change(1.0, fact, is_open, not is_open, at)


def _turns(calendar: Calendar, now: int) -> int | None:
    hours = calendar.hours
    try:
        return hours.next_close(now) if hours.is_open(now) else hours.next_open(now)
    except (NeverOpens, NeverCloses):
        return None
