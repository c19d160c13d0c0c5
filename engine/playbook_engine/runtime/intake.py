"""One event taken in: whose it is, what is decided, and everything that follows from it, in one transaction."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import PurePath
from traceback import extract_tb

from msgspec.structs import replace

from playbook_engine.decide.address import address, bind, follow, incident_id, previous_of, private_thread, thread_key
from playbook_engine.decide.advance import advance
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.model.incident import INCIDENT_VERSION, Incident, Thread
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime import modes, silence
from playbook_engine.runtime.dispatcher import Dispatcher
from playbook_engine.runtime.incoming.outcomes import said_digest
from playbook_engine.runtime.record import recorded
from playbook_engine.runtime.store import DeadLetter, Store, encode

MOST_EMITTED = 100
"""Events of the engine's own that one event may bring about; what goes beyond is set aside.

The outcomes of one call are given, not brought about: one notification may carry hundreds of others with it.
"""

OPENS_ITS_OWN = ("mode.started", "source.silent")
"""Types that belong to nobody's incident and open one of their own."""

Observer = Callable[[Decision], object]

log = logging.getLogger(__name__)


class Intake:
    """Takes events into one store. Every method belongs to the caller's transaction."""

    def __init__(
        self,
        policy: Policy,
        store: Store,
        dispatcher: Dispatcher,
        observers: Iterable[Observer],
        listener: Callable[[DeadLetter], object] | None,
        mark: str,
        new_secret: Callable[[str], bytes],
    ) -> None:
        self.policy = policy
        self._store = store
        self._dispatcher = dispatcher
        self._observers = tuple(observers)
        self._listener = listener
        self._mark = mark
        self._new_secret = new_secret

    def take_in(self, event: Event, now: int, digest: str = "") -> None:
        """Takes in an event of the door's, and whatever the engine emits because of it."""
        digest = digest or said_digest(event)
        if self._is_new(event, digest, now):
            event = self._numbered(event)
            self._store.add_event(event, digest)
            silence.heard(self.policy, self._store, event)
            self._follow_up(self._decide(event, now), now)

    def take_in_own(self, events: Iterable[Event], now: int) -> None:
        """Takes in events of the engine's own: outcomes, modes, links."""
        given = list(events)
        self._follow_up(given, now, MOST_EMITTED * len(given))

    def wake(self, id: str, due: int) -> None:
        """Decides the timers of an incident that are due by `due`."""
        incident = self._store.incident(id)
        if incident is None or incident.version > INCIDENT_VERSION:
            self._stop(id, "newer-incident", due)
            return
        emitted, after = self._advance(incident, None, max(due, incident.clock), id)
        after = after or incident
        if after.wake_at is not None and after.timers == incident.timers:
            self._stop(id, "stuck-timer", due)
        self._follow_up(emitted, due)

    def _stop(self, id: str, reason: str, now: int) -> None:
        # It would come due for ever and keep everybody else from being worked off.
        self._store.stop_waking(id)
        self._set_aside(reason, id, b"", now)

    def _follow_up(self, events: Iterable[Event], now: int, most: int = MOST_EMITTED) -> None:
        queue = deque(events)
        taken = 0
        while queue:
            event = queue.popleft()
            if self._store.seen(event.source, event.id) is not None:
                continue
            event = self._numbered(self._stamped(event, now))
            if taken >= most:
                self._set_aside("too-many-events", event.key, encode(event), now)
            else:
                taken += 1
                self._store.add_event(event, said_digest(event))
                queue.extend(self._decide(event, now))

    def _is_new(self, event: Event, digest: str, now: int) -> bool:
        known = self._store.seen(event.source, event.id)
        if known and known != digest:
            self._set_aside("id-reused", event.key, encode(event), now)
        return known is None

    def _numbered(self, event: Event) -> Event:
        """With its place in the order of events, which may have moved since the door looked."""
        seq = self._store.next_seq()
        return event if event.seq == seq else replace(event, seq=seq)

    def _stamped(self, event: Event, now: int) -> Event:
        return replace(
            event,
            seen_at=event.seen_at or now,
            policy=self.policy.digest,
            modes=self._store.modes_in_force(now),
        )

    def _decide(self, event: Event, now: int) -> list[Event]:
        """What the engine emits because of a stored event."""
        if event.type == "mode.switched":
            switched = modes.switch(self.policy, self._store, event, now)
            if isinstance(switched, list):
                return switched
            self._set_aside("not-switched", event.key, encode(event), now, switched)
            return []
        if event.type == "incident.linked" and "into" in event.data:
            return self._decide_link(event, now)
        incident, id, previous, thread = self._whose(event)
        if not id or (incident is None and event.incident and event.type not in OPENS_ITS_OWN):
            self._set_aside("no-such-incident", event.key, encode(event), now, _nobodys(event))
            return []
        return self._advance(incident, event, event.seen_at, id, previous, thread)[0]

    def _whose(self, event: Event) -> tuple[Incident | None, str, str, Thread | None]:
        """The incident and its id, the one before it, and the thread that led there."""
        if event.incident or event.type in OPENS_ITS_OWN:
            id = event.incident or incident_id(event)
            # An outcome belongs to the incident that sent, even when that was absorbed since.
            incident = self._store.incident(id) if event.type.startswith("action.") else self._living(id)
            return incident, incident.id if incident is not None else id, "", None
        before = self._store.thread(thread_key(event)) or self._bound(event)
        thread, id = address(before, event, self.policy.reopen_within)
        incident = self._living(id) if id else None
        return incident, incident.id if incident is not None else id, previous_of(before, event), thread

    def _bound(self, event: Event) -> Thread | None:
        """The private thread that a hand-over bound before the platform gave it an id of its own."""
        if event.public or event.type != "message.received" or not event.person:
            return None
        bound = self._store.thread(private_thread(event.channel, event.account, event.person))
        return replace(bound, key=thread_key(event)) if bound is not None else None

    def _living(self, id: str) -> Incident | None:
        """The incident, or the one that has absorbed it."""
        passed: set[str] = set()
        incident = self._store.incident(id)
        while incident is not None and incident.merged_into and incident.id not in passed:
            passed.add(incident.id)
            incident = self._store.incident(incident.merged_into) or incident
        return incident

    def _decide_link(self, event: Event, now: int) -> list[Event]:
        """Whichever way round they were named, the younger is absorbed."""
        one, other = self._living(event.incident), self._living(str(event.data["into"]))
        if one is None or other is None:
            self._set_aside("no-such-incident", event.key, encode(event), now, _nobodys(event))
            return []
        if one.id == other.id:
            return []
        elder, younger = sorted((one, other), key=lambda incident: (incident.opened_at, incident.id))
        named = replace(event, incident=younger.id, data={**event.data, "into": elder.id})
        return self._advance(younger, named, event.seen_at, younger.id, stored=event)[0]

    def _advance(
        self,
        incident: Incident | None,
        event: Event | None,
        now: int,
        id: str,
        previous: str = "",
        thread: Thread | None = None,
        stored: Event | None = None,
    ) -> tuple[list[Event], Incident | None]:
        """What the engine emits, and the incident as it is now; None where it stays as it was.

        `stored` is the event as it came, where it is decided under other names.
        """
        if incident is not None and incident.version > INCIDENT_VERSION:
            self._set_aside("newer-incident", id, encode(event) if event is not None else b"", now)
            return [], None
        now = max(now, incident.clock) if incident is not None else now
        try:
            decisions = advance(self.policy, incident, event, now, id, previous)
        except Exception as error:
            # One event that nobody foresaw must not keep all others out.
            key = event.key if event is not None else id
            log.error("%s could not be decided: %s at %s", key, type(error).__name__, _place(error))
            body = encode(event) if event is not None else b""
            self._set_aside("not-decided", id, body, now, type(error).__name__)
            return [], None
        if not decisions:
            return [], None
        return self._save(decisions, incident, thread, stored or event), decisions[-1].incident

    def _save(
        self, decisions: tuple[Decision, ...], before: Incident | None, thread: Thread | None, event: Event | None
    ) -> list[Event]:
        """Keeps all that the decisions say; the last of them holds the incident as it is now."""
        threads = {thread.key: thread} if thread is not None else {}
        after = decisions[-1].incident
        self._store.put_incident(after, encode(after))
        secret = self._secret(after.id)
        emitted: list[Event] = []
        for decision in decisions:
            made_of = event if decision.type != "timer.due" else None
            record = recorded(decision, made_of, secret, self._mark)
            self._store.add_record(after.id, decision.event, encode(record))
            self._outbox(decision)
            emitted += decision.emits
            emitted += modes.count(self.policy, self._store, decision.marks, decision.now)
            for key in decision.binds:
                emitted += self._bind(key, decision, threads)
            for observer in self._observers:
                observer(decision)
        if threads or before is None or _leads(before) != _leads(after):
            self._lead(after, threads)
        return emitted

    def _secret(self, incident: str) -> bytes:
        secret = self._store.secret(incident)
        if secret is None:
            secret = self._new_secret(incident)
            self._store.put_secret(incident, secret)
        return secret

    def _outbox(self, decision: Decision) -> None:
        for delivery in decision.deliveries:
            if not self._dispatcher.put(delivery, decision.now):
                self._set_aside("key-reused", delivery.key, encode(delivery), decision.now)
        for key in decision.cancels:
            self._dispatcher.cancel(key, decision.now)

    def _bind(self, key: str, decision: Decision, threads: dict[str, Thread]) -> list[Event]:
        """Leads one more thread to the incident; an open incident found there and this one become one."""
        incident = decision.incident
        threads[key], found = bind(threads.get(key) or self._store.thread(key), key, incident)
        if not found:
            return []
        return [
            Event(
                source="engine",
                id=f"incident.linked:{incident.id}:{found}",
                type="incident.linked",
                at=decision.now,
                seen_at=decision.now,
                incident=incident.id,
                data={"into": found},
            )
        ]

    def _lead(self, incident: Incident, threads: dict[str, Thread]) -> None:
        """Every thread of the incident learns what became of it."""
        for key in dict.fromkeys((*threads, *incident.threads)):
            before = self._store.thread(key)
            thread = threads.get(key, before)
            if thread is not None:
                after = follow(thread, incident)
                if after != before:
                    self._store.put_thread(after)

    def _set_aside(self, reason: str, place: str, body: bytes, now: int, sentence: str = "") -> None:
        letter = DeadLetter(reason=reason, place=place, body=body, at=now, sentence=sentence)
        self._store.set_aside(letter)
        if self._listener is not None:
            self._listener(letter)


def _leads(incident: Incident) -> tuple[object, ...]:
    """All of an incident that its threads tell of."""
    return incident.threads, incident.stage, incident.resolved_at, incident.merged_into


def _nobodys(event: Event) -> str:
    named = event.incident or event.in_reply_to or event.conversation or "nothing"
    return (
        f"`{event.type}` names `{named[:80]}`, to which no incident belongs here; "
        "name the incident, the conversation or the message it is about"
    )


def _place(error: Exception) -> str:
    """Where it was raised, the innermost first. What it says is left out: it may quote the customer."""
    frames = reversed(extract_tb(error.__traceback__)[-4:])
    return ", ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
