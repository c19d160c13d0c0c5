"""Arbitrary JSON, through the way in, the door and the engine: each piece is an event, skipped, or set aside, and
whatever becomes an event is decided, kept and can be read again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json as kept_json

from fuzzing import EXAMPLES
from playbook_engine.model.event import EVENT_TYPES, ORIGINS, Event
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Terms
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.mapping import PayloadMapping, read_mapping, shipped_mapping, shipped_mappings
from playbook_engine.runtime.incoming.outcomes import MESSAGES, PEOPLE, REASONS, Incoming, Outcome, Sender, SetAside
from playbook_engine.runtime.store import encode
from playbook_engine.runtime.stores.memory import MemoryStore
from shop import Shop
from story import compiled

POLICY = compiled()
OPERATOR = Sender(may_send=MESSAGES | PEOPLE)

texts = st.one_of(
    st.text(st.characters(), max_size=12),
    st.text(st.sampled_from("\ud800\x00\u202e\u200b\n@<!{}|#:/.a0１"), max_size=12),
    st.sampled_from([*EVENT_TYPES, *ORIGINS, "x", "email", "shop", "cleo", "m1", "ann", "nobody", "", "it is broken?"]),
    st.sampled_from(["2026-03-02T10:00:00Z", "1772445600", "1772445600.000200", "9999-12-31", "-1", "1e400", "0"]),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(1 << 90), 1 << 90), st.floats(allow_nan=False), texts
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
OWN = (
    *("id", "type", "source", "specversion", "data", "channel", "account", "author", "handle", "name", "followers"),
    *(
        "text",
        "subject",
        "lang",
        "created_at",
        "at",
        "time",
        "conversation_id",
        "in_reply_to",
        "message_id",
        "by",
        "to",
    ),
    *("origin", "public", "automatic", "incident", "draft", "digest", "messages", "action", "amount", "step", "into"),
    *("because", "elsewhere", "links", "attachments", "mentions", "facts", "person", "department", "ours"),
)
LEFT_OUT = object()
PLAIN: dict[str, Any] = {
    "id": "e1",
    "conversation_id": "p1",
    "channel": "x",
    "account": "shop",
    "author": {"handle": "cleo", "name": "Cleo", "followers": 12},
    "text": "it is broken?",
    "created_at": "2026-03-02T10:00:00Z",
}
CLOUD = {"specversion": "1.0", "type": "message.received", "source": "/crm", "id": "e2", "data": PLAIN}
OF_PEOPLE = [
    {**PLAIN, "id": f"p{number}", "type": type, "by": "ann", "created_at": "2026-03-02T11:00:00Z"}
    for number, type in enumerate(EVENT_TYPES)
]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place within a JSON value, as what holds it and its key."""
    for key, held in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
        yield value, key
        if isinstance(held, dict | list):
            yield from _places(held)


def _mutated(base: Any, changes: list[tuple[int, object]]) -> Any:
    """The value with something else at some of its places, or nothing there."""
    changed = deepcopy(base)
    for number, value in changes:
        places = list(_places(changed))
        if places:
            holder, key = places[number % len(places)]
            if value is LEFT_OUT:
                del holder[key]
            else:
                holder[key] = deepcopy(value)
    return changed


changes = st.lists(st.tuples(st.integers(0, 200), values | st.just(LEFT_OUT)), max_size=3)
rows = st.one_of(
    st.builds(_mutated, st.sampled_from([PLAIN, CLOUD, *OF_PEOPLE]), changes),
    st.builds(
        lambda row, more: {**row, **more},
        st.sampled_from([PLAIN, *OF_PEOPLE]),
        st.dictionaries(st.sampled_from(OWN), values, max_size=2),
    ),
    values,
)
bodies = st.one_of(
    st.lists(rows, min_size=1, max_size=4).map(lambda each: "\n".join(json.dumps(row) for row in each).encode()),
    st.lists(rows, min_size=1, max_size=3).map(lambda each: json.dumps(each, indent=1).encode()),
    st.binary(max_size=60),
)


def seen(found: list[Outcome]) -> list[Incoming]:
    for each in found:
        if isinstance(each, SetAside):
            assert each.reason in REASONS
            assert each.sentence.isprintable()
    return [each for each in found if isinstance(each, Incoming)]


@settings(max_examples=EXAMPLES)
@given(bodies)
def test_whatever_comes_in_is_decided_or_set_aside_and_can_be_read_again(body: bytes) -> None:
    found = list(take_in_body(body, OPERATOR))
    store = MemoryStore()
    door = Door(Terms(POLICY.digest), store, EventsClock())
    shop = Shop(POLICY, store)
    for incoming in seen(found):
        admitted = door.admit(incoming)
        if isinstance(admitted, Event):
            shop.takes(admitted)
    for event in store.events():
        assert kept_json.decode(encode(event), type=Event) == event
    told = [note.because for decision in shop.decisions for note in decision.notes]
    assert not [because for because in told if "could not be decided" in because]


HELD = """
mapping: desk
format: 1
channel: chat
kind: item.kind
maps:
  - id: ticket
    each: payload.tickets
    when: item.kind == 'question'
    event:
      type: {const: message.received}
      id: item.number
      at: epoch_s(item.time)
      text: html_text(item.body)
      author: {handle: item.who, name: item.name, followers: item.followers}
      automatic: item.automatic
"""
OWN_MAPPING = read_mapping("desk.yaml", HELD.encode())
FIELDS = (
    *("tickets", "kind", "number", "time", "body", "who", "name", "followers", "automatic", "data", "id", "text"),
    *("type", "event", "events", "message", "payload", "status", "account", "content", "source", "user", "mode", "ts"),
    *("raw", "subtype", "channel", "tweet_create_events", "direct_message_events", "created_at", "timestamp"),
    *("includes", "users", "author_id", "thread_ts", "blocks", "replyToken", "userId", "visibility", "acct", "bot"),
    *("for_user_id", "bot_id", "edited", "mentions", "MessageID", "headers", "from", "to", "html"),
)
MAPPINGS: dict[str, PayloadMapping] = {
    "own": OWN_MAPPING,
    **{name: shipped_mapping(name) for name in shipped_mappings()},
}
kinds = st.sampled_from(["question", "message", "event_callback", "app_mention", "mention", "update", "user", "group"])
payloads = st.recursive(
    scalars | kinds,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=25,
)
_X = {
    "for_user_id": "1",
    "tweet_create_events": [
        {
            "id_str": "100",
            "created_at": "Mon Mar 02 10:00:00 +0000 2026",
            "text": "@shop it is broken",
            "user": {"id_str": "7", "screen_name": "cleo", "name": "Cleo", "followers_count": 12},
            "lang": "en",
            "entities": {"user_mentions": [{"id_str": "1", "screen_name": "shop"}]},
        }
    ],
}
_SLACK = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event": {"type": "message", "channel": "C1", "user": "U1", "text": "broken &lt;b&gt;", "ts": "1772445600.000200"},
}
_LINE = {
    "destination": "UBOT",
    "events": [
        {
            "type": "message",
            "mode": "active",
            "timestamp": 1_772_445_600_000,
            "source": {"type": "user", "userId": "U7"},
            "webhookEventId": "W1",
            "message": {"id": "600", "type": "text", "text": "it is broken"},
        }
    ],
}
_MASTODON = {
    "id": "9",
    "type": "mention",
    "created_at": "2026-03-02T10:00:01Z",
    "account": {"acct": "cleo@m.example", "display_name": "Cleo", "bot": False},
    "status": {
        "id": "500",
        "created_at": "2026-03-02T10:00:00Z",
        "content": "<p>broken <b>&amp;</b> loud</p>",
        "visibility": "public",
        "account": {"acct": "cleo@m.example", "display_name": "Cleo", "bot": False},
        "media_attachments": [{}],
    },
}
_OWN = {"tickets": [{"kind": "question", "number": 7, "time": 1_772_445_600, "body": "<b>Where?", "who": "cleo"}]}
REAL = [("x", _X), ("slack", _SLACK), ("line", _LINE), ("mastodon", _MASTODON), ("own", _OWN)]
real = st.sampled_from(REAL).flatmap(
    lambda each: st.tuples(st.just(each[0]), st.builds(_mutated, st.just(each[1]), changes))
)


@pytest.mark.parametrize(("name", "payload"), REAL, ids=[name for name, _ in REAL])
def test_what_is_mutated_is_a_message_before(name: str, payload: object) -> None:
    [found] = take_in_body(json.dumps(payload).encode(), Sender(account="shop"), MAPPINGS[name])
    assert isinstance(found, Incoming), found


@settings(max_examples=EXAMPLES * 2)
@given(real | st.tuples(st.sampled_from([*MAPPINGS]), payloads))
def test_no_payload_stops_a_mapping_and_what_it_makes_can_be_kept(sent: tuple[str, object]) -> None:
    name, payload = sent
    door = Door(Terms(POLICY.digest), MemoryStore(), EventsClock())
    for incoming in seen(list(take_in_body(json.dumps(payload).encode(), Sender(account="shop"), MAPPINGS[name]))):
        admitted = door.admit(incoming)
        if isinstance(admitted, Event):
            assert kept_json.decode(encode(admitted), type=Event) == admitted
