"""A person forgotten: no word of theirs is left on the disk, the record still holds, and the engine goes on."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from audited import audited, codes, secret_of, told_to
from playbook_engine.model.event import Event
from playbook_engine.runtime.bundle import exported, read_bundle
from playbook_engine.runtime.forgetting import Forgotten, forget_older, forget_person
from playbook_engine.runtime.record import FORGOTTEN, read_record
from playbook_engine.runtime.sealing import seal
from playbook_engine.runtime.store import DeadLetter, Store, encode, open_store
from shipped import SHIPPED, shipped
from shop import Shop, event, message
from story import at, compiled

WORDS = ("kettle 55123", "cleo_parker", "Cleo Parker", "my sister")
LATE = 1_900_000_000_000


def said(id: str, when: str, text: str = "My kettle 55123 came broken", **fields: object) -> Event:
    given = message(id, when, text, person="a1b2c3", **fields)
    return replace(given, author=replace(given.author, handle="cleo_parker", name="Cleo Parker"))


def letter(body: str, **fields: str) -> DeadLetter:
    return DeadLetter(**{"reason": "bad-time", "place": "line 3", **fields}, body=body.encode(), at=1)


def talked(store: Store) -> Shop:
    """A conversation with a draft that a person refused, another customer beside it, and letters set aside."""
    shop = Shop(store=store, new_secret=secret_of, mark="this engine")
    shop.takes(said("1", "mon 10:00"), message("b1", "mon 10:05", "Where is my broken teapot?", person="bo"))
    incident = store.decided_in("test#1")
    state = store.incident(incident)
    assert state is not None
    draft = state.drafts[0]
    data = {"draft": draft.key, "because": "Cleo Parker is my sister"}
    shop.takes(event("r", "approval.refused", "mon 10:30", incident=incident, by="ann", data=data))
    shop.takes(said("2", "mon 11:00", "and the lid of kettle 55123, too"))
    ours = replace(said("3", "mon 11:30", "Dear Cleo Parker"), type="message.sent", person="", by="ann")
    shop.takes(replace(ours, in_reply_to="m-2"))
    store.set_aside(letter('{"author": {"handle": "Cleo_Parker"}, "created_at": "yesterday"}'))
    store.set_aside(letter('{"author": {"handle": "bo"}}'))
    return shop


@pytest.fixture(params=["memory:", "sqlite:{}/store.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(request.param.format(tmp_path))


def forget(store: Store, person: str = "a1b2c3", now: str = "mon 12:00") -> Forgotten:
    return forget_person(store, person, at(now), "this engine")


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())


def test_no_byte_of_what_a_person_said_nor_of_their_names_is_left_on_the_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'store.db'}")
    talked(store)
    before = on_disk(tmp_path)
    found = forget(store)
    after = on_disk(tmp_path)
    store.close()

    for word in WORDS:
        assert word.encode() in before
        assert word.casefold().encode() not in after.lower() + on_disk(tmp_path).lower()
    assert b"teapot" in after
    assert (found.left, len(found.incidents), found.letters) == ([], 1, 1)


def checked(store: Store) -> tuple[list[str], int, int, int]:
    found = audited(store, policy_of=lambda digest: compiled())
    return codes(found), found.remade, found.from_facts, len(found.not_remade)


def test_the_record_still_holds_and_says_what_is_made_again_from_facts_only(store: Store) -> None:
    talked(store)
    assert checked(store)[0] == []
    forget(store)
    found = audited(store, policy_of=lambda digest: compiled())
    (incident,) = found.forgotten

    assert (found.differences, found.not_remade) == ([], [])
    assert found.from_facts == found.forgotten[incident] > 5
    assert found.remade + found.from_facts + 1 == found.records


def test_that_a_person_was_forgotten_is_recorded_without_saying_who(store: Store) -> None:
    talked(store)
    before = len(list(store.records()))
    forget(store)
    *_, last = store.records()

    assert read_record(last).type == FORGOTTEN
    assert len(list(store.records())) == before + 1
    assert store.secret(last.incident) is None


def test_the_engine_goes_on_with_the_incident_and_its_duties(store: Store) -> None:
    shop = talked(store)
    owed = [duty.key for incident in store.incidents() for duty in incident.duties if duty.unmet]
    forget(store)
    assert [duty.key for incident in store.incidents() for duty in incident.duties if duty.unmet] == owed
    decided = len(shop.decisions)
    shop.takes(said("4", "mon 13:00", "Hello? It is still broken")).wakes("wed 12:00")
    resumed = store.decided_in("test#4")

    assert resumed == store.decided_in("test#1")
    assert len(shop.decisions) > decided + 4
    assert "timer.due" in {read_record(record).type for record in store.records(resumed)}
    assert shop.aside() == [("bad-time", "line 3")] * 2
    assert checked(store)[0] == []


def test_what_was_recorded_after_it_is_salted_anew_and_made_again_in_full(store: Store) -> None:
    shop = talked(store)
    forget(store)
    before = checked(store)
    shop.takes(said("4", "mon 13:00", "Hello? It is still broken")).wakes("tue 12:00")

    assert store.secret(store.decided_in("test#4")) is not None
    assert checked(store)[1] > before[1] + 2
    assert checked(store)[2:] == before[2:]


def test_what_waited_to_be_said_is_cancelled_and_never_leaves() -> None:
    policy = compiled(more="limits: [{id: few, of: send, per: all, max: 1, in: 1d, then: hold}]\n")
    shop = Shop(policy, new_secret=secret_of).takes(
        message("b1", "mon 10:05", "lovely", person="bo"), said("1", "mon 10:10", "It is lovely")
    )
    waiting = [row.key for row in shop.store.deliveries("waiting") if row.delivery.action == "send"]
    found = forget(shop.store)
    left = shop.carried("send")
    shop.wakes("fri 10:00")

    assert (len(waiting), found.cancelled) == (1, waiting)
    assert shop.carried("send") == left
    (incident,) = (each for each in shop.store.incidents() if each.customer == "a1b2c3")
    assert [sent.state for sent in incident.sent if sent.key in waiting] == ["cancelled"]


def test_forgetting_twice_changes_nothing_more_of_what_was_said(store: Store) -> None:
    talked(store)
    forget(store)
    again = forget(store, now="mon 12:30")

    assert (again.events, again.left) == (0, [])
    assert checked(store)[0] == []


def test_the_same_message_again_is_still_known(store: Store) -> None:
    shop = talked(store)
    forget(store)
    before = len(list(store.events()))
    shop.takes(said("2", "mon 11:00", "and the lid of kettle 55123, too"))

    assert store.seen("test", "2") == ""
    assert len(list(store.events())) == before


def test_a_private_thread_that_named_the_handle_is_found_by_the_reference(store: Store) -> None:
    shop = Shop(store=store, new_secret=secret_of)
    private: dict[str, Any] = {"public": False, "conversation": "cleo_parker", "channel": "mastodon"}
    shop.takes(said("1", "mon 10:00", **private))
    assert store.thread("mastodon|shop|peer|cleo_parker") is not None
    forget(store)
    kept = [encode(incident) for incident in store.incidents()]

    assert store.thread("mastodon|shop|peer|cleo_parker") is None
    assert b"cleo_parker" not in b"".join(kept)
    assert store.conversation_of("mastodon", "m-1") != "cleo_parker"
    shop.takes(said("2", "mon 13:00", "still broken", **private))
    assert store.decided_in("test#2") == store.decided_in("test#1")
    assert checked(store)[0] == []


def test_what_others_said_of_the_person_is_left_and_named(store: Store) -> None:
    shop = talked(store)
    shop.takes(message("b2", "mon 11:45", "@cleo_parker says so, too", person="bo"))
    assert "event test#b2" in forget(store).left


def test_an_unknown_person_is_nobody(store: Store) -> None:
    talked(store)
    found = forget(store, "nobody")
    assert (found.incidents, found.events) == ([], 0)


@pytest.mark.parametrize("name", SHIPPED)
def test_of_a_shipped_story_everybody_can_be_forgotten(name: str) -> None:
    store = told_to(open_store("memory:"), name).store
    people = {each.person for each in shipped(name)[1] if each.person}
    for person in sorted(people):
        forget_person(store, person, LATE, "this engine")
    found = audited(store)

    assert found.differences == []
    assert found.from_facts > found.records / 4
    assert {each.text for each in store.events() if each.person} == {""}


def test_a_bundle_of_a_forgotten_incident_is_in_order(store: Store) -> None:
    talked(store)
    forget(store)
    seal(store, LATE)
    bundle = read_bundle(exported(store, store.decided_in("test#1")))

    assert bundle.differences == []
    assert audited(bundle.store, policy_of=lambda digest: compiled(), working=False, partial=True).differences == []


def test_what_is_over_for_long_enough_is_forgotten_and_nothing_else(store: Store) -> None:
    shop = talked(store)
    solved = event("s", "incident.resolved", "tue 10:00", incident=store.decided_in("test#1"), by="ann")
    shop.takes(replace(solved, data={"elsewhere": True})).wakes("tue 12:00")
    early = forget_older(store, at("tue 09:00"), at("fri 10:00"), "this engine")
    found = forget_older(store, at("tue 13:00"), at("fri 10:00"), "this engine")
    again = forget_older(store, at("tue 13:00"), at("fri 11:00"), "this engine")

    assert (early.incidents, found.incidents, again.incidents) == ([], [store.decided_in("test#1")], [])
    texts = {each.id: each.text for each in store.events() if each.type == "message.received"}
    assert texts == {"1": "", "2": "", "b1": "Where is my broken teapot?"}
    assert {each.body for each in store.dead_letters()} == {b""}
    assert checked(store)[0] == []


def test_a_store_that_somebody_reads_is_not_said_to_be_erased(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'store.db'}")
    talked(store)
    with closing(open_store(f"sqlite:{tmp_path / 'store.db'}")) as other:
        reading = other.events()
        next(reading)
        with pytest.raises(Exception, match=r"reads|holds"):
            forget(store)
        reading.close()  # type: ignore[attr-defined]
    assert forget(store).left == []
    store.close()
    assert b"kettle" not in on_disk(tmp_path)
