"""How deliveries leave: in order, when they may, again when they must, and what is told of each."""

from __future__ import annotations

import pytest

from outbox import Carrier, Desk, types
from playbook_engine.model.delivery import Claim, Delivery, Receipt
from playbook_engine.model.event import Event
from playbook_engine.runtime.store import Pause


def test_deliveries_leave_by_rank_then_deadline_then_key() -> None:
    desk = Desk(Carrier())
    desk.put("d", rank=5)
    desk.put("c", rank=1, deadline=9)
    desk.put("b", rank=1, deadline=3)
    desk.put("a", rank=1, deadline=9)
    desk.drain(0)
    assert isinstance(desk.carrier, Carrier)
    assert [key for key, _ in desk.carrier.carried] == ["b", "a", "c", "d"]


def test_nothing_leaves_before_its_instant() -> None:
    desk = Desk(Carrier())
    desk.put("a", not_before=100)
    assert (desk.drain(99), types(desk.drain(100))) == ([], [("a", "action.delivered")])


def test_a_delivery_may_leave_at_its_last_instant_and_not_after_it() -> None:
    desk = Desk()
    desk.put("a", not_after=100)
    desk.put("b", not_before=101, not_after=100)
    assert types(desk.drain(100)) == [("a", "action.delivered")]
    assert types(desk.drain(101)) == [("b", "action.expired")]
    assert desk.statuses() == {"a": "delivered", "b": "expired"}


def test_the_outcome_tells_the_incident_what_came_of_it() -> None:
    desk = Desk(Carrier(lambda delivery, now: Receipt("delivered", message="m7", result={"code": "C"})))
    desk.put("k", account="x:shop", person="p", public=True, depth=1)
    assert desk.drain(50) == [
        Event(
            source="engine",
            id="k#1",
            type="action.delivered",
            at=50,
            seen_at=50,
            channel="x",
            account="x:shop",
            public=True,
            automatic=True,
            person="p",
            incident="i1",
            depth=2,
            data={"key": "k", "message": "m7", "result": {"code": "C"}, "error": ""},
        )
    ]


def test_an_answer_to_what_we_said_finds_its_conversation() -> None:
    desk = Desk(Carrier(lambda delivery, now: Receipt("delivered", message="m7")))
    desk.put("k", parameters={"text": "hello", "conversation": "root"})
    desk.drain(1)
    assert desk.store.conversation_of("x", "m7") == "root"


def test_a_key_is_taken_in_once() -> None:
    desk = Desk()
    desk.put("k")
    assert not desk.dispatcher.put(desk.row("k").delivery, 1)


def test_a_delivery_waits_for_those_it_comes_after() -> None:
    outcomes = iter([Receipt("again", again_after=500), Receipt(), Receipt()])
    desk = Desk(Carrier(lambda delivery, now: next(outcomes)))
    desk.put("bind", rank=5)
    desk.put("message", rank=1, after=("bind", "unheard-of"))
    assert desk.drain(0) == []
    assert desk.row("message").held == "after"
    due = desk.row("bind").next_try
    assert types(desk.drain(due)) == [("bind", "action.delivered"), ("message", "action.delivered")]


def test_one_that_waits_for_another_is_told_when_it_is_too_late() -> None:
    desk = Desk()
    desk.put("first", not_before=900)
    desk.put("second", after=("first",), not_after=100)
    desk.drain(0)
    assert types(desk.drain(101)) == [("second", "action.expired")]


def test_a_cancelled_delivery_does_not_leave_and_lets_its_followers_go() -> None:
    desk = Desk(Carrier())
    desk.put("a", not_before=10)
    desk.put("b", after=("a",))
    desk.drain(0)
    desk.dispatcher.cancel("a", 5)
    desk.dispatcher.cancel("unheard-of", 5)
    assert types(desk.drain(5)) == [("b", "action.delivered")]
    desk.dispatcher.cancel("b", 6)
    assert desk.statuses() == {"a": "cancelled", "b": "delivered"}


# Limits

RATE = Claim("limit:t:p", 1, 1, per=1_000)


def test_one_over_a_rate_waits_until_the_instant_at_which_there_is_room() -> None:
    desk = Desk(Carrier())
    desk.put("a", claims=(RATE,))
    desk.put("b", claims=(RATE,))
    told = desk.drain(7)
    assert types(told) == [("a", "action.delivered"), ("b", "action.held")]
    assert told[1].data == {"key": "b", "because": "limit:t:p", "until": 1_007}
    assert (types(desk.drain(1_006)), types(desk.drain(1_007))) == ([], [("b", "action.delivered")])


def test_one_that_would_wait_too_long_expires_at_once_when_it_is_too_late() -> None:
    desk = Desk()
    desk.put("a", claims=(RATE,))
    desk.put("b", claims=(RATE,), not_after=500)
    desk.drain(0)
    assert (desk.row("b").next_try, types(desk.drain(501))) == (501, [("b", "action.expired")])


@pytest.mark.parametrize("over", ["ask", "drop"])
def test_one_over_a_limit_that_does_not_wait_is_over(over: str) -> None:
    desk = Desk(Carrier())
    desk.put("a", claims=(Claim("money", 9, 8, over=over),))
    (told,) = desk.drain(3)
    assert (told.type, told.id, told.data["tally"], told.data["over"]) == ("action.over", "a#0", "money", over)
    assert isinstance(desk.carrier, Carrier)
    assert (desk.carrier.carried, desk.statuses()) == ([], {"a": "over"})


DIGEST = Claim("limit:pager:ann", 1, 1, per=1_000, over="digest")


def test_notifications_over_a_limit_are_gathered_and_leave_as_one() -> None:
    texts: list[object] = []

    def read(delivery: Delivery, now: int) -> Receipt:
        texts.append(delivery.parameters["text"])
        return Receipt("delivered", message="m")

    desk = Desk(Carrier(read))
    for key, person in (("a", "ann"), ("b", "ann"), ("c", "ann"), ("d", "bob")):
        desk.put(key, action="notify", person=person, claims=(DIGEST,))
    first = desk.drain(0)
    assert types(first)[0] == ("a", "action.delivered")
    desk.put("e", now=400, action="notify", person="ann", claims=(DIGEST,))
    desk.drain(400)
    told = desk.drain(1_000)
    assert types(told)[:3] == [("b", "action.delivered"), ("c", "action.delivered"), ("e", "action.delivered")]
    assert texts == ["a", "b\n\nc\n\ne"]
    assert desk.statuses() == {"a": "delivered", "b": "delivered", "c": "digested", "d": "waiting", "e": "digested"}
    assert desk.row("c").receipt == Receipt("delivered", message="m")


def test_a_gathered_notification_that_fails_tells_all_whom_it_was_for() -> None:
    answers = iter([Receipt(), Receipt("again"), Receipt("failed")])
    desk = Desk(Carrier(lambda delivery, now: next(answers)))
    for key in "abc":
        desk.put(key, action="notify", person="ann", claims=(DIGEST,))
    desk.drain(0)
    assert desk.drain(1_000) == []
    again = desk.row("b").next_try
    assert types(desk.drain(again)) == [("b", "action.failed"), ("c", "action.failed")]


def test_cancelling_a_gathering_lets_the_others_go() -> None:
    answers = iter([Receipt(), Receipt("again"), Receipt()])
    desk = Desk(Carrier(lambda delivery, now: next(answers)))
    for key in "abc":
        desk.put(key, action="notify", person="ann", claims=(DIGEST,))
    desk.drain(0)
    desk.drain(1_000)
    desk.dispatcher.cancel("b", 1_500)
    assert types(desk.drain(2_000)) == [("c", "action.delivered")]


def test_what_failed_for_good_gives_its_room_back() -> None:
    answers = iter([Receipt("failed", error="gone"), Receipt()])
    desk = Desk(Carrier(lambda delivery, now: next(answers)))
    desk.put("a", claims=(RATE,))
    desk.put("b", claims=(RATE,))
    assert types(desk.drain(0)) == [("a", "action.failed"), ("b", "action.delivered")]


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_what_will_never_go_gives_its_room_back(end: str) -> None:
    answers = iter([Receipt("again"), Receipt()])
    desk = Desk(Carrier(lambda delivery, now: next(answers)))
    desk.put("a", claims=(RATE,), not_after=60_000)
    desk.drain(0)
    now = 1
    if end == "cancelled":
        desk.dispatcher.cancel("a", now)
    else:
        now = 60_001
        desk.drain(now)
    assert (desk.row("a").status, desk.store.entries("limit:t:p", None)) == (end, [])


# Pauses


def test_a_pause_holds_and_lifting_it_lets_go() -> None:
    desk = Desk(Carrier())
    desk.store.pause(Pause(scope="everything", since=0, by="ann"))
    desk.put("a")
    (told,) = desk.drain(5)
    assert (told.type, told.id, told.data["because"]) == ("action.held", "a#held", "pause:everything")
    assert desk.drain(900) == []
    desk.store.lift("everything", 1_000)
    assert types(desk.drain(1_000)) == [("a", "action.delivered")]
