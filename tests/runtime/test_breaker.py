"""A service that fails again and again is left alone, then tried once; and plugins that hang are not called at all."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Signal

import pytest
from msgspec.structs import replace

from outside import NOW, Answer, delivery, web_server
from playbook_engine import (
    Action,
    ActionSpec,
    Delivery,
    DeliveryContext,
    HttpRequest,
    PlaybookProblems,
    Receipt,
    Undelivered,
)
from playbook_engine.registry import Registry
from playbook_engine.runtime.bounded import MOST_LEFT, Bounded, Full, TooLong
from playbook_engine.runtime.breaker import FIRST_REST, LONGEST_REST, MOST_FAILURES, Breaker
from playbook_engine.runtime.carriers import Carriers, carriers_for
from playbook_engine.runtime.settings import CarryRow, Settings, read_settings
from playbook_engine.runtime.store import StoredDelivery


def closed(breaker: Breaker, now: int) -> bool:
    try:
        breaker.ask("it", now)
    except Undelivered:
        return False
    return True


def failing(breaker: Breaker, times: int, now: int = 0) -> None:
    for _ in range(times):
        breaker.tell("it", now, failed=True)


def test_a_service_is_left_alone_after_failures_in_a_row_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    breaker = Breaker()
    failing(breaker, MOST_FAILURES - 1)
    assert closed(breaker, 0)
    breaker.tell("it", 0, failed=False)
    failing(breaker, MOST_FAILURES - 1)
    assert (closed(breaker, 0), caplog.text) == (True, "")
    failing(breaker, 1)
    assert not closed(breaker, FIRST_REST - 1)
    assert "it has failed 5 times in a row; it is left alone for 30s" in caplog.text


def test_who_meets_a_service_that_is_left_alone_is_told_when_to_come_back() -> None:
    breaker = Breaker()
    failing(breaker, MOST_FAILURES, now=100)
    with pytest.raises(Undelivered) as told:
        breaker.ask("it", 5_100)
    assert (told.value.outcome, told.value.again_after) == ("again", FIRST_REST - 5_000)


def test_after_a_rest_one_call_is_let_through_and_ends_it_or_doubles_it(caplog: pytest.LogCaptureFixture) -> None:
    breaker = Breaker()
    failing(breaker, MOST_FAILURES)
    assert [closed(breaker, FIRST_REST), closed(breaker, FIRST_REST)] == [True, False]
    breaker.tell("it", FIRST_REST, failed=True)
    assert [closed(breaker, 3 * FIRST_REST - 1), closed(breaker, 3 * FIRST_REST)] == [False, True]
    breaker.tell("it", 3 * FIRST_REST, failed=False)
    assert [closed(breaker, 3 * FIRST_REST), closed(breaker, 3 * FIRST_REST)] == [True, True]
    assert "it answers again" in caplog.text


def test_a_rest_grows_no_longer_than_five_minutes() -> None:
    breaker = Breaker()
    failing(breaker, 50)
    assert [closed(breaker, LONGEST_REST - 1), closed(breaker, LONGEST_REST)] == [False, True]


def test_a_trial_that_never_comes_back_makes_room_for_another() -> None:
    breaker = Breaker()
    failing(breaker, MOST_FAILURES)
    assert closed(breaker, FIRST_REST)
    assert [closed(breaker, 2 * FIRST_REST - 1), closed(breaker, 2 * FIRST_REST)] == [False, True]


# As carriers use it


def fetches(one: Delivery, context: DeliveryContext) -> Receipt:
    answer = context.clients.http(HttpRequest("POST", context.settings.text("url")))
    return Receipt("delivered" if answer.status < 400 else "again", error=str(answer.status))


def carriers(action: Action, **settings: object) -> Carriers:
    log = Action(ActionSpec("*", idempotent="key"), lambda one, context: Receipt())
    rows = (CarryRow("shaky", "webhook"),)
    return carriers_for(
        {"log": (log,), "shaky": (action,)}, Settings(carry=rows, plugins={"shaky": settings}), "memory:"
    )


def test_a_host_that_fails_is_called_no_more_and_tried_again_later() -> None:
    up = False
    with web_server(lambda asked: Answer(200 if up else 503)) as server:
        carrier = carriers(Action(ActionSpec("webhook", idempotent="key"), fetches), url=server.url)
        said = [carrier.carry(delivery("webhook"), NOW).error for _ in range(MOST_FAILURES + 3)]
        assert said[:MOST_FAILURES] == ["503"] * MOST_FAILURES
        assert all("is left alone" in each for each in said[MOST_FAILURES:])
        assert len(server.asked) == MOST_FAILURES
        up = True
        assert carrier.carry(delivery("webhook"), NOW + FIRST_REST).outcome == "delivered"
        assert carrier.carry(delivery("webhook"), NOW + FIRST_REST).outcome == "delivered"


def test_a_plugin_that_hangs_is_left_alone_and_what_never_began_is_tried_again() -> None:
    release = Signal()

    def hangs(one: Delivery, context: DeliveryContext) -> Receipt:
        release.wait(20)
        return Receipt()

    carrier = carriers(Action(ActionSpec("webhook", idempotent="none"), hangs), time_limit="0s")
    receipts = [carrier.carry(delivery("webhook"), NOW) for _ in range(MOST_FAILURES + 2)]
    release.set()
    assert [receipt.outcome for receipt in receipts] == ["unknown"] * MOST_FAILURES + ["again"] * 2


def test_a_call_that_was_never_begun_is_told_from_one_that_was_given_up() -> None:
    release, calls = Signal(), Bounded()
    for _ in range(MOST_LEFT):
        with pytest.raises(TooLong) as given_up:
            calls.within(0, lambda: release.wait(20))
        assert not isinstance(given_up.value, Full)
    with pytest.raises(Full):
        calls.within(0, lambda: release.wait(20))
    release.set()


# How many at one time


def test_a_crew_takes_as_many_calls_of_a_plugin_as_its_settings_say() -> None:
    crew = carriers(Action(ActionSpec("webhook", idempotent="key"), fetches), at_once=2).crew()
    free = []
    for n in range(3):
        one = StoredDelivery(delivery=replace(delivery("webhook"), key=f"k{n}", incident=f"n{n}"))
        free.append(crew.is_free(one.delivery))
        crew.take_on(one)
    assert free == [True, True, False]
    assert crew.is_free(delivery("send", "x"))
    assert not crew.is_free(replace(delivery("send", "x"), incident="n0"))


@pytest.mark.parametrize("wrong", [0, "many"])
def test_a_number_of_calls_that_cannot_be_is_refused_with_its_place(wrong: object, tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(
        f"carry: [{{by: webhook}}]\nplugins: {{webhook: {{url: 'http://127.0.0.1:1', at_once: {wrong}}}}}\n"
    )
    with pytest.raises(PlaybookProblems) as found:
        carriers_for(Registry.build(third_party=False).carriers, read_settings(file), "memory:")
    (problem,) = found.value.problems
    assert problem.span.line == 2
