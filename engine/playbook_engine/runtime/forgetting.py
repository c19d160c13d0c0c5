"""A person forgotten: everything said in their incidents erased, the chains and decisions left. SEMANTICS 12.

The secrets that salt the personal parts of records go, too, so nothing that is left says anything about them. What
waited to be said to the person is cancelled, for it cannot be said any more; what they are owed stays owed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from json import dumps

from msgspec import Struct
from msgspec.structs import replace

from playbook_engine.model.delivery import Receipt
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.runtime.personal import (
    forgotten_incident,
    is_unsaid,
    plain_handle,
    public_delivery,
    public_event,
    threads_without,
)
from playbook_engine.runtime.record import FORGOTTEN, RecordedDecision, digest_of, event_of, read_record
from playbook_engine.runtime.store import DeadLetter, Store, StoredDelivery, encode, transaction

SHORTEST = 6
"""Characters from which a text is looked for inside others; a shorter one only as a whole value."""

OVER = ("closed", "merged", "resolved")
"""Stages of an incident in which nothing is under way."""


@dataclass
class Forgotten:
    """What was erased. `left` are places of others' words in which a handle or name still stands."""

    incidents: list[str] = field(default_factory=list)
    events: int = 0
    deliveries: int = 0
    letters: int = 0
    cancelled: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def forget_person(store: Store, person: str, now: int, mark: str) -> Forgotten:
    """Forgets one person, by the reference that events and incidents have for them."""
    own = [event for event in store.events() if event.person == person]
    names = {incident.id for incident in store.incidents() if incident.customer == person}
    names |= {store.decided_in(event.key) for event in own} - {""}
    return _forget(store, names, own, now, mark)


def forget_older(store: Store, before: int, now: int, mark: str) -> Forgotten:
    """Forgets what was said in incidents that are over and in which nothing has happened since `before` (ms UTC)."""
    names = {
        incident.id
        for incident in store.incidents()
        if incident.stage in OVER and incident.clock < before and store.secret(incident.id) is not None
    }
    stray = [event for event in store.events() if event.seen_at < before and not store.decided_in(event.key)]
    return _forget(store, names, stray, now, mark, before)


def _forget(
    store: Store, names: Collection[str], stray: Iterable[Event], now: int, mark: str, before: int | None = None
) -> Forgotten:
    """With `before` nobody in particular is forgotten, and of what was set aside everything before that instant."""
    found = Forgotten()
    with transaction(store):
        incidents = _with_merged(store, names)
        events = {event.key: event for event in stray}
        for incident in incidents:
            events |= {event.key: event for event in _decided_in(store, incident.id)}
        said = _values(incidents, events.values())
        rows = _by_incident(store, {incident.id for incident in incidents})
        for incident in incidents:
            _forget_incident(store, incident, rows[incident.id], said, now, mark, found)
        _forget_gathered(store, {row.key for each in rows.values() for row in each})
        for event in events.values():
            if public_event(event) != event:
                store.put_event(public_event(event), "")
                found.events += 1
        places = {*events, *found.incidents}
        if before is None:
            _forget_letters(store, lambda letter: _quotes(letter, said, places), found)
        else:
            _forget_letters(store, lambda letter: letter.at < before, found)
    store.erase()
    found.left += _left(store, said) if before is None else []
    return found


def _by_incident(store: Store, names: Collection[str]) -> dict[str, list[StoredDelivery]]:
    rows: dict[str, list[StoredDelivery]] = {name: [] for name in names}
    for row in store.deliveries():
        if row.delivery.incident in rows:
            rows[row.delivery.incident].append(row)
    return rows


def _with_merged(store: Store, names: Collection[str]) -> list[Incident]:
    """These incidents, and those that have taken them up."""
    found: dict[str, Incident] = {}
    waiting = sorted(names)
    while waiting:
        incident = store.incident(waiting.pop(0))
        if incident is not None and incident.id not in found:
            found[incident.id] = incident
            waiting += [incident.merged_into] if incident.merged_into else []
    return list(found.values())


def _decided_in(store: Store, incident: str) -> Iterator[Event]:
    for record in store.records(incident):
        event = event_of(store, record.event)
        if event is not None:
            yield event


@dataclass
class _Said:
    """What is looked for: handles as they are compared, names of people, and what anybody wrote."""

    handles: frozenset[str]
    names: frozenset[str]
    texts: frozenset[str]

    def stands_in(self, text: str, texts: bool = True) -> bool:
        """Whether anything of it stands in a text or in JSON; a short value only between quotation marks."""
        folded = text.casefold()
        for value in (*self.handles, *(name.casefold() for name in self.names)):
            if any(form in folded for form in _forms(value)):
                return True
        return texts and any(form in text for value in self.texts for form in _forms(value))


def _forms(value: str) -> Iterator[str]:
    """A value as it may be written in JSON."""
    for ascii in (False, True):
        written = dumps(value, ensure_ascii=ascii)
        yield written[1:-1] if len(value) >= SHORTEST else written


def _values(incidents: Iterable[Incident], events: Iterable[Event]) -> _Said:
    authors = [event.author for event in events if event.person]
    authors += [incident.author for incident in incidents]
    return _Said(
        frozenset(plain_handle(author.handle) for author in authors if author.handle),
        frozenset(author.name for author in authors if author.name),
        frozenset(event.text for event in events if event.text and event.person),
    )


def _forget_incident(
    store: Store,
    incident: Incident,
    rows: Iterable[StoredDelivery],
    said: _Said,
    now: int,
    mark: str,
    found: Forgotten,
) -> None:
    renamed = threads_without(incident, said.handles)
    after = forgotten_incident(incident, tuple(dict.fromkeys(renamed.get(key, key) for key in incident.threads)))
    for key, name in renamed.items():
        _rename(store, key, name)
    unsaid = {sent.key for sent in incident.sent if is_unsaid(sent)}
    for row in rows:
        _forget_delivery(store, row, row.key in unsaid, found)
    store.put_incident(after, encode(after))
    store.put_secret(incident.id, None)
    record = RecordedDecision(
        incident=incident.id,
        event=f"engine#{FORGOTTEN}:{incident.id}:{now}",
        type=FORGOTTEN,
        now=max(now, incident.clock),
        state=digest_of(after),
        engine=mark,
        binds=after.threads,
    )
    store.add_record(incident.id, record.event, encode(record))
    found.incidents.append(incident.id)


def _rename(store: Store, key: str, name: str) -> None:
    """A private thread that named a handle is found by the person's reference from now on."""
    thread, known = store.thread(key), store.thread(name)
    if thread is None:
        return
    if known is not None:
        messages, customers = {**known.messages, **thread.messages}, {**known.customers, **thread.customers}
        thread = replace(thread, messages=messages, customers=customers)
    store.rename_thread(key, replace(thread, key=name))
    store.rename_conversation(key.rpartition("|")[2], name.rpartition("|")[2])


def _forget_delivery(store: Store, row: StoredDelivery, unsaid: bool, found: Forgotten) -> None:
    waits = row.status in ("waiting", "sending")
    if waits and not unsaid:
        return
    if waits:
        row = replace(row, status="cancelled", held="")
        store.drop_entries(row.delivery)
        found.cancelled.append(row.key)
    store.replace_delivery(
        replace(row, delivery=public_delivery(row.delivery), joined=None, receipt=_nameless(row.receipt))
    )
    found.deliveries += 1


def _nameless(receipt: Receipt | None) -> Receipt | None:
    return replace(receipt, result={}) if receipt is not None else None


def _forget_gathered(store: Store, keys: set[str]) -> None:
    """Notifications about others that these were gathered into quote them no longer."""
    for row in store.deliveries():
        if row.joined is not None and keys.intersection(row.gathered):
            store.replace_delivery(replace(row, joined=None))


def _forget_letters(store: Store, goes: Callable[[DeadLetter], bool], found: Forgotten) -> None:
    """What was set aside stays with its reason and instant, without its content and what was said of it."""
    letters = list(store.dead_letters())
    kept = [replace(letter, body=b"", sentence="") if goes(letter) else letter for letter in letters]
    found.letters = sum(now != was for now, was in zip(kept, letters, strict=True))
    if found.letters:
        store.put_letters(kept)


def _quotes(letter: DeadLetter, said: _Said, places: set[str]) -> bool:
    ours = letter.place in places or letter.place.partition(":")[0] in places
    return ours or said.stands_in(letter.body.decode("utf-8", "replace")) or said.stands_in(letter.sentence)


def _left(store: Store, said: _Said) -> list[str]:
    """Where a handle or a name still stands: words of others, which are theirs."""

    def named(kind: str, rows: Iterable[tuple[str, Struct]]) -> Iterator[str]:
        return (f"{kind} {name}" for name, row in rows if said.stands_in(encode(row).decode(), texts=False))

    return [
        *named("event", ((event.key, event) for event in store.events())),
        *named("incident", ((incident.id, incident) for incident in store.incidents())),
        *named("delivery", ((row.key, row) for row in store.deliveries())),
        *named("record", ((f"{each.incident} {each.n}", read_record(each)) for each in store.records())),
    ]
