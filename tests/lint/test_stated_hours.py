"""Opening hours as people state them in a profile, and what the rule makes of them."""

from __future__ import annotations

import pytest

from lint.linting import findings
from playbook_engine.lint.stated_hours import stated_hours

WEEKDAYS = "mon tue wed thu fri"
ALL = f"{WEEKDAYS} sat sun"


@pytest.mark.parametrize(
    ("text", "days", "hours"),
    [
        ("平日9-18時、夜間も承ります", WEEKDAYS, "09:00-18:00"),
        ("平日 9:00〜18:00", WEEKDAYS, "09:00-18:00"),
        ("平日9時から18時", WEEKDAYS, "09:00-18:00"),
        ("月〜金 9:00-18:00", WEEKDAYS, "09:00-18:00"),
        ("月曜日から金曜日 9時半から17時半", WEEKDAYS, "09:30-17:30"),
        ("火・木 10-16時", "tue thu", "10:00-16:00"),
        ("土日祝 10-16時", "sat sun holiday", "10:00-16:00"),
        ("土曜10-16時", "sat", "10:00-16:00"),
        ("土10-16時", "sat", "10:00-16:00"),
        ("毎日10時〜21時", ALL, "10:00-21:00"),
        ("年中無休 10:00-20:00", ALL, "10:00-20:00"),
        ("平日９時～１８時", WEEKDAYS, "09:00-18:00"),
        ("平日 午前10時～午後5時", WEEKDAYS, "10:00-17:00"),
        ("毎日22時-翌5時", ALL, "22:00-05:00"),
        ("Mon-Fri 9-18", WEEKDAYS, "09:00-18:00"),
        ("Mon–Fri 9am – 5:30pm", WEEKDAYS, "09:00-17:30"),
        ("Weekdays 9-5pm", WEEKDAYS, "09:00-17:00"),
        ("Weekdays 9-5", WEEKDAYS, "09:00-17:00"),
        ("Open 9-5 weekdays", WEEKDAYS, "09:00-17:00"),
        ("Monday to Friday, 9 am to 5 pm", WEEKDAYS, "09:00-17:00"),
        ("Mon-Fri 9-12, 13-18", WEEKDAYS, "09:00-18:00"),
        ("Sat & Sun 10-16", "sat sun", "10:00-16:00"),
        ("1-5pm Sundays", "sun", "13:00-17:00"),
        ("Sun-Thu 9:00-17:00", "sun mon tue wed thu", "09:00-17:00"),
        ("Fri-Mon noon to midnight", "fri sat sun mon", "12:00-24:00"),
        ("daily 18-9", ALL, "18:00-09:00"),
        ("M-F 12am-12pm", WEEKDAYS, "00:00-12:00"),
    ],
)
def test_days_and_hours_are_read_in_both_languages(text: str, days: str, hours: str) -> None:
    stated = stated_hours(text)

    assert {day: str(each) for day, each in stated.hours.items()} == dict.fromkeys(days.split(), hours)


@pytest.mark.parametrize(
    "text",
    [
        "お困りのときは help.minato.example へ",
        "電話 0120-12-3456",
        "12/29-1/3は特別対応",
        "3-5営業日でお返事します",
        "1日-3日",
        "24時間以内にお返事します",
        "We reply within 24 hours",
        "Since 2019-2024, 10-20% off",
        "夜間はお休みです",
        "9-5",
        "本日の案内、毎月の特集",
        "Call 555-0100",
    ],
)
def test_what_is_no_day_and_no_time_of_day_is_passed_over(text: str) -> None:
    stated = stated_hours(text)

    assert (stated.hours, stated.always, stated.night) == ({}, "", "")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("平日9-18時（土日祝休み）", "sat sun holiday"),
        ("定休日：水曜・日曜", "wed sun"),
        ("水曜定休", "wed"),
        ("祝日を除く 10:00-17:00", "holiday"),
        ("Open 9-5 weekdays, closed on Sundays", "sun"),
        ("Mondays closed", "mon"),
        ("Daily 9-18 except holidays", "holiday"),
    ],
)
def test_days_off_are_read_in_both_languages(text: str, days: str) -> None:
    assert stated_hours(text).off == set(days.split())


def contradictions(profile: str, more: str = "") -> list[str]:
    account = f'accounts:\n  "x:suzuran": {{department: care, profile: "{profile}"}}\n'
    return [each.message for each in findings(account + more, only=("PB309",))]


@pytest.mark.parametrize(
    "profile",
    [
        "平日9-18時・土曜10-16時",
        "平日9-18時",
        "Mon-Fri 9-6pm and Sat 10-16, night desk",
        "Weekdays 9-21",  # the night desk is there from 18:00
        "平日9-18時（日曜休み）",
        "Suzuran, since 1999",
    ],
)
def test_a_profile_that_says_what_is_kept_is_left_alone(profile: str) -> None:
    assert contradictions(profile) == []


def test_hours_that_nobody_keeps_are_told_with_those_that_are() -> None:
    assert contradictions("土曜9-17時、日曜10-16時") == [
        "the profile says sat 09:00-17:00; `desk` is open 10:00-16:00",
        "the profile says sun 10:00-16:00; `desk` is closed on sun",
    ]


def test_hours_that_are_kept_and_not_said_are_told_too() -> None:
    assert contradictions("Mon-Fri 10-17") == ["the profile says mon-fri 10:00-17:00; `desk` is open 09:00-18:00"]


def test_day_and_night_is_held_against_the_first_gap_of_the_week() -> None:
    assert contradictions("24時間対応") == ["the profile says `24時間`; nobody is open Sat 09:00 - Sat 10:00"]
    whole = "calendars:\n  night: {open: {daily: [00:00-24:00]}}\n"
    assert contradictions("24時間対応", whole) == []


def test_every_day_is_held_against_holidays_and_exceptions() -> None:
    rest = "calendars:\n  night: {open: {daily: [18:00-09:00]}, except: {2026-12-31: closed, 2027-01-01: closed}}\n"

    assert contradictions("年中無休", rest) == ["the profile says `年中無休`; nobody is open on Fri 2027-01-01"]


def test_days_that_are_said_to_be_off_and_are_not() -> None:
    assert contradictions("Closed on Saturdays") == ["the profile says that sat is off; `desk` is open then"]
    assert contradictions("祝日休み") == []


def test_a_night_desk_that_is_none() -> None:
    day_only = "calendars:\n  night: {open: {daily: [18:00-21:00]}}\n"

    assert contradictions("夜間も承ります", day_only) == [
        "the profile says `夜間`; nobody is open between 21:00 and 05:00"
    ]


def test_a_department_without_a_calendar_is_always_open() -> None:
    always = "departments:\n  care: {name: {ja: 係, en: Care}, on_duty: mori, lead: head}\n"

    assert contradictions("Here day and night", always) == []
    assert contradictions("平日9-18時", always) == [
        "the profile says mon-fri 09:00-18:00; `care` has no calendar and counts as always open"
    ]


def test_whom_the_department_hands_over_to_counts() -> None:
    other = """
departments:
  care: {name: {ja: 係, en: Care}, calendar: desk, on_duty: mori, when_closed: {hand_over: {department: all}}}
  all: {name: {ja: 夜, en: All}, on_duty: head}
"""
    assert contradictions("Open 24/7", other) == []
