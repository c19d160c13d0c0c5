"""When the events of a timeline happen, and what people do between its messages."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from playbook_engine.model.event import Event
from playbook_engine.prove.realise import Model, event_of
from playbook_engine.prove.times import LATEST, Situation

MINUTE = 60_000
HOUR = 60 * MINUTE
_APART = (0, HOUR, 24 * HOUR, 72 * HOUR, 240 * HOUR, 720 * HOUR)
"""How long after its first message an incident is tried to be met again."""

_STRETCHES = 40
_MOST_REPEATS = 12


def instants(situation: Situation, since: int, until: int | None) -> Iterator[int]:
    """The first instant of each of the situation's stretches between two instants (ms UTC)."""
    for begin, end in zip(situation.since, situation.until, strict=True):
        at = max(begin, since)
        if at < end and (until is None or at < until):
            yield at


def timelines(model: Model, earlier: tuple[Model, ...]) -> Iterator[tuple[Event, ...]]:
    """Timelines that may bring about what the model says, the most natural first; `earlier` are the messages before."""
    if not earlier:
        for seen_at in _some(instants(_situation(model, "now"), 0, None), _STRETCHES):
            yield from ((event_of(model, 1, at, seen_at),) for at in _some(_written(model, seen_at), 1))
        return
    for start in _some(instants(_situation(earlier[0], "now"), 0, None), 3):
        for apart in _APART:
            yield from _after(model, earlier, start, start + apart)


def _some(found: Iterator[int], most: int) -> Iterator[int]:
    return (at for at, _ in zip(found, range(most), strict=False))


def _situation(model: Model, name: str) -> Situation:
    return model.encoding.inputs.situations[model.number(name)]


def _written(model: Model, seen_at: int) -> Iterator[int]:
    """When a message may have been written that is seen then."""
    if not model.holds(model.encoding.inputs.flag("late")):
        yield seen_at
        return
    stretches = _situation(model, "was")
    least = model.number("incident.age")
    yield from instants(stretches, seen_at - LATEST, seen_at - least + 1 if least else seen_at)


def _after(model: Model, earlier: tuple[Model, ...], start: int, soonest: int) -> Iterator[tuple[Event, ...]]:
    """Timelines whose last message comes at `soonest` or as soon after it as its situation allows."""
    upper = model.upper("incident.age")
    soonest = max(soonest, start + model.number("incident.age"), start + MINUTE)
    until = start + upper if upper is not None else None
    for seen_at in _some(instants(_situation(model, "now"), soonest, until), 1):
        for at in _some(_written(model, seen_at), 1):
            before = _earlier(model, earlier, start, seen_at)
            last = event_of(model, len(before) + 1, at, seen_at)
            if last.type == "message.edited":
                said = [event.message for event in before if event.type == "message.received"]
                last = replace(last, message=said[-1])
            yield (*before, last)


def _earlier(model: Model, earlier: tuple[Model, ...], start: int, end: int) -> tuple[Event, ...]:
    """What came before the last message: the earlier ones, repeated where more are wanted, and what people did."""
    messages = [event_of(each, number + 1, start, start) for number, each in enumerate(earlier)]
    again = messages[-1]
    plan: list[Event] = list(messages)
    acts = _acts(model, again)
    wanted = model.number("incident.messages") - (0 if model.holds(model.encoding.inputs.flag("edited")) else 1)
    missing = wanted - len(messages) - sum(act.type == "message.received" for act in acts)
    plan += [again] * min(max(missing, 0), _MOST_REPEATS) + acts
    step = max((end - start) // (len(plan) + 1), 1)
    step = min(step, 10 * MINUTE)
    return tuple(_numbered(event, number, start + number * step) for number, event in enumerate(plan))


def _numbered(event: Event, number: int, at: int) -> Event:
    return replace(event, id=f"event-{number + 1}", message=f"message-{number + 1}", at=at, seen_at=at)


def _acts(model: Model, again: Event) -> list[Event]:
    """What people do, and what the customer writes once more, to bring the incident to the stage it is in."""
    inputs = model.encoding.inputs
    stage, taken = str(model.value("before.stage")), model.holds(inputs.flag("taken"))
    acts: list[Event] = []
    if model.holds(inputs.flag("before.reopened")) or stage == "reopened":
        acts += [_act(again, "incident.resolved", elsewhere=True), again]
    spoken = [_said(again, public=True)] * min(model.number("incident.public_turns"), _MOST_REPEATS)
    match stage, taken:
        case "acknowledged", True:
            acts += [*spoken, *([again] if spoken else []), _act(again, "incident.acknowledged")]
        case "acknowledged", False:
            acts += [_act(again, "incident.waiting"), again]
        case "waiting", True:
            acts += spoken or [_said(again, public=False)]
        case "waiting", False:
            acts += [_act(again, "incident.waiting")]
        case (("new" | "open"), False):
            acts += [again] * (len(spoken) - 1)  # a machine may answer each of them in public
        case "resolved", _:
            acts += [*spoken, _act(again, "incident.resolved", elsewhere=True)]
    return acts


def _act(message: Event, kind: str, **data: object) -> Event:
    return Event(
        source="prove",
        id="",
        type=kind,
        at=0,
        seen_at=0,
        channel=message.channel,
        account=message.account,
        public=message.public,
        conversation=message.conversation,
        by="somebody",
        modes=message.modes,
        data=data,
    )


def _said(message: Event, *, public: bool) -> Event:
    return replace(_act(message, "message.sent"), public=public, text="We are on it.")


def answer_to(message: Event, at: int) -> Event:
    """What a person answers at an instant (ms UTC)."""
    return replace(_said(message, public=message.public), id="answer", message="answer", at=at, seen_at=at)
