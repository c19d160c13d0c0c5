"""The door: what came in is stamped with everything that decisions may know of the world. SEMANTICS 1.

From here on nothing outside the event matters. The event is stored together with `said_digest(event)`, by which
the door knows a repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from playbook_engine.model.event import CUSTOMER_TYPES, Event, FactValue
from playbook_engine.policy.languages import detect
from playbook_engine.runtime.clock import Clock
from playbook_engine.runtime.incoming.cleaning import shown
from playbook_engine.runtime.incoming.outcomes import Incoming, SetAside, Unfit, said_digest, set_aside
from playbook_engine.runtime.personal import plain_handle
from playbook_engine.text.nearest import nearest

if TYPE_CHECKING:
    from playbook_engine.policy.policy import Policy

EARLIEST = 7 * 86_400_000
"""How long before `seen_at` a source may say that something happened (ms)."""

_MESSAGE_TYPES = ("message.received", "message.sent")

Enrichment = tuple[Mapping[str, FactValue], Mapping[str, str]]
"""Values by fact, and for each that is missing the reason."""


class Duplicate(Struct, frozen=True, kw_only=True):
    """The same again; it is counted and nothing else. `by` is `id`, or `message` for the platform's own id."""

    source: str
    id: str
    by: str


Admission = Event | Duplicate | SetAside


class DoorStore(Protocol):
    """What the door asks of a store."""

    def next_seq(self) -> int: ...

    def seen(self, source: str, id: str) -> str | None:
        """The digest of what was said under this id, "" where none is known."""

    def seen_message(self, channel: str, message: str, type: str) -> str | None:
        """The key of the event that brought this message of the platform."""

    def conversation_of(self, channel: str, message: str) -> str:
        """In which conversation a message was said, "" where that is not known."""

    def modes_in_force(self, at: int) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Terms:
    """What the door reads of a playbook. `accounts` are `platform:handle`, as the playbook writes them."""

    digest: str
    channels: frozenset[str] = frozenset()
    accounts: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy) -> Terms:
        return cls.from_names(policy.digest, policy.channels, policy.accounts)

    @classmethod
    def from_names(cls, digest: str, channels: tuple[str, ...], accounts: Mapping[str, object]) -> Terms:
        handles = {}
        for account in accounts:
            platform, _, handle = account.partition(":")
            handles[platform, plain_handle(handle)] = handle
        return cls(digest, frozenset(channels) | {platform for platform, _ in handles}, handles)

    def knows(self, channel: str) -> bool:
        """Whether an event may come from this channel; a playbook that names none takes all."""
        return not channel or not self.channels or channel in self.channels

    def is_ours(self, incoming: Incoming) -> bool:
        """What one of our accounts wrote is ours, whatever the source calls it."""
        written = incoming.type == "message.received" and (incoming.channel, plain_handle(incoming.author.handle))
        return incoming.type == "message.sent" or written in self.accounts


def _nothing(event: Event) -> Enrichment:
    return {}, {}


def _nothing_due(until: int) -> None:
    return None


@dataclass(frozen=True)
class Door:
    """`admit` in the order of arrival gives events in the order of `seq`.

    `wake` works off what is due by the instant at which an event is seen, before its stamps are read.
    `enrich` asks the enrichment plugins, `detect` names the language of a text.
    """

    terms: Terms
    store: DoorStore
    clock: Clock
    detect: Callable[[str], str] = detect
    wake: Callable[[int], object] = _nothing_due
    enrich: Callable[[Event], Enrichment] = _nothing

    def admit(self, incoming: Incoming) -> Admission:
        """The stamped event, or why it is none. A clock moved by hand is first moved to the event's time."""
        try:
            self._check_channel(incoming)
            event = self._event(incoming)
            if again := self._again(event):
                return again
        except Unfit as fault:
            aside = set_aside(fault, incoming.place, incoming.body)
            return replace(aside, source=incoming.source, id=incoming.id)
        event = self._stamped(event, incoming.at)
        values, missing = self.enrich(event)
        return replace(event, enrichment=dict(values), missing=dict(missing)) if values or missing else event

    def _check_channel(self, incoming: Incoming) -> None:
        if self.terms.knows(incoming.channel):
            return
        channels = self.terms.channels
        meant = nearest(incoming.channel, channels)
        hint = f"did you mean `{meant}`?" if meant else f"it has {', '.join(sorted(channels)[:12])}"
        sentence = f"the playbook has no channel `{shown(incoming.channel)}`; {hint}"
        raise Unfit("unknown-channel", sentence)

    def _event(self, incoming: Incoming) -> Event:
        """Without stamps."""
        account = self._account(incoming.channel, incoming.account)
        handle = incoming.author.handle
        ours = incoming.type == "message.received" and self.terms.is_ours(incoming)
        return Event(
            source=incoming.source,
            id=incoming.id,
            type="message.sent" if ours else incoming.type,
            at=0,
            seen_at=0,
            policy=self.terms.digest,
            channel=incoming.channel,
            account=account,
            origin=incoming.origin,
            public=incoming.public,
            automatic=incoming.automatic,
            imported=incoming.imported,
            attachments=incoming.attachments,
            author=incoming.author,
            person="" if ours else _person(incoming),
            text=incoming.text,
            lang=incoming.lang or self.detect(incoming.text),
            message=incoming.message,
            in_reply_to=incoming.in_reply_to,
            conversation=incoming.conversation or self._thread(incoming),
            incident=incoming.incident,
            by=handle if ours else incoming.by,
            data=incoming.data,
        )

    def _account(self, channel: str, account: str) -> str:
        """The handle as the playbook writes it, so that one account has one name: handles come in any case."""
        handle = account.removeprefix(f"{channel}:")
        return self.terms.accounts.get((channel, plain_handle(handle)), handle)

    def _thread(self, incoming: Incoming) -> str:
        """Of an answer whose source does not know the root post: where the message it answers was said."""
        if not incoming.in_reply_to:
            return ""
        known = self.store.conversation_of(incoming.channel, incoming.in_reply_to)
        return known or (incoming.in_reply_to if incoming.public else "")

    def _again(self, event: Event) -> Duplicate | None:
        """Raises Unfit for an id that named something else before."""
        said = self.store.seen(event.source, event.id)
        if said is not None and said in ("", said_digest(event)):
            return Duplicate(source=event.source, id=event.id, by="id")
        if said is not None:
            sentence = (
                f"`{shown(event.source)}` has used the id `{shown(event.id)}` for other content;"
                " give this message an id of its own"
            )
            raise Unfit("id-reused", sentence)
        if event.type not in _MESSAGE_TYPES or not event.message:
            return None
        if self.store.seen_message(event.channel, event.message, event.type) is None:
            return None
        return Duplicate(source=event.source, id=event.id, by="message")

    def _stamped(self, event: Event, at: int | None) -> Event:
        if self.clock.by_hand and at is not None:
            self.clock.reach(at)
        now = self.clock.now()
        self.wake(now)
        return replace(
            event,
            at=now if at is None else min(max(at, now - EARLIEST, 0), now),
            seen_at=now,
            seq=self.store.next_seq(),
            modes=self.store.modes_in_force(now),
        )


def person_of(channel: str, handle: str) -> str:
    """The reference by which events and incidents name the owner of a handle."""
    return sha256(f"{channel}\n{plain_handle(handle)}".encode()).hexdigest()[:16]


def _person(incoming: Incoming) -> str:
    """A reference that says nothing by itself: of the handle, or of the conversation of somebody without one."""
    if incoming.type not in CUSTOMER_TYPES:
        return ""
    nobody = f"\n{incoming.conversation or incoming.message or incoming.id}"
    return person_of(incoming.channel, incoming.author.handle or nobody)
