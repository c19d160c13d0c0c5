"""When nobody is there, and whom a level tells then."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from calendars_near import day_at, policies, with_calendars
from playbook_engine.decide.telling import person_for
from playbook_engine.policy.calendars import Calendar, OpenHours, parse_shifts
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.on_duty import Uncovered, coverage, in_hours, longest_gap
from story import DAY, HOUR, MINUTE, MONDAY, compiled

WEEK = MONDAY + 7 * DAY
WITHOUT_DEPUTY = {"calendar: desk, deputy: bob, initials": "calendar: desk, initials"}


def test_a_department_is_shut_while_neither_it_nor_its_night_desk_is_open() -> None:
    desk = OpenHours.of("UTC", {"mon-fri": parse_shifts("09:00-17:00")})
    night = OpenHours.of("UTC", {"mon-fri": parse_shifts("17:00-09:00")})
    shut = coverage(with_calendars({"desk": desk, "night": night}), MONDAY, WEEK).shut

    assert shut["desk"].stretches == ((MONDAY, MONDAY + 9 * HOUR), (WEEK - 39 * HOUR, WEEK))
    assert shut["desk"].total == 48 * HOUR
    assert shut["desk"].longest == (WEEK - 39 * HOUR, WEEK)
    assert "care" in shut


def test_a_deputy_covers_a_person_and_a_person_without_one_is_out_of_reach_after_hours() -> None:
    covered = coverage(compiled(), MONDAY, WEEK)
    alone = coverage(compiled(replaced=WITHOUT_DEPUTY), MONDAY, WEEK)

    assert covered.unreachable == {}
    assert list(alone.unreachable) == ["ann"]
    assert alone.unreachable["ann"].total == 7 * DAY - 5 * 8 * HOUR


def test_a_level_that_wakes_nobody_who_works_is_named_with_an_instant() -> None:
    policy = compiled(
        replaced={**WITHOUT_DEPUTY, "{desk: ann, night: eve}": "ann", "notify: department.lead": "notify: ann"}
    )
    found = coverage(policy, MONDAY, WEEK)

    assert [(each.department, each.ladder, each.level, each.told) for each in found.off_duty] == [
        ("care", "standard", "warn", ("ann",)),
        ("care", "standard", "lead", ("ann",)),
    ]
    assert found.off_duty[0].when.stretches[0] == (MONDAY, MONDAY + 9 * HOUR)
    assert found.unattended["care"] == found.off_duty[0].when


@settings(max_examples=25)
@given(policies(), st.data())
def test_at_any_instant_coverage_says_what_the_engine_would_find(
    made: tuple[Policy, str, int], data: st.DataObject
) -> None:
    policy, _, since = made
    found = coverage(policy, since, since + 9 * DAY)
    at = since + data.draw(st.integers(0, 9 * DAY - 1))

    for each in found.off_duty:
        inside = any(start <= at < end for start, end in each.when.stretches)
        level = next(level for level in policy.ladders[each.ladder] if level.id == each.level)
        people = [person_for(policy, policy.departments[each.department], target, at) for target in level.notify]
        assert inside == (not any(in_hours(policy, person, at) for person in people))


def test_uncovered_time_is_told_in_minutes_of_the_local_week() -> None:
    night = Uncovered(((MONDAY - 2 * HOUR, MONDAY + 1), (MONDAY + 9 * HOUR, MONDAY + 10 * HOUR)))

    assert night.minutes_of_week("UTC") == ((0, 1), (9 * 60, 10 * 60), (7 * 24 * 60 - 120, 7 * 24 * 60))
    assert Uncovered(((MONDAY, MONDAY + 8 * DAY),)).minutes_of_week("Asia/Tokyo") == ((0, 7 * 24 * 60),)
    assert Uncovered(()).minutes_of_week("UTC") == ()


def test_the_longest_gap_has_its_real_ends_also_beyond_the_span() -> None:
    desk = Calendar(OpenHours.of("UTC", {"mon-fri": parse_shifts("09:00-17:00")}))
    sunday = day_at(date(2026, 3, 8))
    friday_evening, monday_morning = sunday - 31 * HOUR, sunday + 33 * HOUR

    assert longest_gap(desk, sunday, sunday + HOUR) == (friday_evening, monday_morning)
    assert longest_gap(desk, sunday - 3 * DAY, sunday + 3 * DAY) == (friday_evening, monday_morning)
    always = Calendar(OpenHours.of("UTC", {"daily": parse_shifts("00:00-24:00")}))
    assert longest_gap(always, sunday, sunday + 7 * DAY) is None


def test_a_calendar_that_ends_has_a_gap_without_an_end() -> None:
    once = Calendar(OpenHours.of("UTC", {}, exceptions={date(2026, 3, 3): parse_shifts("09:00-17:00")}))

    assert longest_gap(once, MONDAY, WEEK) == (MONDAY + DAY + 17 * HOUR, None)


@settings(max_examples=25)
@given(policies(1))
def test_no_longer_gap_is_seen_by_a_clock(made: tuple[Policy, str, int]) -> None:
    policy, home, since = made
    calendar = policy.calendars[home]
    until = since + 10 * DAY
    found = longest_gap(calendar, since, until)
    shut = longest = 0
    for at in range(since, until, 5 * MINUTE):
        shut = 0 if calendar.hours.is_open(at) else shut + 5 * MINUTE
        longest = max(longest, shut)
    assert found is None if not longest else found is not None
    if found is not None and found[1] is not None:
        assert found[1] - found[0] >= longest
        assert not calendar.hours.is_open(found[0])
        assert calendar.hours.is_open(found[1])
        assert calendar.hours.open_time(found[0], found[1]) == 0
