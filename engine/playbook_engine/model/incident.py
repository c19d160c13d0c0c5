"""All we remember of one customer's matter, and of the threads that lead to it."""

from __future__ import annotations

from msgspec import Struct

from playbook_engine.model.delivery import Draft, Sent
from playbook_engine.model.duty import Duty
from playbook_engine.model.event import Author, Event, FactValue

INCIDENT_VERSION = 1


class Timer(Struct, frozen=True, order=True, omit_defaults=True):
    """An instant at which the incident decides again. Worked off in the order of the fields.

    `level` is that of a ladder; for a rule that waits it is the depth of the event it waits after.
    """

    due: int
    duty: str = ""
    level: int = 0
    name: str = ""
    subject: str = ""
    times: int = 0


class Resolution(Struct, frozen=True, omit_defaults=True):
    """A person's word that the matter is resolved: the event, its instant and who said it."""

    event: str
    at: int
    by: str = ""


class Incident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One incident. It is stored as one JSON value and read back for ever; `version` says which form.

    `clock` is the latest instant it was decided at and never runs back. `facts` are the joined facts that
    were set; defaults are not stored. `round` counts from 1; 0 means that no customer has written.
    `response_of` is the department whose own `response` it is, "" for a common one.
    `taken_by` is the person who took it. `answering` is the message that replies answer. `spent` holds
    granted money per action in minor units. `fired` lists the rules that fired once and for all.
    `threads` are all that lead here, the first one its own. `home` is the department that owns it when it
    is open; `department` the one that answers now. `epoch` is the first round of the present episode, which
    a reopening begins anew. `turns` counts what customers and people wrote;
    `voiced` lists the channels on which an unapproved message has answered the present turn. `resolution`
    is a person's resolution that waits for the steps before it. `asking` is the text being answered, kept only
    while a look-up still has to read it.
    """

    version: int
    id: str
    threads: tuple[str, ...]
    channel: str
    account: str
    public: bool
    origin: str = "mention"
    customer: str = ""
    author: Author = Author()
    lang: str = ""
    opened_at: int
    opened_by: str
    previous: str = ""
    merged_into: str = ""
    clock: int
    stage: str = "new"
    department: str = ""
    home: str = ""
    target: str = ""
    response: str = ""
    response_of: str = ""
    facts: dict[str, FactValue] = {}
    message_facts: dict[str, FactValue] = {}
    tags: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    messages: int = 0
    public_turns: int = 0
    reopened: int = 0
    level: int = 0
    round: int = 0
    round_since: int = 0
    epoch: int = 1
    turns: int = 0
    voiced: tuple[str, ...] = ()
    taken_by: str = ""
    answering: str = ""
    asking: str = ""
    answering_at: int = 0
    answering_imported: bool = False
    last_activity_at: int = 0
    resolved_at: int | None = None
    resolution: Resolution | None = None
    muted: bool = False
    duties: tuple[Duty, ...] = ()
    released: tuple[str, ...] = ()
    drafts: tuple[Draft, ...] = ()
    sent: tuple[Sent, ...] = ()
    parked: tuple[Event, ...] = ()
    timers: tuple[Timer, ...] = ()
    fired: tuple[str, ...] = ()
    spent: dict[str, int] = {}
    deliveries: int = 0
    first_automatic_reply_at: int | None = None
    first_human_reply_at: int | None = None

    @property
    def wake_at(self) -> int | None:
        """The instant of the next timer, None without one."""
        return self.timers[0].due if self.timers else None


class Thread(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who of one conversation belongs to which incident.

    `customers` maps a person to their incident; "" is the place of an incident that our own message opened
    and no customer has taken up yet. `messages` keeps the latest 1,000 message ids.
    """

    key: str
    version: int
    customers: dict[str, str] = {}
    messages: dict[str, str] = {}
    latest: str = ""
    resolved_at: dict[str, int] = {}
    closed: tuple[str, ...] = ()
