"""Small changes of a condition and of a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from playbook_engine.cover.elements import has_edge, say_test
from playbook_engine.policy.conditions import All, Any, Condition, Not, Test, each_test
from playbook_engine.policy.policy import Deadline

SWAPS = {"gte": "gt", "gt": "gte", "lte": "lt", "lt": "lte"}
SECOND, MINUTE = 1_000, 60_000
LATER = {"elapsed": (MINUTE, "a minute"), "open_time": (MINUTE, "a minute"), "open_days": (1, "a day")}


def altered(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Every condition that differs in one thing, with what that is."""
    if isinstance(condition, Test):
        yield f"`{say_test(condition)}` negated", Not(condition)
        yield from _moved(condition)
    elif isinstance(condition, Not):
        yield from ((said, Not(part)) for said, part in altered(condition.part))
    elif isinstance(condition, All | Any):
        yield from _of_parts(condition)


def _of_parts(condition: All | Any) -> Iterator[tuple[str, Condition]]:
    parts, kind = condition.parts, type(condition)
    if len(parts) > 1:
        other, said = (Any, "any instead of all") if isinstance(condition, All) else (All, "all instead of any")
        yield f"{said} of its tests", other(parts)
    for at, part in enumerate(parts):
        if len(parts) > 1:
            yield f"`{_say(part)}` left out", kind((*parts[:at], *parts[at + 1 :]))
        for said, changed in altered(part):
            yield said, kind((*parts[:at], changed, *parts[at + 1 :]))


def _say(condition: Condition) -> str:
    return ", ".join(say_test(test) for test in each_test(condition))


def _moved(test: Test) -> Iterator[tuple[str, Condition]]:
    """The edge of a bound at the next unit on both sides; of whole numbers one is the other operator."""
    if not has_edge(test) or not isinstance(test.operand, int):
        return
    if test.kind == "duration":
        for by, said in ((SECOND, "a second more"), (-SECOND, "a second less")):
            yield f"`{say_test(test)}`, {said}", replace(test, operand=test.operand + by)
        return
    yield f"`{say_test(test)}` with `{SWAPS[test.operator]}`", replace(test, operator=SWAPS[test.operator])
    by = -1 if test.operator in ("gte", "lt") else 1
    yield f"`{say_test(test)}`, one {'less' if by < 0 else 'more'}", replace(test, operand=test.operand + by)


def later(deadline: Deadline) -> Iterator[tuple[str, Deadline]]:
    """The deadline a little later, in open hours and in closed ones."""
    if deadline.kind in LATER:
        by, said = LATER[deadline.kind]
        yield f"{said} later", replace(deadline, amount=deadline.amount + by)
    if deadline.when_open is not None:
        for said, changed in later(deadline.when_open):
            yield f"{said} in open hours", replace(deadline, when_open=changed)
    if deadline.when_closed is not None:
        for said, changed in later(deadline.when_closed):
            yield f"{said} in closed hours", replace(deadline, when_closed=changed)
