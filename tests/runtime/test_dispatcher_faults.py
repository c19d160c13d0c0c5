"""What happens to a delivery that meets a fault: again, dead, or before a person."""

from __future__ import annotations

import pytest

from outbox import Carrier, Desk, types
from playbook_engine.model.delivery import Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.runtime.dispatcher import MOST_ATTEMPTS, Recorder, pause_before
from playbook_engine.runtime.store import NEVER, Pause


def test_a_passing_fault_is_tried_again_with_longer_and_longer_pauses() -> None:
    desk = Desk(Carrier(lambda delivery, now: Receipt("again", error="busy")))
    desk.put("k")
    now, pauses = 0, []
    told: list[Event] = []
    while not told:
        told = desk.drain(now)
        pauses.append(desk.row("k").next_try - now)
        now = desk.row("k").next_try
    assert isinstance(desk.carrier, Carrier)
    assert len(desk.carrier.carried) == MOST_ATTEMPTS == 6
    whole = [10_000, 30_000, 90_000, 270_000, 810_000]
    assert [pause // length for pause, length in zip(pauses, whole, strict=False)] == [1, 1, 1, 1, 1]
    assert all(pause <= length * 5 // 4 for pause, length in zip(pauses, whole, strict=False))
    assert (told[0].type, told[0].id, told[0].data["error"]) == ("action.failed", "k#6", "busy")
    assert desk.statuses() == {"k": "dead"}
    assert [(letter.reason, letter.place, letter.sentence) for letter in desk.store.dead_letters()] == [
        ("not-delivered", "k", "6 attempts; busy")
    ]


def test_the_spread_of_pauses_comes_from_the_key() -> None:
    assert [pause_before("a", 1), pause_before("b", 1)] == [pause_before("a", 1), pause_before("b", 1)]
    assert len({pause_before(f"k{n}", 1) for n in range(50)}) > 40


def test_a_service_may_ask_for_a_longer_pause() -> None:
    desk = Desk(Carrier(lambda delivery, now: Receipt("again", again_after=99_000)))
    desk.put("k")
    desk.drain(1)
    assert desk.row("k").next_try == 99_001


def test_no_attempt_is_made_after_the_last_instant() -> None:
    desk = Desk(Carrier(lambda delivery, now: Receipt("again")))
    desk.put("k", not_after=9_999)
    assert types(desk.drain(0)) == [("k", "action.failed")]


def test_an_attempt_is_made_at_the_last_instant() -> None:
    desk = Desk(Carrier(lambda delivery, now: Receipt("again", again_after=99_000)))
    desk.put("k", not_after=99_000)
    assert (desk.drain(0), desk.row("k").next_try) == ([], 99_000)


def raising(delivery: Delivery, now: int) -> Receipt:
    raise ConnectionError("cleo@example.com refused it")


def test_an_exception_is_a_passing_fault_and_its_message_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(Carrier(raising))
    desk.put("k")
    desk.drain(0)
    row = desk.row("k")
    assert (row.status, row.receipt) == ("waiting", Receipt("again", error="ConnectionError"))
    assert "ConnectionError" in caplog.text
    assert "cleo" not in caplog.text


def test_an_exception_where_a_repetition_would_be_seen_goes_to_a_person() -> None:
    desk = Desk(Carrier(raising, promise="none"))
    desk.put("k")
    assert types(desk.drain(0)) == [("k", "action.unknown")]


def test_where_it_can_be_asked_a_second_attempt_asks_first() -> None:
    carrier = Carrier(lambda delivery, now: Receipt("again"), promise="query")
    desk = Desk(carrier)
    desk.put("k")
    desk.drain(0)
    assert carrier.asked == []
    carrier.went = Receipt("delivered", message="m")
    assert types(desk.drain(desk.row("k").next_try)) == [("k", "action.delivered")]
    assert (len(carrier.carried), carrier.asked) == (1, ["k"])


CUT_OFF = {
    "key": (Receipt("again"), 1, "delivered"),
    "query": (Receipt("again"), 1, "delivered"),
    "query, it went": (Receipt("delivered"), 0, "delivered"),
    "query, nobody knows": (Receipt("unknown"), 0, "unknown"),
    "none": (Receipt("again"), 0, "unknown"),
}


@pytest.mark.parametrize("name", CUT_OFF)
def test_a_call_that_was_cut_off_is_repeated_only_where_that_does_no_harm(name: str) -> None:
    went, calls, outcome = CUT_OFF[name]
    carrier = Carrier(promise=name.split(",")[0])
    carrier.went = went
    desk = Desk(carrier)
    desk.put("k")
    picked = desk.dispatcher.pick(0)
    assert picked is not None
    sending, _ = desk.dispatcher.intend(picked, 0)
    assert sending is not None
    assert desk.statuses() == {"k": "sending"}
    receipt = desk.dispatcher.carry(sending, 5, repeated=True)
    told = desk.dispatcher.settle(sending, receipt, 5)
    assert (len(carrier.carried), types(told), told[0].id) == (calls, [("k", f"action.{outcome}")], "k#1")


@pytest.mark.parametrize("answer", [None, Receipt("perhaps")])
def test_an_answer_that_is_none_goes_to_a_person(answer: Receipt) -> None:
    desk = Desk(Carrier(lambda delivery, now: answer))
    desk.put("k")
    assert types(desk.drain(0)) == [("k", "action.unknown")]


def test_a_dry_run_records_and_sends_nothing() -> None:
    recorder = Recorder()
    desk = Desk(recorder)
    desk.put("k")
    (told,) = desk.drain(0)
    assert (told.data["message"], [delivery.key for delivery in recorder.carried]) == ("dry:k", ["k"])


def test_one_that_waits_for_no_instant_never_comes_due() -> None:
    desk = Desk()
    desk.store.pause(Pause(scope="everything", since=0))
    desk.put("a")
    desk.drain(0)
    assert (desk.row("a").next_try, desk.store.next_due()) == (NEVER, None)
