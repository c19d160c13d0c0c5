"""A story played: the steps go through the real door into the real engine, in memory and on the story's own clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from playbook_engine.model.delivery import Draft
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident
from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Duplicate, Terms
from playbook_engine.runtime.engine import Engine
from playbook_engine.runtime.incoming.decode import plain_event
from playbook_engine.runtime.incoming.outcomes import (
    MESSAGES,
    PEOPLE,
    Incoming,
    Outcome,
    Sender,
    SetAside,
    Unfit,
    said_digest,
)
from playbook_engine.runtime.store import DeadLetter
from playbook_engine.runtime.stores.memory import MemoryStore
from playbook_engine.scenario.carrier import MockCarrier
from playbook_engine.scenario.happenings import Happening, Log
from playbook_engine.scenario.suite import SECOND, Stage, Step

ANYBODY = Sender(may_send=MESSAGES | PEOPLE)
BATCH = 1_000_000
"""A test commits when it is over: its store ends with it."""

DOES = {
    "acknowledged": "incident.acknowledged",
    "assigned": "incident.assigned",
    "waiting": "incident.waiting",
    "resolved": "incident.resolved",
    "linked": "incident.linked",
    "waived": "duty.waived",
}


@dataclass(frozen=True)
class Trouble:
    """A step that could not be taken as it stands."""

    span: Span
    sentence: str


@dataclass(frozen=True)
class Ran:
    """What came of a run. `events` pairs every step that became an event with it; `store` holds all the rest."""

    store: MemoryStore
    happenings: tuple[Happening, ...]
    troubles: tuple[Trouble, ...]
    events: tuple[Event, ...]


@dataclass
class _Author:
    """The latest message of one customer."""

    row: Mapping[str, object]
    event: Event


@dataclass
class Player:
    """One run in the making; used once."""

    policy: Policy
    stage: Stage
    store: MemoryStore = field(default_factory=MemoryStore)
    troubles: list[Trouble] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._clock = EventsClock(self.stage.start)
        self._log = Log(self.policy, self._event_of)
        self._carrier = MockCarrier(self.stage.mocks, self._log.left)
        self._engine = Engine(
            self.policy,
            self.store,
            self._carrier,
            self._clock,
            batch=BATCH,
            observers=[self._log.decided],
            set_aside=self._aside,
        )
        self._facts: Mapping[str, FactValue] = self.stage.facts
        self._door = Door(
            Terms.of(self.policy), self.store, self._clock, wake=self._engine.wake, enrich=lambda _: (self._facts, {})
        )
        self._authors: dict[str, _Author] = {}
        self._latest = ""
        self._span = Span("")

    def play(self, steps: tuple[Step, ...], until: int) -> Ran:
        """Takes the steps and lets time go on to the end of the second `until` (ms UTC)."""
        with self._engine:
            for step in steps:
                self.take(step)
            self._engine.wake(until + SECOND - 1)
        return self.ran()

    def play_recorded(self, incoming: Iterable[Outcome], until: int | None) -> tuple[Ran, int]:
        """The same with events that were recorded; also how many there were."""
        with self._engine:
            for outcome in incoming:
                if isinstance(outcome, Incoming):
                    self.admit(outcome)
                elif isinstance(outcome, SetAside):
                    self.trouble(outcome.sentence)
            last = self._clock.now()
            self._engine.wake(max(last, until if until is not None else last) + SECOND - 1)
        return self.ran(), len(self.events)

    def ran(self) -> Ran:
        happened = sorted(self._log.happenings, key=lambda each: each.at)
        return Ran(self.store, tuple(happened), tuple(self.troubles), tuple(self.events))

    def take(self, step: Step) -> None:
        self._span = step.span
        self._engine.wake(step.at)
        self._clock.reach(step.at)
        if step.verb == "fails":
            self._carrier.fails(step.subject, str(step.row["outcome"]))
        elif step.verb == "works":
            self._carrier.works(step.subject)
        elif (row := self._row(step)) is not None:
            self._facts = {**self.stage.facts, **step.facts}
            self._admit(row, step)

    def admit(self, incoming: Incoming) -> Event | None:
        """One event through the door and into the engine; None where the door had something against it."""
        admitted = self._door.admit(incoming)
        if isinstance(admitted, Event):
            self.events.append(admitted)
            self._engine.take(admitted, said_digest(admitted))
            return admitted
        if isinstance(admitted, Duplicate):
            self.trouble(f"the id `{admitted.id}` was used before; give every event an id of its own")
        else:
            self.trouble(admitted.sentence.removeprefix(": "))
        return None

    def trouble(self, sentence: str) -> None:
        self.troubles.append(Trouble(self._span, sentence))

    def incident(self, about: str = "") -> Incident | None:
        """The incident of a customer's latest message or of a mode, or the one that has absorbed it."""
        incident = self.store.incident(self._incident_id(about))
        while incident is not None and incident.merged_into:
            incident = self.store.incident(incident.merged_into)
        return incident

    def _incident_id(self, about: str) -> str:
        author = self._authors.get(about or self._latest)
        if author is not None:
            return self.store.decided_in(author.event.key)
        mode = self.store.mode(about) if about else None
        return mode.incident if mode is not None else ""

    def _aside(self, letter: DeadLetter) -> None:
        self.trouble(letter.sentence or f"the engine set it aside: {letter.reason}, {letter.place}")

    def _event_of(self, key: str) -> Event | None:
        source, _, id = key.partition("#")
        return self.store.event(source, id)

    def _admit(self, row: Mapping[str, object], step: Step) -> None:
        id = f"t{len(self.events) + len(self.troubles) + 1}"
        try:
            incoming = plain_event({"id": id, **row}, ANYBODY)
        except Unfit as fault:
            self.trouble(fault.sentence)
            return
        event = self.admit(replace(incoming, at=step.at))
        if event is not None and step.verb == "message":
            self._latest = event.author.handle
            self._authors[self._latest] = _Author(row, event)

    def _row(self, step: Step) -> Mapping[str, object] | None:
        """The step as an event that a source would write."""
        match step.verb:
            case "message":
                return step.row
            case "switches":
                return {"type": "mode.switched", "by": step.by, "mode": step.subject, **step.row}
        author = self._authors.get(step.about or self._latest)
        if author is not None and step.verb in ("edits", "deletes", "says"):
            return self._beside(step, author)
        incident = self.incident(step.about)
        if incident is None:
            self.trouble("there is no incident to do this with; the message was set aside, or the mode never in force")
            return None
        return self._done(step, incident)

    def _beside(self, step: Step, author: _Author) -> Mapping[str, object]:
        """What goes on in the conversation of a message."""
        if step.verb == "says":
            named = ("channel", "account", "public", "origin")
            where = {name: author.row[name] for name in named if name in author.row}
            place = {"conversation": author.event.conversation, "in_reply_to": author.event.message}
            return {"type": "message.sent", "by": step.by, "text": step.subject, **where, **place, **step.row}
        kind = "message.edited" if step.verb == "edits" else "message.deleted"
        text = {"text": step.subject} if step.verb == "edits" else {"text": ""}
        return {**author.row, "type": kind, "message": author.event.message, **text}

    def _done(self, step: Step, incident: Incident) -> Mapping[str, object] | None:
        """What a person of ours does with an incident."""
        row = {"by": step.by, "incident": incident.id, **step.row}
        match step.verb:
            case "does" if "into" in step.row:
                other = self.incident(str(step.row["into"]))
                return {**row, "type": DOES[step.subject], "into": other.id if other is not None else "nobody"}
            case "does":
                return {**row, "type": DOES[step.subject]}
            case "grants":
                return {**row, "type": "remedy.granted", "action": step.subject}
        draft = self._draft(step, incident)
        if draft is None:
            return None
        named = {"draft": draft.key, "digest": draft.digest, "messages": draft.messages}
        return {**row, **named, "type": "approval.granted" if step.verb == "approves" else "approval.refused"}

    def _draft(self, step: Step, incident: Incident) -> Draft | None:
        """The latest draft for that step, of that template or action."""
        for draft in reversed(incident.drafts):
            if step.subject in _names(draft):
                return draft
        waiting = ", ".join(" ".join(_names(draft)) for draft in incident.drafts) or "nothing"
        self.trouble(f"no draft of `{step.subject}` waits for a person; {waiting} does")
        return None


def _names(draft: Draft) -> tuple[str, ...]:
    delivery = draft.delivery
    return tuple(filter(None, (delivery.step, str(delivery.parameters.get("template", "")), delivery.action)))
