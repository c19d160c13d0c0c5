"""Arbitrary JSON, through the way in, the door and the engine: each piece is an event, skipped, or set aside, and
whatever becomes an event is decided, kept and can be read again."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json as kept_json

from fuzzing import EXAMPLES
from playbook_engine.model.event import EVENT_TYPES, ORIGINS, Event
from playbook_engine.policy.built_in import CHANNELS
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
whole = {
    "id": st.sampled_from(["e1", "e2", "e3"]),
    "channel": st.sampled_from([*CHANNELS]),
    "type": st.sampled_from(EVENT_TYPES),
    "created_at": st.sampled_from(["2026-03-02T10:00:00Z", "2026-03-05T10:00:00Z"]),
    "text": texts,
    "author": st.fixed_dictionaries({"handle": texts, "name": texts}) | values,
    "conversation_id": st.sampled_from(["p1", "p2"]),
}
rows = st.one_of(
    values,
    st.dictionaries(st.sampled_from(OWN), values, max_size=8),
    st.builds(
        lambda row, more: {**row, **more},
        st.fixed_dictionaries({}, optional=whole) | st.fixed_dictionaries(whole),
        st.dictionaries(st.sampled_from(OWN), values, max_size=3),
    ),
)
bodies = st.one_of(
    st.lists(rows, max_size=4).map(lambda each: "\n".join(json.dumps(row) for row in each).encode()),
    st.lists(rows, max_size=3).map(lambda each: json.dumps(each, indent=1).encode()),
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
ticket: Any = st.fixed_dictionaries(
    {"kind": st.just("question")},
    optional={name: values for name in ("number", "time", "body", "who", "name", "followers", "automatic")},
)


@settings(max_examples=EXAMPLES * 2)
@given(st.sampled_from([*MAPPINGS]), payloads | st.fixed_dictionaries({"tickets": st.lists(ticket, max_size=3)}))
def test_no_payload_stops_a_mapping_and_what_it_makes_can_be_kept(name: str, payload: object) -> None:
    body = json.dumps(payload).encode()
    door = Door(Terms(POLICY.digest), MemoryStore(), EventsClock())
    for incoming in seen(list(take_in_body(body, Sender(account="shop"), MAPPINGS[name]))):
        admitted = door.admit(incoming)
        if isinstance(admitted, Event):
            encode(admitted).decode("utf-8")
