"""The record audited: an honest one is found in order, and whatever is changed, cut or left out is named."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audited import audited, codes, told_to
from playbook_engine.runtime.auditing import Audit
from playbook_engine.runtime.record import read_record
from playbook_engine.runtime.sealing import last_seal, seal
from playbook_engine.runtime.store import Record, Store, encode, open_store
from shipped import SHIPPED
from shop import Shop, event, message


@cache
def honest() -> Path:
    """A story in a file, sealed to its end."""
    path = Path(mkdtemp()) / "honest.db"
    with closing(open_store(f"sqlite:{path}")) as store:
        told_to(store)
        seal(store, 1_900_000_000_000)
    return path


@contextmanager
def changed(*statements: tuple[Any, ...]) -> Iterator[sqlite3.Connection]:
    """A copy of the honest file, changed behind the engine's back."""
    path = Path(mkdtemp()) / "changed.db"
    shutil.copy(honest(), path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for statement, *values in statements:
            db.execute(statement, values)
        yield db
    shutil.rmtree(path.parent)


def audit_of(*statements: tuple[Any, ...], noted: tuple[str, ...] = ()) -> Audit:
    with changed(*statements) as db:
        (place,) = (row[2] for row in db.execute("PRAGMA database_list"))
        with closing(open_store(f"sqlite:{place}")) as store:
            return audited(store, noted)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_decision_of_a_shipped_story_is_made_again_as_it_was_recorded(name: str) -> None:
    store = told_to(open_store("memory:"), name).store
    found = audited(store)

    assert found.differences == []
    assert (found.remade, found.records, found.unmade) == (found.records, len(list(store.records())), {})
    assert found.seals > 2
    assert found.unsealed == found.records - found.last.records


def test_a_file_is_audited_as_a_store_in_memory_is() -> None:
    found = audit_of()
    assert (found.differences, found.unsealed, found.marks) == ([], 0, {"this engine": found.records})


FIRST = "WHERE at = (SELECT min(at) FROM records)"
LAST_EVENT = "WHERE seq = (SELECT max(seq) FROM events)"
TEXT = "CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB)"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ((f"UPDATE records SET body = {TEXT} {FIRST}", '"rest"', '"best"'), "chain"),
        (("DELETE FROM records WHERE at = 3",), "chain"),
        (("DELETE FROM records WHERE at = (SELECT max(at) FROM records)",), "cut-off"),
        ((f"DELETE FROM events {LAST_EVENT}",), "cut-off"),
        ((f"UPDATE events SET body = {TEXT} WHERE type = 'incident.resolved'", "femi", "ruth"), "seal"),
        ((f"UPDATE events SET body = {TEXT} WHERE type = 'message.received'", "jasmine", "bergamo"), "event-index"),
        (("UPDATE events SET channel = 'y' WHERE message <> ''",), "event-index"),
        (("UPDATE policies SET text = replace(text, '3h', '4h')",), "not-remade"),
        (("UPDATE secrets SET secret = zeroblob(32)",), "event-personal"),
        (("DELETE FROM secrets",), "secret"),
        (("DELETE FROM seals WHERE n = 1",), "seal"),
        (("UPDATE outbox SET status = 'failed' WHERE rowid = 1",), "outcome"),
        (("UPDATE outbox SET delivery = CAST(replace(CAST(delivery AS TEXT), 'Thank', 'Blank') AS BLOB)",), "delivery"),
        (("INSERT INTO incidents SELECT 'made-up', state, NULL FROM incidents LIMIT 1",), "incident"),
        (
            ("UPDATE incidents SET state = CAST(replace(CAST(state AS TEXT), '\"packing\"', '\"care\"') AS BLOB)",),
            "incident",
        ),
        (("DELETE FROM incidents",), "incident"),
    ],
)
def test_what_was_changed_behind_the_engines_back_is_named(statement: tuple[Any, ...], code: str) -> None:
    assert code in codes(audit_of(statement))


def forged() -> tuple[Store, Record]:
    """A store whose chains are in order, and the record in it that was decided otherwise."""
    store, other = told_to(open_store("memory:")).store, open_store("memory:")
    lied = next(record for record in store.records() if b'"respond":"fault"' in record.body)
    for each in store.events():
        other.add_event(each, store.seen(each.source, each.id) or "")
    for incident in store.incidents():
        other.put_incident(incident, encode(incident))
        other.put_secret(incident.id, store.secret(incident.id))
    for record in store.records():
        body = record.body.replace(b'"respond":"fault"', b'"respond":"praise"') if record == lied else record.body
        other.add_record(record.incident, record.event, body)
    digest = read_record(lied).policy
    other.put_policy(digest, store.policy(digest) or "")
    return other, lied


def test_the_first_decision_that_differs_is_named_with_its_place_and_what_differs() -> None:
    store, lied = forged()
    (first,) = audited(store, working=False).differences

    assert (first.code, first.incident, first.n, first.event) == ("decision", lied.incident, lied.n, lied.event)
    assert first.sentence == 'decided again, because differ; because.respond was "praise" and is "fault"'


def test_a_decision_of_another_engine_that_differs_is_doubtful_and_told_apart() -> None:
    store, lied = forged()
    found = audited(store, working=False, mark="a later engine")

    assert (found.differences, [each.event for each in found.doubtful]) == ([], [lied.event])
    assert set(found.marks) == {"this engine"}


def test_without_the_text_of_a_policy_nothing_is_made_again_and_that_is_said() -> None:
    found = audit_of(("UPDATE policies SET text = ''",))

    assert found.remade == 0
    assert codes(found) == []
    ((reason, count),) = found.unmade.items()
    assert (reason.startswith("the store keeps no text of the policy"), count) == (True, found.records)


def noted() -> tuple[str, ...]:
    with closing(open_store(f"sqlite:{honest()}")) as store:
        return (last_seal(store)[1], [record.hash for record in store.records()][-1].hex())


def test_a_hash_that_was_noted_elsewhere_is_there() -> None:
    assert codes(audit_of(noted=noted())) == []


CUT = (
    ("DELETE FROM seals WHERE n = (SELECT max(n) FROM seals)",),
    ("DELETE FROM records WHERE at = (SELECT max(at) FROM records)",),
)


def test_who_cuts_the_end_off_with_its_seal_is_found_by_what_was_noted_elsewhere() -> None:
    assert codes(audit_of(*CUT, noted=noted())).count("noted-hash") == 2


COLUMNS = {
    "events": ("seq", "source", "id", "type", "channel", "message", "digest", "body"),
    "records": ("incident", "n", "event", "body", "previous", "hash"),
    "incidents": ("id", "state"),
    "outbox": ("key", "delivery"),
    "secrets": ("incident", "secret"),
    "seals": ("body",),
    "policies": ("digest", "text"),
}
"""Every column that holds what was recorded. The others are what the engine works with: when to look again, tallies.

Of events that are no messages nobody reads type, channel and message but in the body.
"""


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_byte_that_is_flipped_in_any_column_of_the_record_is_found(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(COLUMNS)))
    column = data.draw(st.sampled_from(COLUMNS[table]))
    key = "rowid" if table in ("events", "records", "incidents", "outbox", "seals", "policies") else "incident"
    with changed() as db:
        read = "WHERE message <> ''" if column in ("type", "channel", "message") else ""
        rows = db.execute(f"SELECT {key}, {column}, typeof({column}) FROM {table} {read} ORDER BY 1").fetchall()
        row, value, kind = data.draw(st.sampled_from([each for each in rows if each[1] not in (b"", "")]))
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (flipped(data, value, kind), row))
        (place,) = (each[2] for each in db.execute("PRAGMA database_list"))
        with closing(open_store(f"sqlite:{place}")) as store:
            found = audited(store)
    assert found.differences or found.unmade


def flipped(data: st.DataObject, value: Any, kind: str) -> Any:
    if kind == "integer":
        return value ^ 1 << data.draw(st.integers(20, 30))
    raw = bytearray(value.encode() if kind == "text" else value)
    at = data.draw(st.integers(0, len(raw) - 1))
    if kind == "text":
        raw[at] = data.draw(st.sampled_from([each for each in b"0aZ~" if each != raw[at]]))
        return raw.decode("utf-8", "replace")
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    return bytes(raw)


def test_what_is_recorded_of_a_delivery_is_its_intent_its_outcome_and_who_approved() -> None:
    """SEMANTICS 12: sends, outcomes and approvals are in the chain, as decisions and as the events decided."""
    shop = Shop().takes(message("1", "mon 10:00", "It came broken"))
    draft = shop.incident.drafts[0]
    said = {"draft": draft.key, "digest": draft.digest, "messages": 1, "text": "I am sorry"}
    shop.takes(event("2", "approval.granted", "mon 10:30", incident=shop.incident.id, by="ann", data=said))
    store = shop.wakes("tue 10:00").store
    kept = [read_record(record) for record in store.records()]
    asked = {delivery.key for record in kept for delivery in record.deliveries}
    decided = {record.event for record in kept}
    outcomes = {event.key for event in store.events() if event.type.startswith("action.")}
    ended = {row.key for row in store.deliveries() if row.status == "delivered"}

    assert {row.key for row in store.deliveries()} == asked
    assert outcomes <= decided
    assert ended <= {str(event.data["key"]) for event in store.events() if event.type == "action.delivered"}
    assert {event.key for event in store.events() if event.type.startswith("approval.")} <= decided
    assert "approval.granted" in {record.type for record in kept}
