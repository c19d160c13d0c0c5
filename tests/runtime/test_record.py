"""What a record holds of a decision, and what it keeps apart: nothing of a person but salted digests."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from playbook_engine.model.event import Author
from playbook_engine.runtime.personal import personal_of, public_event, salted, whole_event
from playbook_engine.runtime.record import read_record, told_by, whole_record
from playbook_engine.runtime.store import Store, encode, open_store
from shipped import SHIPPED, lived, shipped
from shop import Shop, event, message
from story import compiled

SAID = message("1", "mon 10:00", "My kettle, order 55123, is broken. Call 090-1234-5678", person="cleo_parker")


@pytest.fixture(params=["memory:", "sqlite:{}/store.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(request.param.format(tmp_path))


def test_no_record_holds_what_a_customer_wrote_nor_a_name_nor_a_handle(store: Store) -> None:
    shop = Shop(store=store).takes(replace(SAID, person="a1b2")).wakes("tue 10:00")
    kept = b"".join(record.body for record in store.records())

    assert [word for word in (b"kettle", b"55123", b"cleo_parker", b"Cleo") if word in kept] == []
    assert any(b"Cleo" in encode(decision) for decision in shop.decisions)


def test_a_record_commits_to_its_event_and_to_what_was_said(store: Store) -> None:
    Shop(store=store, new_secret=lambda incident: b"s" * 32).takes(SAID)
    first = read_record(next(store.records()))
    (stored, *_) = store.events()

    assert first.given == sha256(encode(public_event(stored))).hexdigest()
    assert first.said == salted(b"s" * 32, encode(personal_of(stored)))
    assert store.secret(first.incident) == b"s" * 32


def test_a_decision_comes_back_whole_while_the_outbox_has_what_it_says(store: Store) -> None:
    shop = Shop(store=store).takes(SAID)
    refused = event("2", "approval.refused", "mon 10:30", incident=shop.incident.id, by="ann")
    draft = shop.incident.drafts[0].key
    shop.takes(replace(refused, data={"draft": draft, "because": "Cleo is my sister"}))
    whole = [whole_record(store, record) for record in store.records()]

    assert [told_by(decision).parameters for decision in shop.decisions] == [
        tuple(delivery.parameters for delivery in record.deliveries) for record in whole
    ]
    assert [record.notes for record in whole] == [decision.notes for decision in shop.decisions]
    assert b"sister" not in b"".join(record.body for record in store.records())


@pytest.mark.parametrize("name", SHIPPED)
def test_an_event_is_the_same_when_its_two_parts_are_put_together(name: str) -> None:
    events = [*shipped(name)[1], *(past.event for past in lived(name))]
    assert [whole_event(public_event(each), personal_of(each)) for each in events] == events
    assert any(public_event(each) != each for each in events)


def test_the_public_part_of_a_public_part_is_itself() -> None:
    assert public_event(public_event(SAID)) == public_event(SAID)


@pytest.mark.parametrize(
    ("conversation", "handle", "person", "kept"),
    [
        ("D024BE91L", "cleo", "a1b2", "D024BE91L"),
        ("@Cleo", "cleo", "a1b2", ""),
        ("cleo", "our-shop", "", ""),
    ],
    ids=["a channel of the platform", "the peer's handle", "our message to a peer"],
)
def test_a_private_conversation_that_may_be_a_handle_is_personal(
    conversation: str, handle: str, person: str, kept: str
) -> None:
    about = {"conversation": conversation, "person": person, "author": Author(handle=handle)}
    given = event("1", "message.received", "mon 10:00", public=False, **about)
    assert public_event(given).conversation == kept


def test_what_a_service_found_for_a_customer_is_personal_and_why_a_delivery_waits_is_not() -> None:
    found = event("9", "action.delivered", "mon 10:00", data={"key": "k", "result": {"order": "55123"}})
    held = replace(event("9", "action.held", "mon 10:00", data={"because": "one-person"}), source="engine")
    refused = event("9", "approval.refused", "mon 10:00", data={"draft": "d", "because": "rude"})

    assert [public_event(each).data for each in (found, held, refused)] == [
        {"key": "k"},
        {"because": "one-person"},
        {"draft": "d"},
    ]


def test_two_incidents_salt_the_same_words_differently() -> None:
    shop = Shop(compiled()).takes(SAID, replace(SAID, id="2", message="m-2", person="b", conversation="post-b"))
    said = [read_record(record).said for record in shop.store.records() if record.event in ("test#1", "test#2")]

    assert len(set(said)) == 2
