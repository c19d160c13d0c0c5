"""The record checked: every hash, every link, every seal, and every decision made again. SEMANTICS 12.

Nothing here trusts what it reads: whatever cannot even be read is told as a difference, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from msgspec import Struct, json
from msgspec.structs import replace

from playbook_engine.errors import NoPolicy, StoreError
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.incoming.outcomes import said_digest
from playbook_engine.runtime.merkle import root
from playbook_engine.runtime.outcomes import TYPE_OF
from playbook_engine.runtime.past import Past, replayed
from playbook_engine.runtime.personal import public_event
from playbook_engine.runtime.record import RecordedDecision, digest_of, event_of, read_record, recorded
from playbook_engine.runtime.sealing import NOTHING_SEALED, Seal, seal_hash
from playbook_engine.runtime.store import FIRST_HASH, MESSAGE_TYPES, Record, Store, chained, encode


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is not as it was recorded. `code` is stable and kebab-case; `n` counts the incident's records."""

    code: str = ""
    sentence: str = ""
    incident: str = ""
    n: int = 0
    event: str = ""
    seal: int = 0

    def as_(self, code: str, sentence: str) -> Difference:
        return replace(self, code=code, sentence=sentence)


@dataclass
class Audit:
    """What an audit found. `differences` come in the order in which they were met.

    `remade` counts decisions that came out the same again. Of those whose texts are gone `from_facts` came out the
    same from what the record says was read, and `not_remade` names the first of each incident that does not: nothing
    after it in its incident can be made again. `unmade` are decisions without a policy, by the reason; `doubtful`
    are differences of decisions that another engine made.
    """

    records: int = 0
    events: int = 0
    incidents: int = 0
    seals: int = 0
    last: Seal = NOTHING_SEALED
    last_hash: str = ""
    remade: int = 0
    from_facts: int = 0
    forgotten: dict[str, int] = field(default_factory=dict)
    not_remade: list[Difference] = field(default_factory=list)
    unmade: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    doubtful: list[Difference] = field(default_factory=list)

    @property
    def unsealed(self) -> int:
        """Records after the last seal."""
        return self.records - self.last.records


@dataclass(frozen=True)
class Auditor:
    """Audits one store. `policy_of` makes the policy of a digest or raises NoPolicy; `mark` is this engine's.

    `personal` says that texts and secrets are there, `working` that the store is one that an engine works on, with
    an outbox and incidents of its own, `partial` that it holds one incident of many. `progress` hears how many records
    have been decided again.
    """

    store: Store
    policy_of: Callable[[str], Policy]
    mark: str
    personal: bool = True
    working: bool = True
    partial: bool = False
    progress: Callable[[int], object] = lambda count: None

    def audit(self, noted: Collection[str] = ()) -> Audit:
        """`noted` are hashes of seals or records that were kept elsewhere: all of them must be there."""
        found = Audit()
        found.differences += _readable(self._record_differences(found, set(noted)), "the records")
        found.differences += _readable(self._remade(found), "the incidents")
        return found

    def _record_differences(self, found: Audit, noted: set[str]) -> Iterator[Difference]:
        hashes, digests = [], []
        heads: dict[str, tuple[int, bytes]] = {}
        for record in self.store.records():
            hashes.append(record.hash)
            found.records += 1
            yield from _link(record, heads.get(record.incident, (0, FIRST_HASH)))
            heads[record.incident] = (record.n, record.hash)
        for event in self.store.events():
            found.events += 1
            digests.append(sha256(encode(public_event(event))).digest())
            if self.working:
                yield from self._indexed(event)
        sealed = yield from _seals(list(self.store.seals()), hashes, digests, found, self.partial)
        missing = noted - {record.hex() for record in hashes} - sealed
        for each in sorted(missing):
            yield Difference(code="noted-hash", sentence=f"{each} was noted elsewhere and is no longer here")

    def _indexed(self, event: Event) -> Iterator[Difference]:
        """An event is found under everything by which it is looked for."""
        said = self.store.seen(event.source, event.id)
        known = said in ("", said_digest(event)) and self.store.event(event.source, event.id) == event
        second = event.type in MESSAGE_TYPES and event.message
        if known and second:
            known = bool(self.store.seen_message(event.channel, event.message, event.type))
        if not known:
            yield Difference(code="event-index", event=event.key, sentence="is not found under its own ids")

    def _remade(self, found: Audit) -> Iterator[Difference]:
        asked: dict[str, Delivery | None] = {}
        names = dict.fromkeys(record.incident for record in self.store.records())
        for name in names:
            found.incidents += 1
            kept = [read_record(record) for record in self.store.records(name)]
            try:
                yield from self._incident(name, kept, found, asked)
            except NoPolicy as missing:
                found.unmade[str(missing)] = found.unmade.get(str(missing), 0) + len(kept)
            except Exception as error:
                # What was tampered with may break anything that reads it.
                why = str(error) if isinstance(error, StoreError) else type(error).__name__
                yield Difference(code="not-remade", incident=name, sentence=f"cannot be decided again: {why}")
        if self.working:
            yield from _strangers(self.store, set(names), asked)

    def _incident(
        self, name: str, kept: list[RecordedDecision], found: Audit, asked: dict[str, Delivery | None]
    ) -> Iterator[Difference]:
        """The first decision of an incident that is not made again as it was recorded."""
        last: Past | None = None
        secret = self.store.secret(name)
        asked |= dict.fromkeys((delivery.key for record in kept for delivery in record.deliveries), None)
        for past in replayed(self.store, name, self.policy_of, self.personal):
            last = past
            found.marks[past.record.engine] = found.marks.get(past.record.engine, 0) + 1
            differs = self._decision(past, secret)
            self.progress(found.remade + found.from_facts)
            if past.forgotten:
                found.forgotten[name] = found.forgotten.get(name, 0) + 1
            if differs and past.forgotten and not differs.code.startswith("event"):
                found.not_remade.append(differs)
                return
            if differs and past.record.engine != self.mark and self.mark:
                found.doubtful.append(differs)
                return
            if differs:
                yield differs
                return
            if not past.forgotten:
                asked |= {delivery.key: delivery for delivery in past.decision.deliveries}
            found.from_facts += past.forgotten
            found.remade += not past.forgotten
        yield from self._as_it_is(name, kept, last)

    def _decision(self, past: Past, secret: bytes | None) -> Difference | None:
        record = past.record
        stored = event_of(self.store, record.event) if past.timer is None else None
        again = recorded(past.decision, stored, secret or b"", record.engine)
        if past.forgotten:
            record, again = replace(record, said="", told="", read=()), replace(again, said="", told="", read=())
        elif secret is None:
            return _at(past, "secret", "the secret of its incident is gone, and nobody was forgotten")
        if again == record:
            return None
        names = [name for name in record.__struct_fields__ if getattr(record, name) != getattr(again, name)]
        code = {"given": "event", "said": "event-personal", "told": "decision-personal"}.get(names[0], "decision")
        return _at(past, code, _told(names, record, again))

    def _as_it_is(self, name: str, kept: list[RecordedDecision], last: Past | None) -> Iterator[Difference]:
        """The incident as the store holds it now is the one that was recorded last."""
        stored = self.store.incident(name)
        place = Difference(incident=name, n=len(kept), event=kept[-1].event)
        if stored is None:
            yield place.as_("incident", "the incident itself is gone")
        elif digest_of(stored) != kept[-1].state:
            yield place.as_("incident", "the incident is not as its last record has it")
        elif self.working and last is not None and not last.forgotten and stored != last.decision.incident:
            yield place.as_("incident", "what it holds of a person is not as it was decided")


def _at(past: Past, code: str, sentence: str) -> Difference:
    record = past.record
    return Difference(incident=record.incident, n=past.n, event=record.event).as_(code, sentence)


def _told(names: list[str], record: RecordedDecision, again: RecordedDecision) -> str:
    first = names[0]
    if first in ("given", "said"):
        return "the event is not the one that was decided"
    place, was, now = _narrowed(first, getattr(record, first), getattr(again, first))
    return f"decided again, {', '.join(names)} differ; {place} was {_short(was)} and is {_short(now)}"


def _narrowed(place: str, was: object, now: object) -> tuple[str, object, object]:
    """The innermost place at which two values differ."""
    if isinstance(was, Struct) and type(was) is type(now):
        pairs = [(f".{name}", getattr(was, name), getattr(now, name)) for name in was.__struct_fields__]
    elif isinstance(was, tuple) and isinstance(now, tuple) and len(was) == len(now):
        pairs = [(f"[{at}]", *pair) for at, pair in enumerate(zip(was, now, strict=True))]
    else:
        return place, was, now
    inner, old, new = next(pair for pair in pairs if pair[1] != pair[2])
    return _narrowed(place + inner, old, new)


def _short(value: object) -> str:
    text = json.encode(value).decode()
    return text if len(text) <= 80 else f"{text[:77]}…"


def _readable(found: Iterator[Difference], what: str) -> Iterator[Difference]:
    try:
        yield from found
    except Exception as error:
        # A byte that was flipped may break any reader: that is found, and told.
        yield Difference(code="unreadable", sentence=f"{what} cannot be read to the end: {type(error).__name__}")


def _link(record: Record, before: tuple[int, bytes]) -> Iterator[Difference]:
    n, previous = before
    place = Difference(incident=record.incident, n=record.n, event=record.event)
    if record.n != n + 1:
        yield place.as_("chain", f"record {n + 1} is missing before it")
    elif record.previous != previous:
        yield place.as_("chain", "it does not name the hash of the record before it")
    elif record.hash != chained(record.previous, record.body):
        yield place.as_("chain", "its hash is not that of its content")
    else:
        said = read_record(record)
        if (said.incident, said.event) != (record.incident, record.event) or encode(said) != record.body:
            yield place.as_("chain", "it is filed under another incident or event")


def _seals(
    bodies: list[bytes], hashes: list[bytes], digests: list[bytes], found: Audit, partial: bool
) -> Generator[Difference, None, set[str]]:
    """Gives the hashes of the seals back. Of a part of what they cover their roots cannot be made again."""
    sealed: set[str] = set()
    for n, body in enumerate(bodies, 1):
        made, before = json.decode(body, type=Seal), found.last
        covered = hashes[before.records : made.records] + digests[before.events : made.events]
        found.seals += 1
        place = Difference(seal=n)
        if encode(made) != body or made.n != n or made.previous != found.last_hash or made.at < before.at:
            yield place.as_("seal", "it does not follow from the seal before it")
        elif not partial and (made.records > len(hashes) or made.events > len(digests)):
            sentence = f"it covers {made.records} records and {made.events} events; the end of them is cut off"
            yield place.as_("cut-off", sentence)
        elif not partial and root(covered).hex() != made.root:
            yield place.as_("seal", "what it covers is not what was sealed")
        found.last, found.last_hash = made, seal_hash(body)
        sealed.add(found.last_hash)
    return sealed


def _strangers(store: Store, names: set[str], asked: Mapping[str, Delivery | None]) -> Iterator[Difference]:
    """What the store works with and no decision brought about, and outcomes that no event tells of."""
    known: set[str] = set()
    for incident in store.incidents():
        if incident.id not in names or incident.id in known:
            yield Difference(
                code="incident", incident=incident.id, sentence="no record opened it, or it is there twice"
            )
        known.add(incident.id)
    told = {(str(event.data.get("key")), event.type) for event in store.events() if event.type.startswith("action.")}
    for row in store.deliveries():
        place = Difference(incident=row.delivery.incident, event=row.key)
        wanted = asked.get(row.key, row.delivery)
        if row.key not in asked or store.delivery(row.key) != row:
            yield place.as_("delivery", "no decision asked for this delivery, or it is kept under another key")
        elif wanted is not None and encode(wanted) != encode(row.delivery):
            yield place.as_("delivery", "the outbox holds another delivery than the one decided")
        elif row.status in TYPE_OF and (row.key, TYPE_OF[row.status]) not in told:
            yield place.as_("outcome", f"it counts as {row.status}, of which no event tells")
