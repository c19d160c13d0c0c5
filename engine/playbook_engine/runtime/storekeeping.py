"""A store looked after as a whole: whether it holds together, and copies of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from msgspec import DecodeError, json

from playbook_engine.errors import StoreError
from playbook_engine.model.incident import Thread
from playbook_engine.runtime.record import RecordedDecision
from playbook_engine.runtime.store import FIRST_HASH, Opening, Record, chained, open_store, transaction
from playbook_engine.runtime.stores._sql import SqlStore


class Fault(NamedTuple):
    """Where a store does not hold together, and what is true there."""

    place: str
    said: str


def open_whole(url: str, opening: Opening = "read") -> SqlStore:
    """The store at a URL. Raises StoreError for one that is not there, or that keeps nothing."""
    store = open_store(url, opening)
    if not isinstance(store, SqlStore):
        raise StoreError(f"`{url}` keeps nothing from one command to the next; name a store on disk or on a server")
    return store


@contextmanager
def one_instant(store: SqlStore) -> Iterator[None]:
    """Everything read within is of one instant; an engine that works on the store goes on."""
    store.begin_reading()
    try:
        yield
    finally:
        store.rollback()


def faults(store: SqlStore) -> Iterator[Fault]:
    """Whatever does not hold together, the database's own findings first."""
    damage = store.damage()
    if damage:
        yield Fault("the file", damage)
        return
    for name, found in (("records", _in_records), ("incidents", _in_incidents), ("outbox", _in_outbox)):
        try:
            yield from found(store)
        except DecodeError as error:
            yield Fault(name, f"a row cannot be read: {error}")
    tally = store.unclaimed()
    if tally:
        yield Fault(f"tally {tally}", "it counts a delivery that is not in the outbox")


def counts(store: SqlStore) -> dict[str, int]:
    """How many rows each table holds."""
    return {table: store.count(table) for table in store.tables()}


def copy(source: SqlStore, target: SqlStore) -> dict[str, int]:
    """Copies every row into a store that holds none, in one transaction. Raises StoreError where it holds some."""
    with one_instant(source), transaction(target):
        taken = [table for table, count in counts(target).items() if count]
        if taken:
            raise StoreError(f"`{target.name}` is not empty ({', '.join(taken)}); name a new store")
        return {table: target.put_rows(table, source.columns(table), source.rows(table)) for table in source.tables()}


def _in_records(store: SqlStore) -> Iterator[Fault]:
    heads: dict[str, tuple[int, bytes]] = {}
    for record in store.records():
        place = f"record {record.n} of incident {record.incident}"
        n, head = heads.get(record.incident, (0, FIRST_HASH))
        if record.n != n + 1:
            yield Fault(place, f"it follows record {n}: one between them is lost")
        elif record.previous != head or record.hash != chained(record.previous, record.body):
            yield Fault(place, "its hash does not fit: it, or the one before it, was changed afterwards")
        else:
            yield from _policy_of(store, record, place)
        heads[record.incident] = (record.n, record.hash)


def _policy_of(store: SqlStore, record: Record, place: str) -> Iterator[Fault]:
    try:
        digest = json.decode(record.body, type=RecordedDecision).policy
    except DecodeError as error:
        yield Fault(place, f"it cannot be read: {error}")
        return
    if digest and store.policy(digest) is None:
        yield Fault(place, f"it was decided by the policy {digest[:12]}, which is not kept")


def _in_incidents(store: SqlStore) -> Iterator[Fault]:
    known = {incident.id for incident in store.incidents()}
    for key, body in store.rows("threads"):
        lost = sorted(set(json.decode(body, type=Thread).customers.values()) - known)
        if lost:
            yield Fault(f"thread {key}", f"it leads to the incident {lost[0]}, which is not kept")


def _in_outbox(store: SqlStore) -> Iterator[Fault]:
    for row in store.deliveries():
        place = f"delivery {row.key}"
        for other in row.gathered:
            if store.delivery(other) is None:
                yield Fault(place, f"it names the delivery {other}, which is not in the outbox")
        if row.status == "delivered" and row.receipt is None:
            yield Fault(place, "it is delivered, and has no receipt")
