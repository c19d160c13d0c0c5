"""Events as a story, and what came of them as its expectations: the text of a test that passes as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from playbook_engine.model.event import Event
from playbook_engine.policy.durations import say_duration
from playbook_engine.prove.cells import local_time
from playbook_engine.scenario.happenings import NONE, OF_DUTIES, Happening
from playbook_engine.scenario.suite import SECOND
from playbook_engine.text.scalars import flow

Line = Mapping[str, object]
DECISION = ("ignored", "route", "respond", "target", "department", "human_only")
BESIDE = ("step", "level", "asks", "purpose")
USUAL: Mapping[str, object] = {"origin": "mention", "public": True, "automatic": False, "attachments": 0, "subject": ""}


class Untold(Exception):
    """An event that no step of a story can say."""


@dataclass(frozen=True)
class Draft:
    """A test in the making. `start` is in ms UTC; `until` ms after it; `around` is what stands under the deadline."""

    start: int
    steps: tuple[Line, ...]
    until: int = 0
    around: Line = field(default_factory=dict)


def drafted(events: Sequence[Event], start: int | None = None) -> Draft:
    """The events as steps, the last of them at `start` where it is given. Raises Untold."""
    first = events[0].seen_at if start is None else start - (events[-1].seen_at - events[0].seen_at)
    first -= first % SECOND
    shift = first - events[0].seen_at
    steps: list[Line] = []
    for event in events:
        at = event.seen_at + shift - first
        steps.append({"at": _offset(at), **_step(event)})
    end = events[-1].seen_at + shift - first
    return Draft(first, tuple(steps), end + 60 * SECOND - end % SECOND)


def _offset(ms: int) -> str:
    whole = ms - ms % SECOND
    return say_duration(whole) if whole else "0m"


def _step(event: Event) -> Line:
    if event.modes:
        raise Untold("a mode is in force")
    if event.type == "message.received":
        return {"message": event.text, **_fields(event)}
    if event.type == "message.edited":
        return {"edits": event.text}
    if event.type == "message.sent" and event.by:
        return {"by": event.by, "says": event.text or "(an answer)"}
    if event.type == "incident.resolved" and event.by:
        return {"by": event.by, "does": "resolved"}
    raise Untold(event.type)


def _fields(event: Event) -> Line:
    if event.at < event.seen_at or event.imported:
        raise Untold("it comes late")
    given = {name: getattr(event, name) for name in USUAL if getattr(event, name, USUAL[name]) != USUAL[name]}
    author = {
        "handle": event.author.handle,
        "name": event.author.name,
        "followers": event.author.followers,
        "verified": event.author.verified,
    }
    known = {name: value for name, value in author.items() if value not in (None, "")}
    facts = {"facts": {name: list(v) if isinstance(v, tuple) else v for name, v in event.enrichment.items()}}
    account = {"account": event.account} if event.account else {}
    lang = {"lang": event.lang} if event.lang else {}
    return {
        "channel": event.channel,
        **account,
        **lang,
        **given,
        "author": known,
        **(facts if event.enrichment else {}),
    }


def written(draft: Draft, name: str, zone: str, happened: Iterable[Happening], places: str = "") -> str:
    """The test as YAML. Without happenings it only says that something is decided, to be played."""
    lines = [f"  - name: {flow(name)}" + (f"    # {places}" if places else "")]
    lines.append(f"    start: {local_time(zone, draft.start):%Y-%m-%dT%H:%M:%S}")
    lines.append("    timeline:")
    lines += [f"      - {flow(step)}" for step in draft.steps]
    if draft.around:
        return "\n".join((*lines, f"    around_deadline: {flow(draft.around)}")) + "\n"
    lines.append(f"    until: {_offset(draft.until)}")
    expected = list(_expected(draft, happened))
    if not expected:
        return "\n".join(
            (*lines, "    open_world: true", "    expect: [{send: none}]".replace("send: none", "route: none"))
        )
    return "\n".join((*lines, "    expect:", *(f"      - {flow(each)}" for each in expected))) + "\n"


def _expected(draft: Draft, happened: Iterable[Happening]) -> Iterator[Line]:
    for each in happened:
        at = _offset(each.at - draft.start)
        if each.kind == "decision":
            values = {name: each.values[name] for name in DECISION if each.values.get(name) not in (None, NONE, False)}
            yield {"at": at, **values}
        elif each.outward or each.kind in OF_DUTIES.values():
            beside = {name: each.values[name] for name in BESIDE if each.values.get(name)}
            yield {"at": at, each.kind: each.name, **beside}
