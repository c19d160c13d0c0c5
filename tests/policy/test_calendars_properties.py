"""What holds for every calendar: laws of open time, and agreement with a clock watched by the minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache

from hypothesis import example, given
from hypothesis import strategies as st

from playbook_engine.policy.calendars import OpenHours, Shift, load_zone

MINUTE = 60_000
DAY_MINUTES = 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")

CLOCK_CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2015, 10, 18)),
    ("America/Sao_Paulo", date(2015, 2, 22)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Tehran", date(2016, 3, 21)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Asia/Kathmandu", date(1986, 1, 1)),
    ("Asia/Tokyo", date(2026, 7, 6)),
    ("UTC", date(2026, 12, 31)),
    # the last day of a span of 52 weeks, where two look-ups meet
    ("UTC", date(2026, 10, 22)),
)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    opens = draw(st.integers(0, 287)) * 5
    return Shift(opens * 60, (opens + draw(st.integers(1, 288)) * 5) * 60)


@st.composite
def hours_near(draw: st.DrawFn, zone: str, day: date) -> OpenHours:
    near = st.integers(-4, 4).map(lambda step: day + timedelta(step))
    days = st.lists(shifts(), max_size=3)
    weekly = draw(st.dictionaries(st.sampled_from(DAYS), days))
    return OpenHours.of(
        zone,
        weekly | {"mon": [*weekly.get("mon", []), Shift(36_000, 43_200)]},
        draw(st.lists(near, max_size=2)),
        draw(st.dictionaries(near, days, max_size=2)),
        draw(st.dictionaries(near, st.lists(shifts(), max_size=2), max_size=2)),
    )


@st.composite
def places(draw: st.DrawFn) -> tuple[OpenHours, int]:
    """A calendar, and an instant near one of its clock changes and exceptions."""
    zone, day = draw(st.sampled_from(CLOCK_CHANGES))
    noon = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)
    return draw(hours_near(zone, day)), noon + draw(st.integers(-5 * 86_400_000, 5 * 86_400_000))


amounts = st.integers(-10 * 86_400_000, 10 * 86_400_000) | st.integers(-2000, 2000).map(lambda n: n * MINUTE)
steps = st.integers(0, 6 * 86_400_000)


@given(places(), amounts)
def test_open_time_until_a_deadline_is_what_was_asked(place: tuple[OpenHours, int], amount: int) -> None:
    hours, start = place
    assert hours.open_time(start, hours.due(start, amount)) == amount


@given(places(), amounts)
def test_a_deadline_is_the_earliest_and_a_start_the_latest(place: tuple[OpenHours, int], amount: int) -> None:
    hours, start = place
    due = hours.due(start, amount)
    if amount > 0:
        assert hours.open_time(start, due - 1) == amount - 1
        assert hours.is_open(due - 1)
    if amount < 0:
        assert hours.open_time(start, due + 1) == amount + 1
        assert hours.is_open(due)
    if amount == 0:
        assert due == start


@given(places(), steps, amounts, steps)
def test_later_starts_and_longer_times_are_never_due_earlier(
    place: tuple[OpenHours, int], later: int, amount: int, longer: int
) -> None:
    hours, start = place
    assert hours.due(start, amount) <= hours.due(start + later, amount + longer)


@given(places(), steps, steps)
def test_two_times_one_after_the_other_are_due_as_their_sum(
    place: tuple[OpenHours, int], first: int, second: int
) -> None:
    hours, start = place
    assert hours.due(hours.due(start, first), second) == hours.due(start, first + second)
    assert hours.due(hours.due(start, -first), -second) == hours.due(start, -first - second)


@given(places(), amounts, amounts)
def test_open_time_adds_up_over_any_split(place: tuple[OpenHours, int], first: int, second: int) -> None:
    hours, start = place
    middle, end = start + first, start + first + second
    assert hours.open_time(start, middle) + hours.open_time(middle, end) == hours.open_time(start, end)
    assert abs(hours.open_time(start, end)) <= abs(end - start)


@given(places())
def test_the_next_opening_and_closing_are_edges_with_nothing_between(place: tuple[OpenHours, int]) -> None:
    hours, at = place
    opens, closes = hours.next_open(at), hours.next_close(at)
    assert opens > at
    assert hours.is_open(opens)
    assert not hours.is_open(opens - 1)
    assert closes > at
    assert hours.is_open(closes - 1)
    assert not hours.is_open(closes)
    if hours.is_open(at):
        assert closes < opens
        assert hours.open_time(at, opens) == closes - at
        assert hours.first_open(at) == at
    else:
        assert opens < closes
        assert hours.open_time(at, closes) == closes - opens
        assert hours.first_open(at) == opens


@given(places(), steps)
def test_open_stretches_hold_the_open_time_and_the_gaps_the_rest(place: tuple[OpenHours, int], length: int) -> None:
    hours, start = place
    end = start + length
    stretches = hours.open_stretches(start, end)
    assert sum(closes - opens for opens, closes in stretches) == hours.open_time(start, end)
    edges = [start, *(edge for stretch in stretches for edge in stretch), end]
    assert edges == sorted(edges)
    shut_from, shut_until = hours.longest_closed_gap(start, end)
    gaps = list(zip(edges[::2], edges[1::2], strict=True))
    assert shut_until - shut_from == max(until - since for since, until in gaps)
    assert hours.open_time(shut_from, shut_until) == 0


class WatchedClock:
    """A zone's clock on the days around a date, read off minute by minute; all times are in minutes."""

    def __init__(self, zone: str, day: date) -> None:
        place = load_zone(zone)
        middle = (day - date(1970, 1, 1)).days * DAY_MINUTES
        self.first_seen: dict[int, int] = {}
        for minute in range(middle - 12 * DAY_MINUTES, middle + 12 * DAY_MINUTES):
            local = (EPOCH + timedelta(minutes=minute)).astimezone(place).replace(tzinfo=UTC)
            self.first_seen.setdefault((local - EPOCH) // timedelta(minutes=1), minute)

    def shows(self, wall: int) -> int:
        """When the clock first showed a time; one it jumped over, as if it had gone on as before."""
        seen = wall
        while seen not in self.first_seen:
            seen -= 1
        return self.first_seen[seen] + wall - seen

    def open_minutes(self, wall: set[int]) -> set[int]:
        """The minutes in which what is open at these wall times is open."""
        found: set[int] = set()
        for begin in sorted(wall - {minute + 1 for minute in wall}):
            end = begin
            while end in wall:
                end += 1
            if any(minute in self.first_seen for minute in range(begin, end)):
                found.update(range(self.shows(begin), self.shows(end)))
        return found


@cache
def watched(zone: str, day: date) -> WatchedClock:
    return WatchedClock(zone, day)


def wall_minutes(day: date, shifts: Iterable[Shift]) -> set[int]:
    midnight = (day - date(1970, 1, 1)).days * DAY_MINUTES
    return {midnight + minute for shift in shifts for minute in range(shift.opens // 60, shift.closes // 60)}


def owned(hours: OpenHours, day: date) -> set[int]:
    exceptions = dict(hours.exceptions)
    usual = hours.holiday if day in hours.holidays else hours.weekly[day.weekday()]
    return wall_minutes(day, exceptions.get(day, usual))


@st.composite
def watched_places(draw: st.DrawFn) -> tuple[OpenHours, date]:
    zone, day = draw(st.sampled_from(CLOCK_CHANGES))
    return draw(hours_near(zone, day)), day


@given(watched_places(), st.integers(0, 3 * DAY_MINUTES), st.integers(0, 600), st.integers(1, 4))
@example((OpenHours.of("Pacific/Apia", {"daily": [Shift(79_200, 108_000)]}), date(2011, 12, 30)), 0, 60, 1)
def test_a_clock_watched_by_the_minute_gives_the_same_answers(
    place: tuple[OpenHours, date], shift: int, amount: int, days: int
) -> None:
    hours, middle = place
    clock = watched(hours.zone, middle)
    dates = [middle + timedelta(step) for step in range(-9, 10)]
    breaks = clock.open_minutes(set().union(*(wall_minutes(*each) for each in hours.breaks)))
    minutes = clock.open_minutes(set().union(*(owned(hours, day) for day in dates))) - breaks

    begin = (middle - date(1970, 1, 1)).days * DAY_MINUTES - 3 * DAY_MINUTES
    end = begin + 6 * DAY_MINUTES
    opened = sorted(minute for minute in minutes if begin <= minute < end)
    assert spelled_out(hours.open_stretches(begin * MINUTE, end * MINUTE)) == opened

    start = begin + shift
    assert hours.is_open(start * MINUTE) is (start in minutes)
    assert hours.open_time(start * MINUTE, end * MINUTE) == sum(at >= start for at in opened) * MINUTE
    ahead = [minute for minute in opened if minute >= start]
    if 0 < amount <= len(ahead):
        assert hours.due(start * MINUTE, amount * MINUTE) == (ahead[amount - 1] + 1) * MINUTE
    behind = [minute for minute in opened if minute < start]
    if 0 < amount <= len(behind):
        assert hours.due(start * MINUTE, -amount * MINUTE) == behind[-amount] * MINUTE

    after = [day for day in dates if day > middle]
    closing = [max(own) + 1 for day in after if (own := clock.open_minutes(owned(hours, day)) - breaks)]
    if days <= len(closing):
        noon = begin + 3 * DAY_MINUTES + (DAY_MINUTES // 2 if hours.zone == "UTC" else 0)
        if local_date(hours.zone, noon) == middle:
            assert hours.open_days_due(noon * MINUTE, days) == closing[days - 1] * MINUTE


def spelled_out(stretches: Iterable[tuple[int, int]]) -> list[int]:
    return [minute for opens, closes in stretches for minute in range(opens // MINUTE, closes // MINUTE)]


def local_date(zone: str, minute: int) -> date:
    return (EPOCH + timedelta(minutes=minute)).astimezone(load_zone(zone)).date()
