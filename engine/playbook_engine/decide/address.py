"""Whose incident is it: pure and keyed by the thread. SEMANTICS 2.

A thread is (account, root post) in public and (account, peer) in private. In one thread every customer has an
incident of their own; a message of ours belongs to the incident of the message it answers.
"""

from __future__ import annotations

from hashlib import sha256

from msgspec.structs import replace

from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident, Thread

KEPT_MESSAGES = 1_000
THREAD_VERSION = 1


def thread_key(event: Event) -> str:
    """The thread an event belongs to. A post of its own that names no conversation begins one."""
    if event.public:
        root = event.conversation or event.message or event.id
        return f"{event.channel}|{event.account}|post|{root}"
    return private_thread(event.channel, event.account, event.conversation or event.person or event.id)


def private_thread(channel: str, account: str, peer: str) -> str:
    """The private thread of one peer with one account."""
    return f"{channel}|{account}|peer|{peer}"


def incident_id(event: Event) -> str:
    """Derived from source and id of the opening event; nothing is drawn."""
    return incident_id_of(event.source, event.id)


def incident_id_of(source: str, id: str) -> str:
    """The id of the incident that an event of this source and id would open."""
    return sha256(f"{source}\n{id}".encode()).hexdigest()[:16]


def address(thread: Thread | None, event: Event, reopen_within: int) -> tuple[Thread, str]:
    """The thread after the event, and the incident the event belongs to ("" for nobody's).

    A customer's message opens an incident where they have none here, or where theirs was closed or resolved
    for longer than `reopen_within` (ms). Our own message opens one only where the thread has none at all.
    """
    thread = thread or Thread(key=thread_key(event), version=THREAD_VERSION)
    incident = _incident_of(thread, event, reopen_within)
    if not incident:
        return thread, ""
    if event.type in ("message.received", "message.sent"):
        thread = _with_message(thread, event, incident)
    return thread, incident


def _incident_of(thread: Thread, event: Event, reopen_within: int) -> str:
    if event.type == "message.received":
        own = thread.customers.get(event.person) or thread.customers.get("", "")
        return own if own and _is_alive(thread, own, event.at, reopen_within) else incident_id(event)
    answered = thread.messages.get(event.in_reply_to, "")
    if event.type in ("message.edited", "message.deleted"):
        return thread.messages.get(event.message, "") or thread.customers.get(event.person, "")
    if event.type == "message.sent":
        return answered or thread.latest or incident_id(event)
    return answered or thread.messages.get(event.message, "") or thread.latest


def _is_alive(thread: Thread, incident: str, at: int, reopen_within: int) -> bool:
    if incident in thread.closed:
        return False
    resolved = thread.resolved_at.get(incident)
    return resolved is None or at <= resolved + reopen_within


def _with_message(thread: Thread, event: Event, incident: str) -> Thread:
    messages = dict(thread.messages)
    messages[event.message or event.id] = incident
    while len(messages) > KEPT_MESSAGES:
        del messages[next(iter(messages))]
    customers = dict(thread.customers)
    if event.type == "message.received":
        if customers.get("") == incident:
            del customers[""]
        customers[event.person] = incident
    elif not customers and not thread.latest:
        customers[""] = incident
    return replace(thread, messages=messages, customers=customers, latest=incident)


def previous_of(thread: Thread | None, event: Event) -> str:
    """The incident the customer had here before, which a new one names."""
    return thread.customers.get(event.person, "") if thread is not None else ""


def follow(thread: Thread, incident: Incident) -> Thread:
    """The thread with what a decision made of one of its incidents: resolved, reopened, closed or merged."""
    resolved = {name: at for name, at in thread.resolved_at.items() if name != incident.id}
    if incident.stage == "resolved" and incident.resolved_at is not None:
        resolved[incident.id] = incident.resolved_at
    closed = {name for name in thread.closed if name != incident.id}
    if incident.stage == "closed":
        closed.add(incident.id)
    thread = replace(thread, resolved_at=resolved, closed=tuple(sorted(closed)))
    return _forwarded(thread, incident) if incident.merged_into else thread


def _forwarded(thread: Thread, incident: Incident) -> Thread:
    """Later events of an absorbed incident go to the one that took it up."""
    elder = incident.merged_into

    def led(names: dict[str, str]) -> dict[str, str]:
        return {name: elder if held == incident.id else held for name, held in names.items()}

    latest = elder if thread.latest == incident.id else thread.latest
    return replace(thread, customers=led(thread.customers), messages=led(thread.messages), latest=latest)


def bind(thread: Thread | None, key: str, incident: Incident) -> tuple[Thread, str]:
    """Leads a private thread to the incident; the second is an open incident there, to be absorbed ("" if none)."""
    thread = thread or Thread(key=key, version=THREAD_VERSION)
    held = thread.customers.get(incident.customer, "")
    open_one = held if held and held != incident.id and held not in thread.closed else ""
    if open_one and open_one in thread.resolved_at:
        open_one = ""
    customers = {**thread.customers, incident.customer: incident.id}
    return replace(thread, customers=customers, latest=incident.id), open_one
