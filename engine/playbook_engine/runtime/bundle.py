"""A record as one file that anybody can check without our database. The format is described in `docs/audit.md`.

It is a zip file without compression, its entries in a fixed order and with a fixed date: the same record gives the same
bytes, and reading writes it again and compares. So there is no byte that could be changed unseen.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

from msgspec import Struct, json

from playbook_engine.decide.upgrade import read_incident
from playbook_engine.errors import UsageError
from playbook_engine.model.event import Event
from playbook_engine.runtime.auditing import Difference
from playbook_engine.runtime.incoming.outcomes import said_digest
from playbook_engine.runtime.merkle import path, root_from
from playbook_engine.runtime.personal import (
    NOTHING_PERSONAL,
    Personal,
    personal_of,
    public_event,
    public_incident,
    whole_event,
)
from playbook_engine.runtime.record import RecordedDecision, event_of, read_record
from playbook_engine.runtime.sealing import NOTHING_SEALED, Seal
from playbook_engine.runtime.store import FIRST_HASH, Record, Store, encode
from playbook_engine.runtime.stores.memory import MemoryStore

FORMAT = 1
MANIFEST = "manifest.json"
EVENTS, RECORDS, INCIDENTS = "events.jsonl", "records.jsonl", "incidents.jsonl"
SECRETS, SEALS, PROOFS = "secrets.jsonl", "seals.jsonl", "proofs.jsonl"
POLICIES = "policies/"

_DATE = (1980, 1, 1, 0, 0, 0)

S = TypeVar("S", bound=Struct)


class Manifest(Struct, frozen=True, kw_only=True):
    """`files` has the SHA-256 of every other file. `incident` is set where the bundle holds one incident only."""

    format: int
    incident: str
    personal: bool
    files: dict[str, str]


class EventLine(Struct, frozen=True, kw_only=True):
    """The two parts of an event, each the JSON that was hashed; `personal` is "" where there is no such part."""

    public: str
    personal: str


class RecordLine(Struct, frozen=True, kw_only=True):
    """A record; `body` is the JSON that was hashed, hashes are in hexadecimal."""

    incident: str
    n: int
    event: str
    previous: str
    hash: str
    body: str


class IncidentLine(Struct, frozen=True, kw_only=True):
    """An incident as it is now, its public part, of which the last record has the hash."""

    public: str


class SecretLine(Struct, frozen=True, kw_only=True):
    incident: str
    secret: str


class ProofLine(Struct, frozen=True, kw_only=True):
    """That `entry`, a record's hash or an event's digest, is at `index` of what the seal `seal` covers."""

    entry: str
    seal: int
    index: int
    path: tuple[str, ...]


@dataclass
class Bundle:
    """A bundle that was read. `differences` are what is wrong with it as a file."""

    store: MemoryStore
    manifest: Manifest
    differences: list[Difference] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.manifest.incident


def exported(store: Store, incident: str = "", personal: bool = True) -> bytes:
    """The bundle of a store, or of one incident with proofs that it was sealed. Raises UsageError for an unknown one.

    Without `personal` it holds nothing of a person: chains, seals and facts can be checked, texts cannot.
    """
    records = list(store.records(incident))
    if incident and not records:
        raise UsageError(f"nothing was decided in an incident `{incident}` in {store.name}")
    kept = [read_record(record) for record in records]
    events = list(_events(store, kept) if incident else store.events())
    names = sorted({record.incident for record in records})
    files = {
        EVENTS: _lines(_event_line(event, personal) for event in events),
        RECORDS: _lines(_record_line(record) for record in records),
        INCIDENTS: _lines(_incident_lines(store, names)),
        SECRETS: _lines(_secret_lines(store, kept) if personal else ()),
        SEALS: b"".join(body + b"\n" for body in store.seals()),
    }
    if incident:
        files[PROOFS] = _lines(_proofs(store, records, events))
    for digest in sorted({record.policy for record in kept}):
        if text := store.policy(digest):
            files[f"{POLICIES}{digest}.json"] = text.encode()
    digests = {name: sha256(content).hexdigest() for name, content in files.items()}
    manifest = Manifest(format=FORMAT, incident=incident, personal=personal, files=digests)
    return _zipped({MANIFEST: encode(manifest), **files})


def _lines(structs: Iterator[Struct] | Sequence[Struct]) -> bytes:
    return b"".join(encode(each) + b"\n" for each in structs)


def _events(store: Store, kept: list[RecordedDecision]) -> Iterator[Event]:
    found = (event_of(store, key) for key in dict.fromkeys(record.event for record in kept))
    return iter(sorted((event for event in found if event is not None), key=lambda event: event.seq))


def _event_line(event: Event, personal: bool) -> EventLine:
    part = personal_of(event) if personal else NOTHING_PERSONAL
    said = encode(part).decode() if part != NOTHING_PERSONAL else ""
    return EventLine(public=encode(public_event(event)).decode(), personal=said)


def _record_line(record: Record) -> RecordLine:
    return RecordLine(
        incident=record.incident,
        n=record.n,
        event=record.event,
        previous=record.previous.hex(),
        hash=record.hash.hex(),
        body=record.body.decode(),
    )


def _incident_lines(store: Store, names: Sequence[str]) -> Iterator[IncidentLine]:
    for name in names:
        incident = store.incident(name)
        if incident is not None:
            yield IncidentLine(public=encode(public_incident(incident)).decode())


def _secret_lines(store: Store, kept: Sequence[RecordedDecision]) -> Iterator[SecretLine]:
    """Of the incidents in which something is salted."""
    for name in sorted({record.incident for record in kept if record.said or record.told}):
        secret = store.secret(name)
        if secret is not None:
            yield SecretLine(incident=name, secret=secret.hex())


def _proofs(store: Store, records: Sequence[Record], events: Sequence[Event]) -> Iterator[ProofLine]:
    wanted = {record.hash for record in records} | {_digest(event) for event in events}
    hashes = [record.hash for record in store.records()]
    digests = [_digest(event) for event in store.events()]
    before = NOTHING_SEALED
    for body in store.seals():
        seal = json.decode(body, type=Seal)
        covered = hashes[before.records : seal.records] + digests[before.events : seal.events]
        for index, entry in enumerate(covered):
            if entry in wanted:
                needed = tuple(each.hex() for each in path(covered, index))
                yield ProofLine(entry=entry.hex(), seal=seal.n, index=index, path=needed)
        before = seal


def _digest(event: Event) -> bytes:
    return sha256(encode(public_event(event))).digest()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3
            archive.writestr(entry, content)
    return target.getvalue()


def read_bundle(content: bytes) -> Bundle:
    """A bundle and everything that is wrong with it as a file. Raises UsageError for what is no bundle at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.decode(files[MANIFEST], type=Manifest)
    except Exception as error:
        # A zip file that was tampered with breaks its reader in many ways.
        raise UsageError(f"this is no bundle, or it was damaged: {type(error).__name__}: {error}") from None
    if manifest.format != FORMAT:
        raise UsageError(f"this bundle has the format {manifest.format}; this release reads {FORMAT}")
    bundle = Bundle(MemoryStore(), manifest)
    if _zipped(files) != content or encode(manifest) != files[MANIFEST]:
        bundle.differences.append(Difference(code="bundle", sentence="the file itself was changed after its export"))
    try:
        bundle.differences += _file_differences(bundle, files)
    except Exception as error:
        # As above.
        bundle.differences.append(Difference(code="unreadable", sentence=f"{type(error).__name__}: {error}"))
    return bundle


def _file_differences(bundle: Bundle, files: Mapping[str, bytes]) -> Iterator[Difference]:
    found = {name: sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
    for name in sorted({*found, *bundle.manifest.files}):
        if found.get(name) != bundle.manifest.files.get(name):
            yield Difference(code="bundle", sentence=f"`{name}` is not the file that the manifest names")
    store = bundle.store
    for said in _read(files[EVENTS], EventLine):
        event = _event(said)
        store.add_event(event, said_digest(event))
    for line in _read(files[INCIDENTS], IncidentLine):
        incident = read_incident(line.public.encode())
        store.put_incident(incident, line.public.encode())
    for secret in _read(files[SECRETS], SecretLine):
        store.put_secret(secret.incident, bytes.fromhex(secret.secret))
    for body in files[SEALS].splitlines():
        store.add_seal(body)
    for name, content in files.items():
        if name.startswith(POLICIES):
            store.put_policy(name.removeprefix(POLICIES).removesuffix(".json"), content.decode())
    yield from _chain_differences(bundle, files[RECORDS])
    if bundle.manifest.incident:
        yield from _proof_differences(store, _read(files[PROOFS], ProofLine))


def _read(content: bytes, type: type[S]) -> list[S]:
    """Raises ValueError for a line that was not written by us."""
    read = [json.decode(line, type=type) for line in content.splitlines()]
    if _lines(read) != content:
        raise ValueError("a line is written otherwise than we write it")
    return read


def _event(line: EventLine) -> Event:
    event = json.decode(line.public, type=Event)
    part = json.decode(line.personal, type=Personal) if line.personal else NOTHING_PERSONAL
    whole = whole_event(event, part)
    if encode(event).decode() != line.public or (line.personal and _event_line(whole, True) != line):
        raise ValueError("an event is written otherwise than we write it")
    return whole


def _chain_differences(bundle: Bundle, content: bytes) -> Iterator[Difference]:
    """Adding a record to a store makes its hash anew."""
    heads: dict[str, tuple[int, bytes]] = {}
    for line in _read(content, RecordLine):
        made = bundle.store.add_record(line.incident, line.event, line.body.encode())
        place = Difference(incident=line.incident, n=line.n, event=line.event)
        n, previous = heads.get(line.incident, (0, FIRST_HASH))
        heads[line.incident] = n + 1, made
        if (n + 1, previous.hex(), made.hex()) != (line.n, line.previous, line.hash):
            yield place.as_("chain", "its hash is not that of its content and of the record before it")
        if bundle.manifest.incident not in ("", line.incident):
            yield place.as_("bundle", f"the bundle is of the incident {bundle.manifest.incident} alone")


def _proof_differences(store: Store, proofs: Sequence[ProofLine]) -> Iterator[Difference]:
    """What was recorded before the last seal has a proof, and every proof leads to its seal."""
    sizes, roots, before = {}, {}, NOTHING_SEALED
    for body in store.seals():
        seal = json.decode(body, type=Seal)
        sizes[seal.n] = seal.records - before.records + seal.events - before.events
        roots[seal.n] = seal.root
        before = seal
    proven = set()
    for proof in proofs:
        needed = [bytes.fromhex(each) for each in proof.path]
        found = root_from(bytes.fromhex(proof.entry), proof.index, sizes.get(proof.seal, 0), needed)
        if found is None or found.hex() != roots.get(proof.seal):
            yield Difference(
                code="proof", seal=proof.seal, sentence=f"{proof.entry} is not shown to be under this seal"
            )
        proven.add(proof.entry)
    for record in store.records():
        if record.hash.hex() not in proven and read_record(record).now < before.at:
            place = Difference(incident=record.incident, n=record.n, event=record.event)
            yield place.as_("proof", "it is older than the last seal and under none")
