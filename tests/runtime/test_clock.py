"""The two clocks."""

from __future__ import annotations

from datetime import timedelta

from freezegun import freeze_time

from playbook_engine.runtime.clock import EventsClock, SystemClock


def test_the_machines_clock_is_in_milliseconds_utc() -> None:
    with freeze_time("2026-03-02T00:00:00.500Z"):
        assert SystemClock().now() == 1_772_409_600_500


def test_a_machine_set_back_does_not_set_the_clock_back() -> None:
    with freeze_time("2026-03-02T00:00:00Z") as frozen:
        clock = SystemClock()
        before = clock.now()
        frozen.tick(timedelta(hours=-1))
        assert clock.now() == before
        frozen.tick(timedelta(hours=2))
        assert clock.now() == before + 3_600_000


def test_the_machines_clock_is_not_before_what_was_reached() -> None:
    with freeze_time("2026-03-02T00:00:00Z"):
        clock = SystemClock()
        clock.reach(1_772_409_600_500)
        assert clock.now() == 1_772_409_600_500


def test_the_events_clock_stands_where_it_was_put_and_never_goes_back() -> None:
    clock = EventsClock(5)
    clock.reach(9)
    clock.reach(7)
    assert (clock.now(), clock.by_hand) == (9, True)
