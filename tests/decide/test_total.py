"""`decide` never raises, and the same input gives the same bytes. SEMANTICS 11.1 and 11.2."""

from __future__ import annotations

from dataclasses import replace as with_fields
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.decide.advance import advance
from playbook_engine.model.event import EVENT_TYPES, ORIGINS, Author, Event
from story import Story, at, compiled

POLICY = compiled()

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
known = st.sampled_from(
    [
        "draft",
        "digest",
        "messages",
        "text",
        "step",
        "action",
        "amount",
        "into",
        "absorbed",
        "duties",
        "elsewhere",
        "key",
    ]
)
events = st.builds(
    Event,
    source=st.sampled_from(["test", "engine"]),
    id=st.text(min_size=1, max_size=5),
    type=st.sampled_from(EVENT_TYPES),
    at=st.integers(at("mon 10:00"), at("tue 10:00")),
    seen_at=st.just(at("tue 10:00")),
    channel=st.sampled_from(["x", "email", ""]),
    account=st.text(max_size=4),
    origin=st.sampled_from(ORIGINS),
    public=st.booleans(),
    automatic=st.booleans(),
    author=st.builds(
        Author, handle=st.text(max_size=5), name=st.text(max_size=5), followers=st.none() | st.integers(0)
    ),
    person=st.text(max_size=4),
    text=st.text(max_size=40),
    lang=st.sampled_from(["", "ja", "en", "und", "xx"]),
    message=st.text(max_size=4),
    by=st.sampled_from(["", "ann", "nobody"]),
    depth=st.integers(0, 5),
    data=st.dictionaries(known, values, max_size=4),
)


@given(st.lists(events, min_size=1, max_size=5))
def test_whatever_comes_in_is_decided_without_a_fault_of_ours_and_twice_alike(taken: list[Event]) -> None:
    def told() -> list[bytes]:
        incident, made = Story(POLICY, deliver=False).hears("it is broken", "mon 10:00").now, []
        for event in taken:
            decisions = advance(POLICY, incident, event, event.seen_at, incident.id)
            made += [msgspec.json.encode(decision, order="sorted") for decision in decisions]
            incident = decisions[-1].incident
            assert not [n.because for d in decisions for n in d.notes if "could not be decided" in n.because]
        return made

    assert told() == told()


def test_a_fault_of_ours_goes_to_a_person_instead_of_being_raised() -> None:
    broken = with_fields(POLICY, people={"bob": POLICY.people["bob"]})
    story = Story(broken, deliver=False).hears("it is broken", "mon 10:00")

    assert [(note.kind, note.person) for note in story.notes if note.kind == "undecided"] == [("undecided", "bob")]


def test_what_a_state_holds_comes_back_from_json_as_it_was() -> None:
    story = Story().hears("it is broken", "mon 10:00").says("looking", "mon 10:30").waits("tue 10:00")
    encoded: Any = msgspec.json.encode(story.now, order="sorted")

    assert msgspec.json.decode(encoded, type=type(story.now)) == story.now
