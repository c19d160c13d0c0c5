"""The published schema of events says what the decoder does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from playbook_engine.model.event import ENGINE_TYPES, EVENT_TYPES, ORIGINS
from playbook_engine.resources import shipped
from playbook_engine.runtime.incoming.intake import take_in, take_in_body
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, Incoming, Sender

OPERATOR = Sender(may_send=MESSAGES | PEOPLE)
SCHEMA: dict[str, Any] = json.loads((shipped("schemas") / "event.schema.json").read_text("utf-8"))
DATA = Path(__file__).parents[2].parent / "shared" / "data"

PLAIN = {"id": "1", "channel": "x", "text": "hi"}
PERSON = {"type": "incident.resolved", "incident": "a1", "by": "sato"}


def cloud(type: str, data: object, **more: object) -> dict[str, Any]:
    return {"specversion": "1.0", "type": type, "source": "/crm", "id": "e", "data": data, **more}


GOOD: list[dict[str, Any]] = [
    PLAIN,
    {**PLAIN, "id": 17, "author": {"handle": "t", "followers": 3, "verified": True}, "created_at": None},
    {**PLAIN, "created_at": "2026-03-02T10:00:00+09:00", "labels": {"x": 1.5}, "anything": [1.5]},
    {**PLAIN, "text": "", "attachments": 2},
    {**PLAIN, "text": None, "attachments": [{}]},
    {**PLAIN, "inbound": False, "step": "apologise", "author": "care"},
    {**PLAIN, "type": "playbook.message.received", "origin": "listening"},
    {"type": "message.deleted", "id": "2", "message": "1", "channel": "x"},
    {"type": "message.edited", "id": "2", "message": "1", "channel": "x", "text": "ho"},
    PERSON,
    {"type": "incident.waiting", "channel": "x", "conversation_id": "9", "by": "sato"},
    {"type": "incident.waiting", "channel": "x", "in_reply_to": "9", "by": "sato"},
    {"type": "mode.switched", "mode": "storm", "on": True, "by": "sato"},
    cloud("message.received", PLAIN, time="2026-03-02T10:00:00Z"),
    cloud("playbook.message.sent", PLAIN),
    cloud("incident.resolved", {"incident": "a1", "by": "sato"}),
    cloud("mode.switched", {"mode": "storm", "by": "sato"}),
]

BAD: list[object] = [
    "text",
    17,
    [],
    {},
    {**PLAIN, "id": ""},
    {**PLAIN, "id": None},
    {**PLAIN, "id": 1.5},
    {**PLAIN, "id": "x" * 513},
    {**PLAIN, "text": ""},
    {**PLAIN, "text": 5},
    {**PLAIN, "text": "", "attachments": 0},
    {**PLAIN, "text": "", "attachments": []},
    {**PLAIN, "attachments": -1},
    {**PLAIN, "public": "yes"},
    {**PLAIN, "origin": "telepathy"},
    {**PLAIN, "author": []},
    {**PLAIN, "author": {"followers": -1}},
    {**PLAIN, "created_at": "2026-03-02T10:00:00"},
    {**PLAIN, "created_at": 1_772_445_600},
    {**PLAIN, "type": "timer.due"},
    {**PLAIN, "type": "message.edited"},
    {**PLAIN, "step": "apologize"},
    {"id": "1", "text": "hi"},
    {"type": "incident.resolved", "incident": "a1"},
    {"type": "incident.resolved", "by": "sato"},
    {"type": "incident.resolved", "by": "sato", "channel": "x"},
    {"type": "mode.switched", "by": "sato"},
    cloud("message.received", "text"),
    cloud("message.received", {}),
    cloud("approval.expired", PERSON),
    cloud("message.received", PLAIN, specversion="0.3"),
    cloud("message.received", PLAIN, source="engine"),
    cloud("message.received", PLAIN, source="engine:main"),
    cloud("message.received", PLAIN, id=None),
    cloud("message.received", PLAIN, time="soon"),
    {"specversion": "1.0", "type": "message.received", "source": "/crm", "id": "e"},
]


def fits(row: object) -> bool:
    return not list(Draft202012Validator(SCHEMA).iter_errors(row))


def decodes(row: object) -> bool:
    found = list(take_in_body(json.dumps(row).encode(), OPERATOR))
    return bool(found) and all(isinstance(each, Incoming) for each in found)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_knows_every_type_that_may_come_from_outside() -> None:
    types = [each for each in EVENT_TYPES if each not in ENGINE_TYPES]
    assert SCHEMA["$defs"]["type"]["enum"] == [*types, *(f"playbook.{each}" for each in types)]
    assert SCHEMA["$defs"]["fields"]["properties"]["origin"]["enum"] == [*ORIGINS, None]


@pytest.mark.parametrize("row", GOOD)
def test_what_the_schema_allows_is_read(row: object) -> None:
    assert (fits(row), decodes(row)) == (True, True)


@pytest.mark.parametrize("row", BAD)
def test_what_the_schema_refuses_is_set_aside(row: object) -> None:
    assert (fits(row), decodes(row)) == (False, False)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the published conversations beside the checkout")
@pytest.mark.parametrize(
    ("file", "received", "sent"),
    [
        ("twcs_threads.open.jsonl", 3_909, 4_482),
        ("ibm_care.open.jsonl", 590, 578),
        ("airline_sentiment.open.jsonl", 7_162, 0),
        ("ja_asdc.open.jsonl", 1_028, 1_214),
        ("ja_jrte.open.jsonl", 5_562, 0),
    ],
)
def test_every_line_of_real_conversations_is_an_event(file: str, received: int, sent: int) -> None:
    with (DATA / file).open("rb") as stream:
        types = [each.type for each in take_in(stream, Sender()) if isinstance(each, Incoming)]
    assert (types.count("message.received"), types.count("message.sent")) == (received, sent)
