"""Whatever comes in has an outcome: nothing is lost and nothing stops the reading."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playbook_engine.model.event import Event
from playbook_engine.runtime.clock import EventsClock
from playbook_engine.runtime.door import Door, Duplicate, Terms
from playbook_engine.runtime.incoming.intake import take_in, take_in_body
from playbook_engine.runtime.incoming.mapping import shipped_mapping, shipped_mappings
from playbook_engine.runtime.incoming.outcomes import (
    MESSAGES,
    PEOPLE,
    REASONS,
    Incoming,
    Outcome,
    Sender,
    SetAside,
    said_digest,
)
from playbook_engine.runtime.store import open_store

OPERATOR = Sender(may_send=MESSAGES | PEOPLE)
PLAIN: dict[str, Any] = {
    "id": "17",
    "conversation_id": "12",
    "channel": "x",
    "author": {"handle": "tanaka", "name": "田中", "followers": 120},
    "text": "The kettle is broken",
    "created_at": "2026-03-02T10:00:00Z",
}
KEYS = [
    *("data", "id", "text", "type", "event", "events", "message", "payload", "status", "account", "content"),
    *("source", "user", "mode", "ts", "raw", "subtype", "channel", "tweet_create_events"),
    *("direct_message_events", "created_at", "timestamp", "MessageID"),
]
"""What the shipped mappings look for."""

CLOUD = {"specversion": "1.0", "type": "message.received", "source": "/crm", "id": "e-1", "data": PLAIN}
RESOLVED = {"type": "incident.resolved", "incident": "a1", "by": "sato", "elsewhere": True, "note": ["a", {"b": 1}]}


def outcomes(content: bytes) -> list[Outcome]:
    return list(take_in_body(content, OPERATOR))


def only(content: bytes) -> Outcome:
    [found] = outcomes(content)
    return found


def event(row: object) -> Incoming:
    found = only(json.dumps(row).encode())
    assert isinstance(found, Incoming), found
    return found


def reason(content: bytes) -> str:
    found = only(content)
    assert isinstance(found, SetAside)
    assert found.sentence.isprintable()
    assert len(found.sentence) < 500
    return found.reason


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(constant: str) -> None:
    assert reason(b'{"id": 1, "followers": %s}' % constant.encode()) == "not-json"


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert reason(b'{"id": ' + b"9" * 5_000 + b"}") == "not-json"


def test_a_key_written_twice_is_refused() -> None:
    content = b'{"id": 1, "type": "message.received", "type": "incident.resolved"}'
    found = only(content)
    assert isinstance(found, SetAside)
    assert found.sentence == "line 1: the key `type` is written twice in one object; keep one of them"


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
@pytest.mark.parametrize("depth", [65, 2_000, 200_000])
def test_deep_nesting_is_set_aside(bracket: bytes, depth: int) -> None:
    closing = b"]" if bracket == b"[" else b"}"
    content = b'{"id": 1, "x": ' + bracket * depth + b"1" + closing * depth + b"}"
    assert reason(content) in ("too-deep", "not-json")
    assert reason(bracket * depth) in ("too-deep", "not-json")


def test_nesting_that_platforms_send_is_read() -> None:
    content = b'{"id": 1, "channel": "x", "text": "hi", "x": ' + b"[" * 63 + b"]" * 63 + b"}"
    assert isinstance(only(content), Incoming)


def test_many_flat_brackets_are_not_deep() -> None:
    assert event({**PLAIN, "mentions": [{} for _ in range(10_000)]}).id == "17"


def test_lone_surrogates_become_replacement_characters_everywhere() -> None:
    row = json.dumps({**PLAIN, "id": "a", "text": "b", "author": {"handle": "c", "name": "d"}, "subject": "e"})
    for letter in "abcde":
        row = row.replace(f'"{letter}"', f'"{letter}\\ud800x\\udfff"')
    found = only(row.encode())
    assert isinstance(found, Incoming)
    assert (found.id, found.text) == ("a\ufffdx\ufffd", "b\ufffdx\ufffd")
    assert (found.author.handle, found.author.name) == ("c\ufffdx\ufffd", "d\ufffdx\ufffd")
    assert found.data == {"subject": "e\ufffdx\ufffd"}
    assert event({**RESOLVED, "note": "\ud800"}).data["note"] == "\ufffd"


def test_a_pair_of_surrogates_is_the_character_it_means() -> None:
    assert event({**PLAIN, "text": "\ud83d\ude21"}).text == "😡"


def test_control_characters_stay_out_of_ids_and_names() -> None:
    found = event({**PLAIN, "id": "1\x002\n", "author": {"handle": "a\x1b[31mb", "name": "c\x07\x9fd"}})
    assert (found.id, found.author.handle, found.author.name) == ("1\ufffd2", "a\ufffd[31mb", "c\ufffd\ufffdd")


def test_marks_of_direction_stay_out_of_names() -> None:
    found = event({**PLAIN, "author": {"handle": "evil\u202eknab", "name": "\u2066bank\u2069"}})
    assert (found.author.handle, found.author.name) == ("evil\ufffdknab", "\ufffdbank\ufffd")


def test_a_text_keeps_its_controls_but_not_nul() -> None:
    assert event({**PLAIN, "text": "a\x00b\tc\r\nd\u202ee\x1b"}).text == "a\ufffdb\tc\r\nd\u202ee\x1b"


def test_emoji_of_several_parts_stay_whole() -> None:
    assert event({**PLAIN, "author": {"handle": "x", "name": "👨‍👩‍👧"}}).author.name == "👨‍👩‍👧"


def test_a_text_of_a_megabyte_is_kept_to_its_limit_with_its_length() -> None:
    found = only(json.dumps({**PLAIN, "text": "あ" * 1_000_000}, ensure_ascii=False).encode())
    assert isinstance(found, Incoming)
    assert (len(found.text), found.data) == (100_000, {"text_length": 1_000_000})


def test_ten_thousand_mentions_in_one_text_are_a_text() -> None:
    text = "".join(f"@user{number} " for number in range(10_000))
    assert event({**PLAIN, "text": text}).text == text[:100_000]


def test_a_name_is_cut_at_two_hundred_characters() -> None:
    assert len(event({**PLAIN, "author": {"handle": "x", "name": "n" * 5_000}}).author.name) == 200


def test_a_sentence_shows_no_control_characters_and_no_backquotes() -> None:
    found = only(json.dumps({**PLAIN, "created_at": "a`b\u202e\x1b[31m" + "z" * 500}).encode())
    assert isinstance(found, SetAside)
    assert found.sentence.isprintable()
    assert "`a'b\\u202e\\u001b[31mzzz" in found.sentence
    assert len(found.sentence) < 300


def test_the_same_line_twice_is_admitted_once_and_counted_once() -> None:
    door = Door(Terms("d"), open_store("memory:"), EventsClock())
    kinds = []
    for found in take_in_body(b"\n".join([json.dumps(PLAIN).encode()] * 3), OPERATOR):
        assert isinstance(found, Incoming)
        admitted = door.admit(found)
        kinds.append(type(admitted))
        if isinstance(admitted, Event):
            door.store.add_event(admitted, said_digest(admitted))  # type: ignore[attr-defined]
    assert kinds == [Event, Duplicate, Duplicate]


def test_events_out_of_order_and_from_the_future_are_admitted() -> None:
    door = Door(Terms("d"), open_store("memory:"), EventsClock())
    years = ("2026-03-02", "2026-03-01", "2999-12-31", "2026-03-03")
    rows = [{**PLAIN, "id": f"{n}", "created_at": f"{day}T00:00:00Z"} for n, day in enumerate(years)]
    seen = [door.admit(event(row)) for row in rows]
    assert [each.seen_at - each.at for each in seen if isinstance(each, Event)] == [0, 86_400_000, 0, 604_800_000]


def _mutated(row: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """The line with one value replaced, one key taken out, or some bytes of it changed."""
    values = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(),
        st.lists(st.integers(), max_size=3),
        st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
        st.sampled_from(["message.sent", "timer.due", "1.0", "incident.resolved", "2026-03-02T10:00:00Z"]),
    )
    keys = st.sampled_from([*row, "type", "at", "by", "public", "origin", "attachments", "data", "specversion"])
    replaced = st.builds(lambda key, value: json.dumps({**row, key: value}).encode(), keys, values)
    line = json.dumps(row).encode()
    spots = st.integers(0, len(line) - 1)
    patched = st.builds(lambda at, junk: line[:at] + junk + line[at + 1 :], spots, st.binary(max_size=4))
    return st.one_of(replaced, patched)


def _has_outcome(content: bytes, found: list[Outcome]) -> None:
    for each in found:
        if isinstance(each, SetAside):
            assert each.reason in REASONS
            assert each.sentence.startswith(each.place)
            assert each.sentence.isprintable()
            assert len(each.body) <= 65_536
        if isinstance(each, Incoming):
            assert each.source
            assert each.id
            each.text.encode()
            said_digest(each)
    assert found or not content.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf[]")


@given(st.binary(max_size=300))
@example(b"[")
@example(b"[1,")
@example(b"{")
@example(b'{"a":\n')
@example(b'{"a":\n1}{')
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b'"\\ud800"')
@example(b"[[{}]]")
def test_no_bytes_stop_the_reading(content: bytes) -> None:
    _has_outcome(content, outcomes(content))


@given(st.one_of(_mutated(PLAIN), _mutated(CLOUD), _mutated(RESOLVED)))
def test_no_change_to_a_good_line_stops_the_reading(content: bytes) -> None:
    _has_outcome(content, outcomes(content))


@given(st.lists(st.one_of(_mutated(PLAIN), st.just(json.dumps(PLAIN).encode())), min_size=1, max_size=6))
def test_every_line_has_its_outcome(lines: list[bytes]) -> None:
    lines = [line.replace(b"\n", b" ").replace(b"\r", b" ") for line in lines]
    content = json.dumps(PLAIN).encode() + b"\n" + b"\n".join(lines)
    places = {each.place.split(",")[0] for each in outcomes(content)}
    expected = {f"line {n}" for n, line in enumerate(lines, 2) if line.strip() and line.strip(b" []")}
    assert {"line 1", *expected} <= places


@given(
    st.sampled_from(shipped_mappings()),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(KEYS),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=12,
    ),
)
def test_no_payload_stops_a_mapping(name: str, payload: object) -> None:
    for found in take_in(io.BytesIO(json.dumps(payload).encode()), Sender(), shipped_mapping(name)):
        assert isinstance(found, Outcome)


@given(st.binary(max_size=400))
@example(b"From: a@b\nContent-Type: text/plain; charset=idna\n\nxn--\xff")
@example(b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n--x--")
@example(b"From: a@b\nContent-Type: text/plain; charset*=''\n\nhi")
@example(b"From: =?x?q?=ff?= <a@b>\nSubject: =?utf-8?b?////?=\n\n")
def test_no_bytes_stop_the_reading_of_mail(content: bytes) -> None:
    for found in take_in_body(b"From: a@example.com\n" + content, Sender(), shipped_mapping("email")):
        assert isinstance(found, Outcome)
