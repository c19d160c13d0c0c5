"""What a calendar does at its edges: ends of stretches, years without an opening, equality, datetimes."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from playbook_engine.errors import PlaybookError
from playbook_engine.policy.calendars import (
    Calendar,
    CalendarError,
    NeverCloses,
    NeverOpens,
    OpenHours,
    OutOfYears,
    Shift,
    parse_shift,
)

OFFICE = Calendar.from_weekly("UTC", {"mon-fri": [["09:00", "17:00"]]})
ALWAYS = Calendar.from_weekly("UTC", {"daily": [["00:00", "24:00"]]})


def ms(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_open_stretches_are_cut_at_both_ends_and_have_no_seams() -> None:
    night = OpenHours.of("UTC", {"daily": [parse_shift("18:00-09:00")]})
    assert night.open_stretches(ms("2026-07-06T20:00Z"), ms("2026-07-08T03:00Z")) == (
        (ms("2026-07-06T20:00Z"), ms("2026-07-07T09:00Z")),
        (ms("2026-07-07T18:00Z"), ms("2026-07-08T03:00Z")),
    )
    always = ALWAYS.hours
    begin, end = ms("1999-01-01T00:00Z"), ms("2031-01-01T00:00Z")
    assert always.open_stretches(begin, end) == ((begin, end),)
    assert always.open_stretches(end, begin) == ()
    assert always.open_stretches(begin, begin) == ()


def test_the_longest_closed_gap_of_an_ordinary_office_is_its_week_end() -> None:
    office = OFFICE.hours
    gap = office.longest_closed_gap(ms("2026-07-06T00:00Z"), ms("2026-07-20T00:00Z"))
    assert gap == (ms("2026-07-10T17:00Z"), ms("2026-07-13T09:00Z"))
    assert gap[1] - gap[0] == 64 * 3_600_000


def test_a_gap_may_reach_to_either_end() -> None:
    office = OFFICE.hours
    saturday, sunday = ms("2026-07-11T00:00Z"), ms("2026-07-12T00:00Z")
    assert office.longest_closed_gap(saturday, sunday) == (saturday, sunday)
    always = ALWAYS.hours
    assert always.longest_closed_gap(saturday, sunday) == (saturday, saturday)


def test_first_open_is_the_instant_itself_when_open() -> None:
    office = OFFICE.hours
    assert office.first_open(ms("2026-07-06T10:00Z")) == ms("2026-07-06T10:00Z")
    assert office.first_open(ms("2026-07-06T17:00Z")) == ms("2026-07-07T09:00Z")


@pytest.mark.parametrize("year", [1970, 1999, 2000, 2037, 2038, 2400, 5000, 9989, 9990])
def test_every_year_is_answered(year: int) -> None:
    berlin = Calendar.from_weekly("Europe/Berlin", {"daily": [["09:00", "17:00"]]})
    july = datetime(year, 7, 6, 12, tzinfo=timezone(timedelta(hours=2 if year > 1979 else 1)))
    assert berlin.due(july, timedelta(hours=6)) == july + timedelta(hours=22)
    assert berlin.due(july, timedelta(hours=-4)) == july + timedelta(hours=-20)
    assert berlin.hours.open_time(ms(f"{year}-07-06T00:00+00:00"), ms(f"{year}-07-08T00:00+00:00")) == 57_600_000


def test_a_calendar_that_never_opens_again_says_so() -> None:
    past = Calendar.from_weekly("UTC", {}, overrides={"2020-01-02": [["09:00", "17:00"]]}).hours
    now = ms("2026-07-06T12:00Z")
    for ask in (past.next_open, past.first_open, past.next_close):
        with pytest.raises(NeverOpens, match="UTC"):
            ask(now)
    with pytest.raises(NeverOpens, match="1 h 30 min after 2026-07-06"):
        past.due(now, 5_400_000)
    with pytest.raises(NeverOpens, match="2 h 0 min before 2019"):
        past.due(ms("2019-07-06T12:00Z"), -7_200_000)
    with pytest.raises(NeverOpens, match="3 ms after 2026-07-06"):
        past.due(now, 3)
    with pytest.raises(NeverOpens, match="2 more days"):
        past.open_days_due(now, 2)
    assert not past.is_open(now)
    assert past.open_time(now, ms("2400-01-01T00:00Z")) == 0
    assert issubclass(NeverOpens, PlaybookError)


def test_a_calendar_that_never_closes_says_so() -> None:
    always = ALWAYS.hours
    with pytest.raises(NeverCloses):
        always.next_close(ms("2026-07-06T12:00Z"))
    with pytest.raises(NeverOpens):
        always.next_open(ms("2026-07-06T12:00Z"))


def test_a_calendar_that_is_settled_still_ends_its_last_exception() -> None:
    seam = "2026-10-22"  # begins a span of 52 weeks, where two look-ups meet
    shut = Calendar.from_weekly("UTC", {"daily": [["00:00", "24:00"]]}, holidays=["2026-10-21"]).hours
    assert shut.next_open(ms("2026-10-21T12:00Z")) == ms(f"{seam}T00:00Z")
    assert shut.next_close(ms("2026-10-20T12:00Z")) == ms("2026-10-21T00:00Z")
    once = Calendar.from_weekly("UTC", {}, overrides={"2026-10-21": [["09:00", "24:00"]]}).hours
    assert once.next_close(ms("2026-10-21T12:00Z")) == ms(f"{seam}T00:00Z")
    with pytest.raises(NeverOpens):
        once.next_open(ms("2026-10-21T12:00Z"))


def test_night_shifts_that_follow_on_each_other_never_close() -> None:
    hours = OpenHours.of("Europe/Berlin", {"daily": [parse_shift("12:00-12:00")]})
    with pytest.raises(NeverCloses):
        hours.next_close(ms("2026-07-06T12:00Z"))


def test_hours_may_be_shut_for_good_although_a_calendar_may_not() -> None:
    shut = OpenHours.of("UTC", {})
    assert not shut.ever_opens()
    assert not shut.is_open(0)
    with pytest.raises(CalendarError, match="never opens"):
        Calendar.from_weekly("UTC", {})
    with pytest.raises(CalendarError, match="never opens"):
        Calendar.from_weekly("UTC", {"holiday": [["09:00", "12:00"]]})
    with pytest.raises(CalendarError, match="never opens"):
        Calendar.from_weekly(
            "UTC",
            {},
            overrides={"2026-07-06": [["09:00", "12:00"]]},
            breaks={"2026-07-06": [["08:00", "13:00"]]},
        )


def test_an_instant_outside_the_years_is_refused() -> None:
    office = OFFICE.hours
    microseconds = ms("2026-07-06T12:00Z") * 1000
    for ask in (office.is_open, office.next_open, office.next_close, office.first_open):
        with pytest.raises(OutOfYears):
            ask(microseconds)
    with pytest.raises(OutOfYears):
        office.due(microseconds, 1)
    with pytest.raises(OutOfYears):
        office.open_days_due(microseconds, 1)
    with pytest.raises(OutOfYears):
        office.open_time(-(10**13), 0)


def test_hours_are_equal_and_hashed_by_content() -> None:
    one = OpenHours.of(
        "Asia/Tokyo",
        {"mon-fri": [parse_shift("13:00-18:00"), parse_shift("09:00-12:00"), parse_shift("11:00-13:00")]},
        [date(2026, 7, 20), date(2026, 1, 1)],
        {date(2026, 8, 12): [], date(2026, 8, 11): []},
    )
    weekday = (Shift(9 * 3600, 18 * 3600),)
    two = OpenHours(
        "Asia/Tokyo",
        (*(weekday for _ in range(5)), (), ()),
        holidays=(date(2026, 1, 1), date(2026, 7, 20)),
        exceptions=((date(2026, 8, 11), ()), (date(2026, 8, 12), ())),
    )
    one.is_open(ms("2026-07-06T12:00Z"))
    assert one == two
    assert hash(one) == hash(two)
    assert one != OpenHours.of("Asia/Tokyo", {"mon-fri": weekday})
    assert Calendar(one) == Calendar(two)


def test_hours_can_be_copied_and_sent_to_another_interpreter() -> None:
    lunch = {date(2026, 7, 6): [parse_shift("12:00-13:00")]}
    hours = OpenHours.of("Asia/Tokyo", {"mon-fri": [parse_shift("09:00-17:00")]}, breaks=lunch)
    hours.is_open(0)
    assert pickle.loads(pickle.dumps(hours)) == hours
    assert copy.deepcopy(hours) == hours


def test_datetimes_go_in_with_any_offset_and_come_out_in_utc() -> None:
    office = OFFICE
    start = datetime(2026, 7, 6, 18, 30, tzinfo=timezone(timedelta(hours=9)))
    due = office.due(start, timedelta(minutes=30))
    assert due == datetime(2026, 7, 6, 10, 0, tzinfo=UTC)
    assert due.tzinfo is UTC
    assert office.next_open(start).tzinfo is UTC


def test_a_datetime_without_an_offset_is_refused() -> None:
    office = OFFICE
    naive = datetime.fromisoformat("2026-07-06T12:00")
    with pytest.raises(CalendarError, match="`2026-07-06T12:00:00` has no UTC offset"):
        office.is_open(naive)
    with pytest.raises(CalendarError, match="no UTC offset"):
        office.open_time(datetime(2026, 7, 6, tzinfo=UTC), naive)


def test_what_is_finer_than_a_millisecond_is_cut_from_instants_and_rounded_in_lengths() -> None:
    office = OFFICE
    start = datetime(2026, 7, 6, 12, 0, 0, 700_999, tzinfo=UTC)
    assert office.due(start, timedelta(microseconds=1_600)) == datetime(2026, 7, 6, 12, 0, 0, 702_000, tzinfo=UTC)
    assert office.due(start, timedelta(microseconds=-1_600)) == datetime(2026, 7, 6, 12, 0, 0, 698_000, tzinfo=UTC)


def test_open_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1, not 0"):
        OFFICE.hours.open_days_due(0, 0)
