"""Edges of the rules about calendars: clock changes, holidays that end, weeks that end on other days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lint.linting import findings, laid_over, subject_of
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.policy.holidays import HolidayLock


def calendar(text: str) -> str:
    return f"calendars:\n  extra:\n{text}"


def of(fragment: str, code: str) -> tuple[Finding, ...]:
    return tuple(each for each in findings(fragment, only=(code,)) if each.node == "calendars.extra")


def test_an_edge_in_the_hour_that_is_left_out_or_repeated_is_told_with_its_dates() -> None:
    (found,) = of(calendar("    timezone: Europe/London\n    open: {daily: [01:30-09:00]}"), "PB305")

    assert found.evidence == (
        "2027-03-28 01:30 does not occur: it is taken for 02:30",
        "2027-10-31 01:30 occurs twice: the first is meant, not the one an hour later",
    )


def test_the_very_instant_of_a_change_is_one_instant_by_both_clocks() -> None:
    found = of(calendar("    timezone: Europe/London\n    open: {daily: [02:00-09:00]}"), "PB305")

    assert found == ()


def test_the_begin_of_the_repeated_hour_occurs_twice() -> None:
    (found,) = of(calendar("    timezone: Europe/London\n    open: {daily: [09:00-01:00]}"), "PB305")

    assert found.evidence == ("2027-10-31 01:00 occurs twice: the first is meant, not the one an hour later",)


def test_only_the_shifts_of_the_date_itself_count() -> None:
    hours = "    timezone: Europe/London\n    open: {mon-fri: [01:30-09:00]}\n    except: {2027-12-24: closed}"

    assert of(calendar(hours), "PB305") == ()


def test_half_an_hour_is_a_change_too() -> None:
    (found,) = of(calendar("    timezone: Australia/Lord_Howe\n    open: {daily: [01:45-09:00]}"), "PB305")

    assert "2027-04-04 01:45 occurs twice: the first is meant, not the one 30 minutes later" in found.evidence


def ending(today: str, years: str = "") -> list[str]:
    days = {date(2027, 1, 1): "元日", date(2027, 11, 23): "勤労感謝の日"}
    lock = HolidayLock({"JP": days}, "holidays", years)
    at = int(datetime.fromisoformat(today).replace(tzinfo=UTC).timestamp() * 1000)
    found = lint(subject_of(laid_over(""), at, lock), built_in(), Selection("audit", frozenset({"PB306"}))).findings
    return [each.message for each in found]


def test_dates_that_end_within_sixty_days_are_missed_in_time() -> None:
    assert ending("2027-11-01", "2024..2027") == []
    assert ending("2027-11-02", "2024..2027") == [
        "the holidays of `JP` in holidays.lock.yaml end on 2027-12-31, in 59 days"
    ]
    assert ending("2028-01-01", "2024..2027") == ["the holidays of `JP` in holidays.lock.yaml ended on 2027-12-31"]


def test_without_years_the_last_holiday_is_the_end() -> None:
    assert ending("2027-09-24") == []
    assert ending("2027-09-25") == ["the holidays of `JP` in holidays.lock.yaml end on 2027-11-23, in 59 days"]


def test_a_calendar_that_names_dates_or_opens_every_day_may_do_without_holidays() -> None:
    assert of(calendar("    open: {daily: [09:00-17:00]}"), "PB306") == ()
    assert of(calendar("    open: {mon-fri: [09:00-17:00]}\n    except: {2027-01-01: closed}"), "PB306") == ()
    (found,) = of(calendar("    open: {mon-fri: [09:00-17:00]}"), "PB306")
    assert found.confidence == "heuristic"


def test_the_country_of_the_holidays_goes_before_that_of_the_zone() -> None:
    zone = "    timezone: Asia/Riyadh\n    holidays: JP\n    open: {mon-fri: [09:00-17:00]}"

    assert of(calendar(zone), "PB308") == ()


def test_a_week_that_is_longer_than_the_country_s_assumes_nothing() -> None:
    assert of(calendar("    timezone: Asia/Jerusalem\n    open: {daily: [09:00-17:00]}"), "PB308") == ()
    (found,) = of(calendar("    timezone: Asia/Tehran\n    open: {mon-fri: [09:00-17:00]}"), "PB308")
    assert found.message == "`extra` is open on fri and closed on sat and sun; in IR fri is off"
