"""How opening hours are written, and what is said of what cannot be read."""

from __future__ import annotations

from datetime import date

import pytest

from playbook_engine.policy.calendars import (
    Calendar,
    CalendarError,
    OpenHours,
    Segments,
    Shift,
    UnknownZone,
    load_zone,
    parse_dates,
    parse_days,
    parse_shift,
    parse_shifts,
    parse_time_of_day,
    zone_names,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:00", 0), ("09:05", 32_700), ("23:59", 86_340), ("24:00", 86_400), ("07:45:30", 27_930)],
)
def test_a_time_of_day_is_hours_and_minutes(text: str, seconds: int) -> None:
    assert parse_time_of_day(text) == seconds


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("18h30", "write it as 18:30"),
        ("9:00", "write it as 09:00"),
        ("8:0", "write it as 08:00"),
        ("9", "write it as 09:00"),
        ("1830", "write it as 18:30"),
        ("18.30", "write it as 18:30"),
        ("9am", "write it as 09:00"),
        ("12am", "write it as 00:00"),
        ("5:30 PM", "write it as 17:30"),
        ("０９：００", "write it as 09:00"),
        ("18時30分", "write it as 18:30"),
        ("9時", "write it as 09:00"),
        ("25:30", "write it as 01:30"),
        ("24:30", "write it as 00:30"),
        ("13pm", "24:00 for the end of the day"),
        ("99:99", "24:00 for the end of the day"),
        ("01:99", "24:00 for the end of the day"),
        ("noon", "24:00 for the end of the day"),
        ("", "24:00 for the end of the day"),
        ("09:00:00:00", "24:00 for the end of the day"),
        ("09:00\n", "write it as 09:00"),
    ],
)
def test_another_spelling_of_a_time_is_told_the_right_one(text: str, remedy: str) -> None:
    with pytest.raises(CalendarError, match=remedy) as refused:
        parse_time_of_day(text)
    assert str(refused.value).startswith(f"`{text}` is not a time of day")


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("09:00-18:00", 32_400, 64_800),
        ("00:00-24:00", 0, 86_400),
        ("18:00-00:00", 64_800, 86_400),
        ("18:00-09:00", 64_800, 118_800),
        ("09:00-09:00", 32_400, 118_800),
        ("00:00-00:00", 0, 86_400),
    ],
)
def test_a_shift_that_does_not_end_after_its_start_ends_on_the_next_day(text: str, opens: int, closes: int) -> None:
    assert parse_shift(text) == Shift(opens, closes)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("9-18", "write it as 09:00-18:00"),
        ("09:00 - 18:00", "write it as 09:00-18:00"),
        ("09:00〜18:00", "write it as 09:00-18:00"),
        ("09:00–18:00", "write it as 09:00-18:00"),
        ("9時から18時", "write it as 09:00-18:00"),
        ("18h30-20:00", "write it as 18:30-20:00"),
        ("18:00-25:00", "write it as 01:00"),
        ("-18:00", "write it as 09:00-18:00"),
        ("09:00", "write it as 09:00-18:00"),
        ("09:00-12:00-13:00", "write it as 09:00-18:00"),
        ("24:00-08:00", "write 00:00 on the day after"),
        ("lunch", "write it as 09:00-18:00"),
    ],
)
def test_another_spelling_of_a_shift_is_told_the_right_one(text: str, remedy: str) -> None:
    with pytest.raises(CalendarError, match=remedy):
        parse_shift(text)


def test_the_shifts_of_a_day_are_a_list_one_alone_or_closed() -> None:
    assert parse_shifts(["09:00-12:00", "13:00-18:00"]) == (Shift(32_400, 43_200), Shift(46_800, 64_800))
    assert parse_shifts("09:00-12:00") == (Shift(32_400, 43_200),)
    assert parse_shifts("closed") == ()
    assert parse_shifts([]) == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", "mon"),
        ("mon-fri", "mon tue wed thu fri"),
        ("sun-thu", "sun mon tue wed thu"),
        ("sat-sun", "sat sun"),
        ("mon-sun", "mon tue wed thu fri sat sun"),
        ("wed-wed", "wed"),
        ("daily", "mon tue wed thu fri sat sun"),
        ("holiday", "holiday"),
    ],
)
def test_days_are_named_alone_in_ranges_or_together(text: str, days: str) -> None:
    assert parse_days(text) == tuple(days.split())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mon", "`mon`"),
        ("monday", "`mon`"),
        ("Monday-Friday", "`mon-fri`"),
        ("mon..fri", "`mon-fri`"),
        ("mon - fri", "`mon-fri`"),
        ("月曜日", "`mon`"),
        ("月〜金", "`mon-fri`"),
        ("土日", "`sat-sun`"),
        ("日", "`sun`"),
        ("祝日", "`holiday`"),
        ("平日", "`mon-fri`"),
        ("holidays", "`holiday`"),
        ("dialy", "`daily`"),
        ("7", ""),
        ("", ""),
        ("holiday-mon", ""),
    ],
)
def test_another_spelling_of_a_day_is_told_the_right_one(text: str, meant: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_days(text)
    hint = f"did you mean {meant}? " if meant else ""
    assert f"`{text}` is not a day; {hint}the days are mon tue" in str(refused.value)


def test_dates_are_one_or_a_range_with_both_ends() -> None:
    assert parse_dates("2026-12-29") == (date(2026, 12, 29),)
    assert parse_dates("2026-12-31..2027-01-02") == (
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
    )
    assert parse_dates("2028-02-29..2028-02-29") == (date(2028, 2, 29),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("25/12/2016", "is not a date; write it as 2026-12-29"),
        ("2026/12/9", "write it as 2026-12-09"),
        ("2026年1月3日", "write it as 2026-01-03"),
        ("2026-1-3", "write it as 2026-01-03"),
        ("12-25", "is not a date"),
        ("20261225", "is not a date"),
        ("2026-W01-1", "is not a date"),
        ("2026-02-30", "is not in the calendar"),
        ("2027-01-03..2026-12-29", "write 2026-12-29..2027-01-03"),
        ("2026-01-01..", "`` is not a date"),
        ("2026-01-01..9999-01-01", "dates run from 1970 to 9990"),
        ("1969-12-31", "dates run from 1970 to 9990"),
        ("2026-01-01..2046-01-01", "7306 days"),
    ],
)
def test_dates_that_cannot_be_read_are_told_how(text: str, said: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_dates(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("weekly", "said"),
    [
        ({"mon": [["09:00", "18h30"]]}, "`18h30` is not a time of day; write it as 18:30"),
        ({"mon": [["09:00"]]}, "`['09:00']` is not a pair of times"),
        ({"mon": [["14:03", None]]}, "`['14:03', None]` is not a pair of times"),
        ({"mon": [["24:00", "17:41"]]}, "`24:00` ends a day and starts none"),
        ({"mon-fri": [["09:00", "17:00"]], "fri": []}, "`fri` has its hours from both `mon-fri` and `fri`"),
        ({"blurgsday": [["09:00", "17:00"]]}, "`blurgsday` is not a day"),
    ],
)
def test_weekly_hours_that_cannot_be_read_are_refused(weekly: dict[str, Segments], said: str) -> None:
    with pytest.raises(CalendarError) as refused:
        Calendar.from_weekly("UTC", weekly)
    assert said in str(refused.value)


def test_a_date_that_is_given_twice_is_refused() -> None:
    with pytest.raises(CalendarError, match=r"2026-12-30 is given twice, the second time by `2026-12-30`"):
        Calendar.from_weekly(
            "UTC",
            {"daily": [["09:00", "17:00"]]},
            overrides={"2026-12-29..2027-01-03": [], "2026-12-30": [["09:00", "12:00"]]},
        )


def test_segments_may_be_written_as_shifts_and_dates_as_dates() -> None:
    written = Calendar.from_weekly(
        "Asia/Tokyo", {"mon-fri": ["09:00-17:00"]}, [date(2026, 7, 20)], {"2026-07-21": "closed"}
    )
    paired = Calendar.from_weekly("Asia/Tokyo", {"mon-fri": [["09:00", "17:00"]]}, ["2026-07-20"], {"2026-07-21": []})
    assert written == paired
    assert written.hours == OpenHours.of(
        "Asia/Tokyo", {"mon-fri": [parse_shift("09:00-17:00")]}, [date(2026, 7, 20)], {date(2026, 7, 21): []}
    )


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (86_400, 90_000), (60, 60), (0, 200_000)])
def test_a_shift_outside_its_day_is_refused(opens: int, closes: int) -> None:
    with pytest.raises(CalendarError, match="not possible"):
        Shift(opens, closes)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Asia/Tokio", "`Asia/Tokyo`"),
        ("tokyo", "`Asia/Tokyo`"),
        ("asia/tokyo", "`Asia/Tokyo`"),
        ("America/New York", "`America/New_York`"),
        ("JST", "`Asia/Tokyo`"),
        ("EST", "`America/New_York`"),
        ("GMT", "`UTC`"),
        ("Utc", "`UTC`"),
        ("Japan", "`Asia/Tokyo`"),
        ("EST5EDT", "Area/Location"),
        ("GMT+9", "Area/Location"),
        ("Etc/GMT+9", "Area/Location"),
        ("+09:00", "Area/Location"),
        ("../tzdata/zones", "Area/Location"),
        ("Asia", "Area/Location"),
        ("", "Area/Location"),
    ],
)
def test_a_zone_has_the_name_of_a_place(name: str, meant: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        OpenHours.of(name, {})
    assert f"`{name}` is not a time zone" in str(refused.value)
    assert meant in str(refused.value)
    assert isinstance(refused.value, ValueError)


def test_every_known_zone_loads_from_the_pinned_package() -> None:
    assert {"UTC", "Etc/UTC", "Asia/Tokyo", "America/Argentina/Buenos_Aires"} <= zone_names()
    assert not {"EST", "GMT", "Etc/GMT+9", "Factory"} & zone_names()
    for name in ("UTC", "Etc/UTC", "Asia/Tokyo", "America/Argentina/Buenos_Aires"):
        assert load_zone(name).key == name
    assert load_zone("Asia/Tokyo") is load_zone("Asia/Tokyo")
