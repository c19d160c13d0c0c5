"""Forms of input: CloudEvents, plain messages, what people say by hand. SEMANTICS 1.2."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from playbook_engine.model.event import CUSTOMER_TYPES, ENGINE_TYPES, OUR_TYPES, PEOPLE_TYPES, Author
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, REASONS, Incoming, Outcome, Sender, SetAside

ANYBODY = Sender()
OPERATOR = Sender(may_send=MESSAGES | PEOPLE)

PLAIN: dict[str, Any] = {
    "id": "17",
    "conversation_id": "12",
    "channel": "x",
    "account": "MinatoCare",
    "author": {"handle": "tanaka", "name": "田中", "followers": 120, "verified": False},
    "text": "The kettle is broken",
    "lang": "en",
    "created_at": "2026-03-02T10:00:00.250+09:00",
    "in_reply_to": "16",
    "inbound": True,
    "labels": {"sentiment": "negative", "confidence": 0.7},
}


def outcomes(*rows: object, sender: Sender = ANYBODY) -> list[Outcome]:
    return list(take_in_body("\n".join(json.dumps(row) for row in rows).encode(), sender))


def event(row: object, sender: Sender = ANYBODY) -> Incoming:
    [found] = outcomes(row, sender=sender)
    assert isinstance(found, Incoming), found
    return found


def aside(row: object, sender: Sender = ANYBODY) -> SetAside:
    [found] = outcomes(row, sender=sender)
    assert isinstance(found, SetAside), found
    assert found.reason in REASONS
    return found


def without(name: str, **more: object) -> dict[str, Any]:
    return {**{key: value for key, value in PLAIN.items() if key != name}, **more}


def cloud(type: str, data: object, **more: object) -> dict[str, Any]:
    return {"specversion": "1.0", "type": type, "source": "/crm", "id": "e-1", "data": data, **more}


def test_a_plain_message_is_read_whole() -> None:
    assert event(PLAIN) == Incoming(
        source="plain:x/MinatoCare",
        id="17",
        type="message.received",
        at=1_772_413_200_250,
        channel="x",
        account="MinatoCare",
        origin="thread",
        public=True,
        author=Author(handle="tanaka", name="田中", followers=120, verified=False),
        text="The kettle is broken",
        lang="en",
        message="17",
        in_reply_to="16",
        conversation="12",
        place="line 1",
        body=json.dumps(PLAIN).encode(),
    )


def test_labels_and_other_keys_stay_outside() -> None:
    assert event({**PLAIN, "sentiment": "negative", "data": {"secret": 1}}).data == {}


def test_what_our_people_sent_names_who_wrote() -> None:
    sent = event({**PLAIN, "inbound": False, "author": {"handle": "MinatoCare"}})
    assert (sent.type, sent.by) == ("message.sent", "MinatoCare")
    assert event({**PLAIN, "inbound": False, "by": "sato"}).by == "sato"


def test_a_message_of_a_person_can_be_the_apology() -> None:
    assert event({**PLAIN, "inbound": False, "step": "apologise"}).data == {"step": "apologise"}
    assert aside({**PLAIN, "inbound": False, "step": "apologize"}).reason == "wrong-type"


def test_a_file_read_again_gives_the_same_keys_and_the_senders_name_wins() -> None:
    assert event(PLAIN).source == event(PLAIN).source == "plain:x/MinatoCare"
    assert event(without("account")).source == "plain:x"
    assert event(PLAIN, Sender(name="crm-export")).source == "crm-export"


def test_a_sender_fills_what_its_messages_leave_blank() -> None:
    sender = Sender(channel="chat", account="desk")
    assert (event({"id": "1", "text": "hi"}, sender).channel, event({"id": "1", "text": "hi"}, sender).account) == (
        "chat",
        "desk",
    )
    assert event(PLAIN, sender).channel == "x"


def test_a_source_without_a_clock_leaves_the_time_to_the_door() -> None:
    assert event({**PLAIN, "created_at": None}).at is None
    assert event(without("created_at")).at is None


@pytest.mark.parametrize(
    ("more", "origin", "public"),
    [
        ({}, "mention", True),
        ({"in_reply_to": "1"}, "thread", True),
        ({"channel": "email"}, "direct", False),
        ({"channel": "chat", "in_reply_to": "1"}, "direct", False),
        ({"channel": "email", "public": True}, "mention", True),
        ({"public": False}, "direct", False),
        ({"origin": "direct"}, "direct", False),
        ({"origin": "listening"}, "listening", True),
        ({"channel": "reviews"}, "review", True),
    ],
)
def test_where_a_message_was_found_is_told_from_what_is_known(
    more: dict[str, object], origin: str, public: bool
) -> None:
    found = event({"id": "1", "channel": "x", "text": "hi", **more})
    assert (found.origin, found.public) == (origin, public)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("en-GB", "en"), ("ja_JP", "ja"), ("und", ""), ("qme", ""), ("in", "id"), ("!", ""), (None, "")],
)
def test_a_language_tag_is_read_to_its_primary_language(tag: str | None, language: str) -> None:
    assert event({**PLAIN, "lang": tag}).lang == language


def test_numeric_ids_are_taken_as_their_text() -> None:
    found = event({**PLAIN, "id": 17, "in_reply_to": 16, "author": {"handle": 5}})
    assert (found.id, found.in_reply_to, found.author.handle) == ("17", "16", "5")


def test_an_author_may_be_only_a_handle() -> None:
    assert event({**PLAIN, "author": "tanaka"}).author == Author(handle="tanaka")
    assert event({**PLAIN, "author": None}).author == Author()


def test_a_list_of_attachments_is_counted() -> None:
    assert event({**PLAIN, "text": "", "attachments": [{}, {}]}).attachments == 2
    assert event({**PLAIN, "attachments": 10**9}).attachments == 10_000


def test_an_edit_names_the_message_it_changes() -> None:
    edit = event({**PLAIN, "type": "message.edited", "id": "17:2", "message": "17"})
    assert (edit.id, edit.message) == ("17:2", "17")
    assert aside({**PLAIN, "type": "message.edited"}).reason == "missing-field"


def test_a_deletion_needs_no_text() -> None:
    gone = event({"type": "message.deleted", "id": "17:gone", "message": "17", "channel": "x"})
    assert (gone.type, gone.text) == ("message.deleted", "")


def test_a_cloud_event_is_read() -> None:
    found = event(cloud("message.received", without("id"), time="2026-03-02T01:00:00Z"))
    assert (found.source, found.id, found.at, found.message) == ("/crm", "e-1", 1_772_413_200_000, "e-1")
    assert (found.text, found.author.handle) == ("The kettle is broken", "tanaka")


def test_the_platforms_message_id_and_the_events_id_are_two_things() -> None:
    assert event(cloud("message.received", PLAIN)).message == "17"
    assert event(cloud("message.received", {**PLAIN, "message": "m-1"})).message == "m-1"


def test_the_data_of_a_cloud_event_may_hold_the_time() -> None:
    assert event(cloud("message.received", PLAIN)).at == 1_772_413_200_250


def test_a_type_may_carry_the_prefix_and_no_other() -> None:
    assert event(cloud("playbook.message.received", PLAIN)).type == "message.received"
    refused = aside(cloud("com.example.message.received.v1", PLAIN))
    assert refused.reason == "unknown-type"
    assert refused.sentence == (
        "line 1: `com.example.message.received.v1` is no event type; did you mean `message.received`?"
    )


def test_data_in_base64_is_read() -> None:
    coded = b64encode(json.dumps(PLAIN).encode()).decode()
    row = {**cloud("message.received", None), "data_base64": coded}
    assert event(row).text == "The kettle is broken"
    assert aside({**row, "data_base64": "%%%"}).reason == "wrong-type"


@pytest.mark.parametrize("data", ["a text", 1.5, [1], True])
def test_data_that_is_no_object_is_refused(data: object) -> None:
    assert aside(cloud("message.received", data)).reason == "wrong-type"


def test_another_version_of_cloud_events_is_refused() -> None:
    assert aside({**cloud("message.received", PLAIN), "specversion": "0.3"}).reason == "wrong-type"


def test_a_batch_is_an_array() -> None:
    found = list(take_in_body(json.dumps([PLAIN, cloud("message.received", PLAIN), 7]).encode(), ANYBODY))
    assert [type(each) for each in found] == [Incoming, Incoming, SetAside]
    assert [each.place for each in found] == ["line 1, item 1", "line 1, item 2", "line 1, item 3"]


def test_a_person_resolves_an_incident_by_hand() -> None:
    row = {"type": "incident.resolved", "incident": "a1", "by": "sato", "at": "2026-03-02T10:00:00Z", "elsewhere": True}
    found = event(row, OPERATOR)
    assert (found.source, found.type, found.incident, found.by) == ("people", "incident.resolved", "a1", "sato")
    assert found.data == {"elsewhere": True}
    assert len(found.id) == 32


def test_the_same_word_of_a_person_at_the_same_time_has_the_same_id() -> None:
    row = {"type": "incident.acknowledged", "incident": "a1", "by": "sato", "at": "2026-03-02T10:00:00Z"}
    later = {**row, "at": "2026-03-02T10:00:01Z"}
    ids = [event(each, OPERATOR).id for each in (row, row, later, {**row, "by": "kato"})]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_a_person_may_name_the_conversation_in_place_of_the_incident() -> None:
    row = {"type": "incident.waiting", "channel": "x", "account": "MinatoCare", "conversation_id": "12", "by": "sato"}
    assert event(row, OPERATOR).conversation == "12"
    assert aside({"type": "incident.waiting", "by": "sato"}, OPERATOR).reason == "missing-field"


def test_an_approval_keeps_the_edited_text() -> None:
    row = {"type": "approval.granted", "incident": "a1", "by": "sato", "draft": "k", "digest": "d", "text": "Sorry."}
    assert event(row, OPERATOR).data == {"draft": "k", "digest": "d", "text": "Sorry."}


def test_a_mode_is_switched_without_an_incident() -> None:
    assert event({"type": "mode.switched", "mode": "storm", "on": True, "by": "sato"}, OPERATOR).data == {
        "mode": "storm",
        "on": True,
    }
    assert aside({"type": "mode.switched", "by": "sato"}, OPERATOR).reason == "missing-field"


def test_a_persons_amount_is_a_whole_number() -> None:
    row = {"type": "remedy.granted", "incident": "a1", "by": "sato", "action": "coupon", "amount": 10.5}
    assert aside(row, OPERATOR).reason == "wrong-type"
    assert event({**row, "amount": 1000}, OPERATOR).data == {"action": "coupon", "amount": 1000}


def test_who_said_it_is_demanded() -> None:
    assert aside({"type": "incident.resolved", "incident": "a1"}, OPERATOR).sentence == (
        "line 1: `by` is missing; say who, by the id that the playbook gives the person"
    )


@pytest.mark.parametrize("kind", ENGINE_TYPES)
@pytest.mark.parametrize("sender", [ANYBODY, OPERATOR, Sender(may_send=frozenset(ENGINE_TYPES))])
def test_nobody_outside_can_speak_for_the_engine(kind: str, sender: Sender) -> None:
    assert aside(cloud(kind, {"incident": "a1", "key": "k"}), sender).reason == "forged"
    assert aside({"type": kind, "incident": "a1", "id": "1"}, sender).reason == "forged"


@pytest.mark.parametrize("kind", PEOPLE_TYPES)
def test_a_platform_cannot_speak_for_people(kind: str) -> None:
    assert aside({"type": kind, "incident": "a1", "by": "sato"}).reason == "forged"


@pytest.mark.parametrize("kind", CUSTOMER_TYPES + OUR_TYPES)
def test_a_source_sends_only_what_it_declares(kind: str) -> None:
    assert aside({**PLAIN, "type": kind, "message": "17"}, Sender(may_send=frozenset())).reason == "forged"


@pytest.mark.parametrize("source", ["engine", "engine:main", " engine "])
def test_the_engines_own_source_is_taken(source: str) -> None:
    assert (
        aside({**cloud("incident.linked", {"by": "a", "incident": "b"}), "source": source}, OPERATOR).reason == "forged"
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (without("id"), "missing-field"),
        ({**PLAIN, "id": "  "}, "missing-field"),
        (without("channel"), "missing-field"),
        (without("text"), "missing-field"),
        ({**PLAIN, "text": ""}, "missing-field"),
        ({**PLAIN, "text": 5}, "wrong-type"),
        ({**PLAIN, "id": 1.5}, "wrong-type"),
        ({**PLAIN, "id": True}, "wrong-type"),
        ({**PLAIN, "id": ["17"]}, "wrong-type"),
        ({**PLAIN, "id": "x" * 513}, "too-large"),
        ({**PLAIN, "id": 10**600}, "too-large"),
        ({**PLAIN, "inbound": "yes"}, "wrong-type"),
        ({**PLAIN, "public": 1}, "wrong-type"),
        ({**PLAIN, "origin": "telepathy"}, "wrong-type"),
        ({**PLAIN, "author": ["tanaka"]}, "wrong-type"),
        ({**PLAIN, "author": {"followers": -1}}, "wrong-type"),
        ({**PLAIN, "author": {"followers": 10**20}}, "wrong-type"),
        ({**PLAIN, "author": {"verified": "true"}}, "wrong-type"),
        ({**PLAIN, "attachments": -1}, "wrong-type"),
        ({**PLAIN, "type": "message.recieved"}, "unknown-type"),
        ({**PLAIN, "type": 5}, "unknown-type"),
        ({**PLAIN, "created_at": "2026-03-02T10:00:00"}, "bad-time"),
        ({**PLAIN, "created_at": 1_772_413_200}, "bad-time"),
        ({**PLAIN, "created_at": "yesterday"}, "bad-time"),
        (cloud("message.received", PLAIN, id=None), "missing-field"),
        (cloud("message.received", PLAIN, source=""), "missing-field"),
        (cloud("message.received", PLAIN, time="2026-03-02"), "bad-time"),
        ("a text", "not-an-object"),
        (None, "not-an-object"),
        (17, "not-an-object"),
    ],
)
def test_what_cannot_be_used_is_set_aside_with_its_reason(row: object, reason: str) -> None:
    refused = aside(row)
    assert refused.reason == reason
    assert refused.sentence.startswith("line 1: ")
    assert refused.body == json.dumps(row).encode()[:65_536]


def test_a_missing_field_is_sought_among_the_keys_that_are_there() -> None:
    refused = aside(without("text", txt="The kettle is broken"))
    assert refused.sentence == "line 1: `text` is missing; did you mean it by `txt`?"


def test_a_sentence_names_the_offending_text_and_the_remedy() -> None:
    assert aside({**PLAIN, "created_at": "2026-03-02T10:00:00"}).sentence == (
        "line 1: `created_at` is `2026-03-02T10:00:00`, a time without offset; "
        "add one, as in `2026-03-02T10:00:00+09:00` or `2026-03-02T10:00:00Z`"
    )
