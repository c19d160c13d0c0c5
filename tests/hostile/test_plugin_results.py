"""Whatever a plugin gives back or raises has a recorded outcome: nothing stops the engine, nothing is kept that cannot
be read again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import json

from fuzzing import EXAMPLES
from playbook_engine import ANY, Action, ActionSpec, Delivery, DeliveryContext, PlaybookError, Receipt, Undelivered
from playbook_engine.runtime.carriers import Carriers, carriers_for
from playbook_engine.runtime.settings import CarryRow, Settings
from playbook_engine.runtime.store import Store, StoredDelivery, encode, open_store
from playbook_engine.runtime.stores.memory import MemoryStore
from shop import Shop, message
from story import compiled

POLICY = compiled()
ENDED = ("delivered", "failed", "unknown", "over", "expired", "cancelled", "dead", "digested")

ITSELF: dict[str, object] = {}
ITSELF["again"] = ITSELF
DEEP: object = "x"
for _ in range(200):
    DEEP = [DEEP]

junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(1 << 70, 1 << 80),
        st.floats(),
        st.text(st.characters(), max_size=8),
        st.text(st.sampled_from("\ud800a\x00\u202e\n"), max_size=8),
        st.binary(max_size=4),
        st.sampled_from(
            [object(), ITSELF, DEEP, datetime(2026, 1, 1, tzinfo=UTC), {1, "a"}, Receipt, nan, inf, "x" * 100_000]
        ),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3),
    max_leaves=5,
)
outcomes = st.sampled_from(["delivered", "failed", "again", "unknown", "perhaps"])
receipts = st.builds(
    Receipt,
    outcome=outcomes | junk,
    message=st.text(max_size=5) | junk,
    result=st.dictionaries(st.sampled_from(["sure", "answer", "code", "number", "amount"]), junk, max_size=3) | junk,
    error=st.text(max_size=5) | junk,
    again_after=st.integers(0, 10**6) | junk,
)
raised = st.one_of(
    st.builds(Undelivered, outcomes | junk, st.text(max_size=5), st.integers() | junk),
    st.sampled_from(
        [PlaybookError("no"), ValueError("\ud800"), StopIteration(), RecursionError(), MemoryError(), OSError(5, "x")]
    ),
    st.sampled_from([SystemExit(3), KeyboardInterrupt(), GeneratorExit(), BaseException("x")]),
)
Answer = object


def carrier(answer: Answer, promise: str = "key", *, by: Callable[..., object] | None = None) -> Carriers:
    """Everything is carried by one plugin that gives this answer, or raises it."""

    def deliver(delivery: Delivery, context: DeliveryContext) -> Receipt:
        if isinstance(answer, BaseException):
            raise answer
        return answer  # type: ignore[return-value]

    one = Action(ActionSpec(ANY, idempotent=promise), by or deliver, ask=by or deliver)  # type: ignore[arg-type]
    rows = Settings(carry=(CarryRow("it"),))
    return carriers_for({"it": (one,), "log": (Action(ActionSpec(ANY), deliver),)}, rows, "memory:")


def worked(carriers: Carriers, store: Store | None = None, until: str = "+3w mon 10:00") -> Shop:
    """A complaint and a question, answered by this carrier, and weeks for every further attempt."""
    shop = Shop(POLICY, store or MemoryStore(), carriers)
    shop.takes(message("e1", "mon 10:00", "it is broken"), message("e2", "mon 10:01", "open?", person="dora"))
    return shop.wakes(until)


def sound(shop: Shop) -> None:
    rows = list(shop.store.deliveries())
    assert rows
    for row in rows:
        assert row.status in ENDED, row
        assert json.decode(encode(row), type=StoredDelivery) == row
    for event in shop.store.events():
        encode(event).decode("utf-8")
    faults = [note.because for decision in shop.decisions for note in decision.notes]
    assert not [because for because in faults if "could not be decided" in because]


@settings(max_examples=EXAMPLES // 3)
@given(receipts | junk | raised, st.sampled_from(["key", "query", "none"]))
@example(Receipt("delivered", message=17), "key")  # type: ignore[arg-type]
@example(Receipt("delivered", result={"codes": {1, 2}, "at": object()}), "none")
@example(Receipt("delivered", result=ITSELF), "none")
@example(Receipt("delivered", error=5), "none")  # type: ignore[arg-type]
@example(Receipt("again", again_after="soon"), "key")  # type: ignore[arg-type]
@example(Receipt("again", again_after=1 << 80), "key")
@example(SystemExit(3), "none")
@example(KeyboardInterrupt(), "key")
def test_whatever_a_plugin_says_every_delivery_comes_to_an_end(answer: Answer, promise: str) -> None:
    logging.disable(logging.CRITICAL)
    try:
        sound(worked(carrier(answer, promise)))
    finally:
        logging.disable(logging.NOTSET)


JUNK = {
    "a number as id": (Receipt("delivered", message=17), Receipt("delivered", message="17")),  # type: ignore[arg-type]
    "controls in an id": (
        Receipt("delivered", message="a\x00\u202eb "),
        Receipt("delivered", message="a\ufffd\ufffdb"),
    ),
    "too long an id": (Receipt("delivered", message="x" * 513), Receipt("delivered")),
    "half a pair": (Receipt("failed", error="\ud800 no"), Receipt("failed", error="\ufffd no")),
    "an error of two lines": (Receipt("failed", error="a\nb\x1b"), Receipt("failed", error="a\ufffdb\ufffd")),
    "a long error": (Receipt("failed", error="x" * 9_000), Receipt("failed", error="x" * 499 + "…")),
    "an error that is none": (Receipt("failed", error=5), Receipt("failed")),  # type: ignore[arg-type]
    "tuples": (Receipt(result={"a": (1, 2)}), Receipt(result={"a": [1, 2]})),
    "a pause of a century": (Receipt("again", again_after=1 << 60), Receipt("again", again_after=86_400_000)),
    "a pause before now": (Receipt("again", again_after=-5), Receipt("again")),
    "a pause that is none": (Receipt("again", again_after="1"), Receipt("again")),  # type: ignore[arg-type]
    "another outcome": (Receipt("perhaps"), Receipt("unknown", error="`perhaps` is no outcome")),
    "half an outcome": (Receipt("\ud800"), Receipt("unknown", error="`\ufffd` is no outcome")),
    "no outcome": (Receipt(None), Receipt("unknown", error="NoneType is no outcome")),  # type: ignore[arg-type]
    "no receipt": (["x"], Receipt("unknown", error="list is no receipt")),
    "what JSON has not": (Receipt(result={"a": object()}), Receipt(error="what it found cannot be kept: TypeError")),
    "too much": (Receipt(result={"a": "x" * 70_000}), Receipt(error="what it found is more than 65536 bytes")),
    "too deep": (Receipt(result={"a": DEEP}), Receipt(error="what it found cannot be kept: Unfit")),
    "a list": (Receipt(result=[1]), Receipt(error="what it found is no mapping by name")),  # type: ignore[arg-type]
    "the end": (SystemExit(1), Receipt("unknown", error="`it` ended with SystemExit")),
}


@pytest.mark.parametrize("name", JUNK)
def test_what_cannot_be_kept_is_left_out_and_said(tmp_path: Path, name: str) -> None:
    answer, kept = JUNK[name]
    lasting = name in ("half a pair", "what JSON has not", "a list")
    store = open_store(f"sqlite:{tmp_path / 'store.db'}" if lasting else "memory:")
    shop = worked(carrier(answer, "none"), store, "+3w mon 10:00" if "pause" in name else "mon 10:30")
    sound(shop)
    said = [row.receipt for row in shop.store.deliveries() if row.receipt is not None]
    assert said
    assert said == [kept] * len(said)
    store.close()


def test_what_a_plugin_writes_into_a_delivery_stays_with_the_plugin() -> None:
    def scribbles(delivery: Delivery, context: DeliveryContext) -> Receipt:
        delivery.parameters.clear()
        delivery.parameters["text"] = object()
        return Receipt()

    shop = worked(carrier(None, by=scribbles))
    sound(shop)
    assert {row.delivery.parameters["incident"] for row in shop.store.deliveries()} == {
        incident.id for incident in shop.store.incidents()
    }


@pytest.mark.parametrize("promise", [None, 5, "perhaps"])
def test_a_promise_that_is_none_is_taken_for_none(promise: object) -> None:
    def says(settings: object) -> object:
        if promise is None:
            raise ZeroDivisionError
        return promise

    def lost(delivery: Delivery, context: DeliveryContext) -> Receipt:
        raise ConnectionError

    offered = {"it": (Action(ActionSpec(ANY), lost, promise=says),), "log": (Action(ActionSpec(ANY), lost),)}  # type: ignore[arg-type]
    shop = worked(carriers_for(offered, Settings(carry=(CarryRow("it"),)), "memory:"))
    sound(shop)
    assert {row.status for row in shop.store.deliveries()} == {"unknown"}
