"""How a run is told: one line a happening, and what was expected beside what came about."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.model.event import Event
from playbook_engine.policy.durations import say_duration
from playbook_engine.scenario.happenings import Happening
from playbook_engine.scenario.matching import differences, in_time, nearest
from playbook_engine.scenario.moments import local_time, say_moment
from playbook_engine.scenario.suite import SECOND, Expectation
from playbook_engine.scenario.verdict import Verdict
from playbook_engine.text.scalars import flow, shown
from playbook_engine.text.width import width

TOLD = ("to", "asks", "level", "purpose", "step", "person", "because", "outcome", "approved_by", "with.amount", "text")
"""What is told of a happening beside its name, in this order, where it has it."""

READ = ("ignored", "classify", "route", "respond", "target", "rule")
"""What is told of a decision."""

LONGEST = 46
"""Columns of what was expected."""

_OBVIOUS = {("outcome", "delivered"), ("approved_by", "none"), ("because", ""), ("step", ""), ("to", "")}


def say_happening(happening: Happening, full: bool = False) -> str:
    """A happening in the words of an expectation. `full` gives texts at their whole length.

    >>> say_happening(Happening(0, "send", "ack", "i", "e", {"to": "mika", "outcome": "delivered"}))
    '{send: ack, to: mika}'
    """
    told: dict[str, object] = {happening.kind: happening.name} if happening.name else {}
    for name in READ if happening.kind == "decision" else TOLD:
        value = happening.values.get(name)
        if value is None or (name, value) in _OBVIOUS or (name == "text" and happening.kind == "notify" and not full):
            continue
        told[name] = list(value) if isinstance(value, tuple) else str(value) if full else shown(str(value))
    return flow(told)


def say_offset(at: int, start: int, zone: str) -> str:
    """When, by the clock and since the start: `Mon 10:20:00 (20m)`."""
    after = at - at % SECOND - start
    return f"{local_time(at, zone):%a %H:%M:%S} ({say_duration(after)})"


def side_by_side(verdict: Verdict, zone: str) -> Iterator[str]:
    """Everything in order of time: what was expected, what came about, and a sign for each: ✓ both, ✗ one only.

    What was asked about and not met is followed by what came closest to it, with every difference.
    """
    if verdict.ran is None or verdict.stage is None:
        return
    start, ran = verdict.stage.start, verdict.ran
    happened = {id(found): expectation for expectation, found in verdict.matching.met}
    wrong = {id(found) for found in verdict.matching.left if verdict.closed}
    wrong |= {id(found) for _, found in verdict.forbidden}
    lines: list[tuple[int, int, str]] = [(event.seen_at, 0, _event(event)) for event in ran.events]
    for found in ran.happenings:
        expectation = happened.get(id(found))
        sign = "✗" if id(found) in wrong else "✓" if expectation is not None else "·"
        lines.append((found.at, 1, _row(sign, expectation, say_happening(found))))
    for expectation in verdict.matching.missing:
        at = expectation.last if expectation.last is not None else (expectation.first or ran_until(verdict))
        lines.append((at, 2, "\n".join((_row("✗", expectation, "—"), *_closest(expectation, verdict, zone)))))
    yield f"  {'':<24}  expected{' ' * (LONGEST - 8)}  actual"
    for at, _, line in sorted(lines, key=lambda each: each[:2]):
        yield f"  {say_offset(at, start, zone):<24}{line}"


def ran_until(verdict: Verdict) -> int:
    assert verdict.ran is not None
    return max((each.at for each in verdict.ran.happenings), default=0)


def _event(event: Event) -> str:
    who = event.by or event.author.handle or "a customer"
    return f"  {who}: {event.type}" + (f" {shown(event.text)}" if event.text else "")


def _row(sign: str, expectation: Expectation | None, actual: str) -> str:
    said = expectation.said if expectation is not None else ""
    if width(said) > LONGEST:
        said = said[: LONGEST - 1] + "…"
    return f"{sign} {said}{' ' * max(0, LONGEST - width(said))}  {actual}"


def _closest(expectation: Expectation, verdict: Verdict, zone: str) -> Iterator[str]:
    assert verdict.ran is not None
    near = nearest(expectation, verdict.ran.happenings)
    if near is None:
        return
    margin = " " * 28
    yield f"{margin}closest: {say_moment(near.at, zone)} {say_happening(near)}"
    if not in_time(expectation, near):
        yield f"{margin}  time: expected {_bounds(expectation, zone)}, actual {say_moment(near.at, zone)}"
    for each in differences(expectation, near):
        name = near.kind if each.field == "name" else each.field
        wanted, actual = _value(each.field, each.wanted, zone), _value(each.field, each.actual, zone)
        yield f"{margin}  {name}: expected {wanted}, actual {actual}"


def _value(field: str, value: object, zone: str) -> str:
    if field.startswith("due.") and isinstance(value, int):
        return say_moment(value, zone)
    if value is None:
        return "nothing"
    return shown(", ".join(map(str, value)) if isinstance(value, tuple) else str(value))


def _bounds(expectation: Expectation, zone: str) -> str:
    first = say_moment(expectation.first, zone) if expectation.first is not None else "the start"
    last = say_moment(expectation.last, zone) if expectation.last is not None else "the end"
    return last if first == last else f"from {first} to {last}"
