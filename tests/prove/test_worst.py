"""The longest and shortest promise, against a clock watched every minute and a millisecond to either side of it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from calendars_near import day_at, deadlines, policies, with_calendars
from playbook_engine.decide.deadlines import due
from playbook_engine.decide.promising import answers_for
from playbook_engine.policy.calendars import NeverOpens, OpenHours, Shift, parse_shifts
from playbook_engine.policy.policy import Deadline, Policy
from playbook_engine.policy.zones import load_zone, local_day
from playbook_engine.prove.cells import SPAN, cells, day_begins, policy_cells, say_local, vectors
from playbook_engine.prove.worst import worst_due
from playbook_engine.runtime.playbooks import load
from story import DAY, HOUR, MINUTE

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
OFFICE = OpenHours.of("UTC", {"mon-fri": parse_shifts("09:00-17:00")})
NEVER = 10_000 * SPAN
SUMMER = day_at(date(2026, 7, 6))


def watched(policy: Policy, home: str, deadline: Deadline, since: int, until: int) -> dict[frozenset[str], list[int]]:
    """[shortest, longest] by what is open, asked at every minute; shifts and promises here end on every fifth minute,
    where (and, for the sake of St. John's, a minute later) the milliseconds before and after are asked too."""
    found: dict[frozenset[str], list[int]] = {}
    names = [name for name in policy.departments if name.startswith("d")]
    for minute in range(since, until + 1, MINUTE):
        for at in (minute - 1, minute, minute + 1) if minute // MINUTE % 5 < 2 else (minute,):
            if not since <= at < until:
                continue
            open_now = frozenset(name for name in names if policy.calendars[name].hours.is_open(at))
            try:
                owner = policy.departments[answers_for(policy, home, at)]
                lasts = due(policy, owner, deadline, at).at - at
            except NeverOpens:
                lasts = NEVER
            held = found.setdefault(open_now, [lasts, lasts])
            held[:] = min(held[0], lasts), max(held[1], lasts)
    return found


@settings(max_examples=10)
@given(policies(), deadlines())
def test_no_minute_is_worse_or_better_than_what_is_found(made: tuple[Policy, str, int], deadline: Deadline) -> None:
    policy, home, since = made
    until = since + 8 * DAY
    names = [name for name in policy.departments if name.startswith("d")]
    worst = worst_due(policy, home, deadline, since, until, names)

    seen = watched(policy, home, deadline, since, until)
    told = {key: [told_of(found.shortest.lasts), told_of(found.longest.lasts)] for key, found in worst.by_open.items()}
    assert told == seen
    assert worst.overall.longest in [found.longest for found in worst.by_open.values()]
    assert [told_of(worst.overall.shortest.lasts), told_of(worst.overall.longest.lasts)] == [
        min(shortest for shortest, _ in seen.values()),
        max(longest for _, longest in seen.values()),
    ]


def told_of(lasts: int | None) -> int:
    return NEVER if lasts is None else lasts


@given(policies(1), deadlines())
def test_what_attains_the_extreme_is_promised_it(made: tuple[Policy, str, int], deadline: Deadline) -> None:
    policy, home, since = made
    worst = worst_due(policy, home, deadline, since, since + 60 * DAY)

    for found in (worst.overall.longest, worst.overall.shortest):
        if found.lasts is not None:
            assert due(policy, policy.departments[found.department], deadline, found.at).at == found.due


def test_an_office_that_is_shut_at_weekends_breaks_twelve_hours_on_friday_evening() -> None:
    policy = with_calendars({"desk": OFFICE})
    promise = Deadline("by_hours", when_open=Deadline("open_time", HOUR), when_closed=Deadline("open_time", 12 * HOUR))
    worst = worst_due(policy, "desk", promise, SUMMER, SUMMER + 7 * DAY)

    assert worst.overall.longest.lasts == 65 * HOUR
    assert say_local("UTC", worst.overall.longest.at) == "Fri 2026-07-10 16:00"
    assert worst.overall.longest.at % MINUTE == 1, "at 16:00 sharp the hour ends with the day"
    assert worst.overall.shortest.lasts == HOUR


def test_a_department_that_takes_over_makes_the_promise_by_its_own_calendar() -> None:
    night = OpenHours.of("UTC", {"daily": parse_shifts("17:00-09:00")})
    policy = with_calendars({"desk": OFFICE, "night": night})
    worst = worst_due(policy, "desk", Deadline("open_time", HOUR), SUMMER, SUMMER + 4 * DAY)

    assert worst.overall.longest.lasts == 17 * HOUR
    assert worst.overall.longest.department == "desk"
    assert worst.by_open[frozenset({"night"})].longest.department == "night"
    assert worst.by_open[frozenset({"night"})].longest.lasts == 9 * HOUR


def test_a_promise_in_the_open_time_of_a_calendar_that_ends_is_never_due() -> None:
    once = OpenHours.of("UTC", {}, exceptions={date(2026, 7, 7): [Shift(36_000, 43_200)]})
    policy = with_calendars({"desk": once})
    worst = worst_due(policy, "desk", Deadline("open_time", HOUR), SUMMER, SUMMER + 7 * DAY)

    assert worst.overall.longest.lasts is None
    assert worst.overall.longest.at == day_at(date(2026, 7, 7)) + 11 * HOUR + 1
    assert worst.overall.shortest.lasts == HOUR


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="after it begins"):
        worst_due(with_calendars({"desk": OFFICE}), "desk", Deadline("elapsed", HOUR), SUMMER, SUMMER)


@settings(max_examples=30)
@given(policies())
def test_cells_follow_one_another_and_within_one_nothing_opens_or_closes(made: tuple[Policy, str, int]) -> None:
    policy, _, since = made
    until = since + 20 * DAY
    found = policy_cells(policy, since, until)

    assert [cell.since for cell in found] == [since, *(cell.until for cell in found[:-1])]
    assert found[-1].until == until
    for before, after in pairwise(found):
        assert before.open != after.open
    for cell in found:
        for at in {cell.since, (cell.since + cell.until) // 2, cell.until - 1}:
            assert cell.open == {name for name in policy.calendars if policy.calendars[name].hours.is_open(at)}


def test_every_combination_comes_with_its_first_instant() -> None:
    found = policy_cells(with_calendars({"desk": OFFICE}), SUMMER, SUMMER + 7 * DAY, ["desk"])

    assert vectors(found) == {frozenset(): SUMMER, frozenset({"desk"}): SUMMER + 9 * HOUR}
    assert cells({}, SUMMER, SUMMER) == ()


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Tokyo", date(2026, 7, 6)),
        ("America/St_Johns", date(2009, 11, 1)),
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("America/Sao_Paulo", date(2015, 10, 18)),
    ],
)
def test_a_local_date_changes_only_where_days_are_said_to_begin(zone: str, day: date) -> None:
    since = day_at(day) - 2 * DAY
    until = since + 4 * DAY
    begins = day_begins(zone, since, until)

    place = load_zone(zone)
    minutes = range(since + MINUTE, until, MINUTE)
    changed = {at for at in minutes if local_day(place, at) != local_day(place, at - 1)}
    assert changed <= set(begins)
    assert len(begins) <= len(changed) + 1, "at most the change of the clocks is asked for nothing"


def test_the_longest_promises_of_the_shipped_retailer_are_over_the_new_year() -> None:
    policy = load(PLAYBOOKS / "minato").policy
    assert policy is not None
    social = next(target for target in policy.targets if target.id == "social")
    since = day_at(date(2026, 4, 1))
    worst = worst_due(policy, "care", social.deadlines["reply"], since, since + SPAN)

    assert worst.overall.longest.lasts == 160 * HOUR
    assert say_local("Asia/Tokyo", worst.overall.longest.at) == "Mon 2026-12-28 17:00"
