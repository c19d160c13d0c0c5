"""What a calendar answers, one sentence a row. Instants are written with the offset of the place."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from playbook_engine.policy.calendars import Calendar

WEEKDAYS = {"mon-fri": [["09:00", "17:00"]]}
ALWAYS = {"daily": [["00:00", "24:00"]]}

CALENDARS = {
    "office": Calendar.from_weekly("UTC", WEEKDAYS),
    "lunch": Calendar.from_weekly("UTC", {"mon-fri": [["09:00", "12:00"], ["13:00", "18:00"]]}),
    "touching": Calendar.from_weekly("UTC", {"mon": [["10:00", "17:00"], ["09:00", "12:00"], ["17:00", "18:00"]]}),
    "night": Calendar.from_weekly("UTC", {"daily": [["18:00", "09:00"]]}),
    "friday": Calendar.from_weekly("UTC", {"fri": [["22:00", "06:00"]]}),
    "bar": Calendar.from_weekly(
        "UTC",
        {"fri": [["20:00", "04:00"]], "sat": [["20:00", "04:00"]], "sun": [["12:00", "20:00"]]},
        holidays=["2026-07-04"],
    ),
    "midnight": Calendar.from_weekly("UTC", {"mon": [["18:00", "00:00"]], "tue": [["00:00", "02:00"]]}),
    "always": Calendar.from_weekly("UTC", ALWAYS),
    "almost": Calendar.from_weekly("UTC", ALWAYS, holidays=["2029-12-25"]),
    "to 23:59": Calendar.from_weekly("UTC", {"daily": [["00:00", "23:59"]]}),
    "tokyo": Calendar.from_weekly(
        "Asia/Tokyo",
        {"mon-fri": [["09:00", "18:00"]], "holiday": [["10:00", "15:00"]]},
        holidays=["2026-07-20", "2026-08-11"],
        overrides={"2026-08-11": [], "2026-08-12..2026-08-14": [["11:00", "12:00"]]},
    ),
    "auckland": Calendar.from_weekly("Pacific/Auckland", WEEKDAYS, holidays=["2026-07-07"]),
    "breaks": Calendar.from_weekly(
        "UTC",
        {"mon-fri": [["09:00", "17:00"]], "sun": [["22:00", "06:00"]]},
        breaks={"2026-07-06": [["05:00", "10:00"], ["16:00", "18:00"]], "2026-07-07": [["08:00", "18:00"]]},
    ),
    "berlin 24h": Calendar.from_weekly("Europe/Berlin", ALWAYS),
    "berlin": Calendar.from_weekly("Europe/Berlin", {"sun": [["01:00", "05:00"]]}),
    "berlin at two": Calendar.from_weekly("Europe/Berlin", {"sun": [["02:30", "04:00"]]}),
    "berlin to two": Calendar.from_weekly("Europe/Berlin", {"sun": [["01:00", "02:30"]]}),
    "berlin gap": Calendar.from_weekly("Europe/Berlin", {"sun": [["02:10", "02:50"]]}),
    "berlin break": Calendar.from_weekly(
        "Europe/Berlin", {"sun": [["01:00", "05:00"]]}, breaks={"2026-03-29": [["02:10", "02:50"]]}
    ),
    "berlin night": Calendar.from_weekly("Europe/Berlin", {"sat": [["22:00", "06:00"]]}),
    "los angeles": Calendar.from_weekly("America/Los_Angeles", {"sun": [["02:30", "03:15"]]}),
    "sao paulo": Calendar.from_weekly("America/Sao_Paulo", ALWAYS),
    "lord howe": Calendar.from_weekly("Australia/Lord_Howe", {"sun": [["01:00", "04:00"]]}),
    "apia": Calendar.from_weekly("Pacific/Apia", {"mon-fri": [["09:00", "17:00"]]}),
    "berlin seam": Calendar.from_weekly("Europe/Berlin", {"sat": [["20:00", "03:15"]], "sun": [["02:30", "20:00"]]}),
    "noon to noon": Calendar.from_weekly("Europe/Berlin", {"daily": [["12:00", "12:00"]]}),
    "honolulu": Calendar.from_weekly("Pacific/Honolulu", {"daily": [["09:00", "17:00"]]}),
    "pago pago": Calendar.from_weekly("Pacific/Pago_Pago", {}, overrides={"2026-10-20": [["23:30", "23:00"]]}),
    "kiritimati": Calendar.from_weekly("Pacific/Kiritimati", {}, overrides={"2026-10-22": [["09:00", "17:00"]]}),
    "far": Calendar.from_weekly("UTC", {}, overrides={"9990-12-31": [["09:00", "17:00"]]}),
    "past": Calendar.from_weekly("UTC", {}, overrides={"2020-01-02": [["09:00", "17:00"]]}),
    "seconds": Calendar.from_weekly("UTC", {"mon": [["09:00:30", "09:01:15"]]}),
    "long shut": Calendar.from_weekly("UTC", WEEKDAYS, overrides={"2026-01-01..2031-12-31": []}),
}


def rows(text: str) -> pytest.MarkDecorator:
    """A table with two spaces or more between its columns; the first column names the row."""
    found = [re.split(r"\s{2,}", line) for line in text.strip().splitlines()]
    return pytest.mark.parametrize("row", [row[1:] for row in found], ids=[row[0] for row in found])


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def minutes(text: str) -> timedelta:
    return timedelta(minutes=float(text))


OPEN = rows(
    """
opening time is open                              office         2026-07-06T09:00Z         open
the millisecond before opening is shut            office         2026-07-06T08:59:59.999Z  shut
the millisecond before closing is open            office         2026-07-06T16:59:59.999Z  open
closing time is shut                              office         2026-07-06T17:00Z         shut
a day that is not named is shut                   office         2026-07-05T12:00Z         shut
lunch is shut                                     lunch          2026-07-06T12:30Z         shut
a night shift is open after midnight              night          2026-07-06T03:00Z         open
a night shift belongs to its first day            friday         2026-07-11T05:59Z         open
the night before its day is not its               friday         2026-07-10T05:00Z         shut
a holiday closes its own evening                  bar            2026-07-04T21:00Z         shut
a holiday leaves the night before alone           bar            2026-07-04T03:00Z         open
a holiday takes its night along                   bar            2026-07-05T03:00Z         shut
a holiday has holiday hours                       tokyo          2026-07-20T09:30+09:00    shut
holiday hours are open                            tokyo          2026-07-20T14:59+09:00    open
an exception wins over a holiday                  tokyo          2026-08-11T12:00+09:00    shut
a holiday is a local date, not UTC's              auckland       2026-07-06T22:00Z         shut
a holiday ends with its local date                auckland       2026-07-07T22:00Z         open
a break cuts the night shift of the day before    breaks         2026-07-06T05:30Z         shut
a seam between two days in the lost hour is open  berlin seam    2026-03-29T03:20+02:00    open
from noon to noon is always                       noon to noon   2026-03-29T12:00+02:00    open
a night runs on into the next span of weeks       night          2026-10-22T03:00Z         open
a western day runs on into the next span          honolulu       2026-10-22T02:00Z         open
a western exception runs on into the next span    pago pago      2026-10-22T09:00Z         open
an eastern day begins in the span before          auckland       2026-10-21T21:00Z         open
an eastern exception begins in the span before    kiritimati     2026-10-21T21:00Z         open
the second 02:15 is shut when the first was open  berlin to two  2026-10-25T02:15+01:00    shut
"""
)


@OPEN
def test_it_is_open_or_shut(row: list[str]) -> None:
    calendar, at, answer = row
    assert CALENDARS[calendar].is_open(instant(at)) is (answer == "open")


DUE = rows(
    """
a deadline within the day                office        2026-07-06T10:00Z       60      2026-07-06T11:00Z
a deadline over night                    office        2026-07-06T16:30Z       60      2026-07-07T09:30Z
a deadline over the week-end             office        2026-07-10T16:30Z       60      2026-07-13T09:30Z
a deadline over lunch                    lunch         2026-07-06T11:30Z       60      2026-07-06T13:30Z
a deadline at closing time stays there   office        2026-07-10T16:00Z       60      2026-07-10T17:00Z
a deadline at the start of lunch stays   lunch         2026-07-06T11:00Z       60      2026-07-06T12:00Z
a shut start counts from opening         office        2026-07-05T12:00Z       60      2026-07-06T10:00Z
a start at closing time is shut          office        2026-07-10T17:00Z       60      2026-07-13T10:00Z
a second past closing time moves on      office        2026-07-10T16:00:01Z    60      2026-07-13T09:00:01Z
no time is due at once                   office        2026-07-06T10:00Z       0       2026-07-06T10:00Z
no time is due at once, also when shut   office        2026-07-05T10:00Z       0       2026-07-05T10:00Z
a whole week of nights                   night         2026-07-06T18:00Z       6300    2026-07-13T09:00Z
a deadline three years on                office        2026-01-01T09:00Z       375840  2029-01-01T17:00Z
a deadline after six shut years          long shut     2026-03-03T12:00Z       1       2032-01-01T09:01Z
a deadline in the far future             far           2026-07-06T10:00Z       60      9990-12-31T10:00Z
back within the day                      office        2026-07-06T11:00Z       -60     2026-07-06T10:00Z
back over the week-end                   office        2026-07-13T09:30Z       -60     2026-07-10T16:30Z
back to opening time stays there         office        2026-07-06T11:00Z       -120    2026-07-06T09:00Z
back from a shut instant                 office        2026-07-05T12:00Z       -60     2026-07-03T16:00Z
back from opening time                   office        2026-07-06T09:00Z       -1      2026-07-03T16:59Z
back over many years                     past          2026-07-06T09:00Z       -60     2020-01-02T16:00Z
a shift over the lost hour is shorter    berlin        2026-03-29T01:00+01:00  180     2026-03-29T05:00+02:00
a shift over the doubled hour is longer  berlin        2026-10-25T01:00+02:00  300     2026-10-25T05:00+01:00
a night shift over the lost hour         berlin night  2026-03-28T22:00+01:00  420     2026-03-29T06:00+02:00
"""
)


@DUE
def test_a_deadline_in_open_minutes(row: list[str]) -> None:
    calendar, start, open_minutes, due = row
    assert CALENDARS[calendar].due(instant(start), minutes(open_minutes)) == instant(due)


OPEN_TIME = rows(
    """
shifts that overlap count once         touching      2026-07-06T00:00Z       2026-07-07T00:00Z       540
23:59 is meant literally               to 23:59      2026-07-06T23:00Z       2026-07-07T01:00Z       119
24:00 has no seam                      always        2026-07-06T23:00Z       2026-07-07T01:00Z       120
seconds of the day are kept            seconds       2026-07-06T00:00Z       2026-07-07T00:00Z       0.75
open time over a week-end              office        2026-07-10T16:00Z       2026-07-13T10:00Z       120
open time of a shut night is none      office        2026-07-06T18:00Z       2026-07-07T08:00Z       0
open time backwards is negative        office        2026-07-13T10:00Z       2026-07-10T16:00Z       -120
open time of a year                    office        2026-01-01T00:00Z       2027-01-01T00:00Z       125280
open time of thirty years              always        1990-01-01T00:00Z       2020-01-01T00:00Z       15778080
a range of exceptions                  tokyo         2026-08-10T18:00+09:00  2026-08-15T00:00+09:00  180
a break is cut out                     breaks        2026-07-06T06:00Z       2026-07-07T00:00Z       360
a break may shut a whole day           breaks        2026-07-07T00:00Z       2026-07-08T00:00Z       0
clocks forward: a day of 23 hours      berlin 24h    2026-03-29T00:00+01:00  2026-03-30T00:00+02:00  1380
clocks back: a day of 25 hours         berlin 24h    2026-10-25T00:00+02:00  2026-10-26T00:00+01:00  1500
a break in the lost hour cuts nothing  berlin break  2026-03-29T00:00+01:00  2026-03-29T12:00+02:00  180
a midnight that is left out            sao paulo     2015-10-17T22:00-03:00  2015-10-18T02:00-02:00  180
a midnight after a doubled hour        sao paulo     2015-02-21T22:00-02:00  2015-02-22T01:00-03:00  240
half an hour of summer time            lord howe     2026-10-04T00:00+10:30  2026-10-04T12:00+11:00  150
"""
)


@OPEN_TIME
def test_the_open_minutes_between(row: list[str]) -> None:
    calendar, start, end, answer = row
    assert CALENDARS[calendar].open_time(instant(start), instant(end)) == minutes(answer)


NEXT_OPEN = rows(
    """
the next opening when shut                   office         2026-07-05T12:00Z       2026-07-06T09:00Z
the next opening when open                   office         2026-07-06T12:00Z       2026-07-07T09:00Z
the next opening at opening time             office         2026-07-06T09:00Z       2026-07-07T09:00Z
an opening years away                        almost         2026-07-06T12:00Z       2029-12-26T00:00Z
an opening in the far future                 far            2026-07-06T12:00Z       9990-12-31T09:00Z
a lost opening time is an hour later         berlin at two  2026-03-28T12:00+01:00  2026-03-29T03:30+02:00
a shift in the lost hour does not happen     berlin gap     2026-03-28T12:00+01:00  2026-04-05T02:10+02:00
a shift that the lost hour leaves no length  los angeles    2006-04-01T12:00-08:00  2006-04-09T02:30-07:00
a doubled opening time is the first          berlin at two  2026-10-24T12:00+02:00  2026-10-25T02:30+02:00
a date that a zone skipped                   apia           2011-12-29T17:00-10:00  2012-01-02T09:00+14:00
"""
)


@NEXT_OPEN
def test_the_next_opening(row: list[str]) -> None:
    calendar, at, opens = row
    assert CALENDARS[calendar].next_open(instant(at)) == instant(opens)


NEXT_CLOSE = rows(
    """
shifts that touch are one              touching       2026-07-06T09:00Z       2026-07-06T18:00Z
an end of 00:00 is midnight            midnight       2026-07-06T19:00Z       2026-07-07T02:00Z
the next closing when open             office         2026-07-06T12:00Z       2026-07-06T17:00Z
the next closing when shut             office         2026-07-05T12:00Z       2026-07-06T17:00Z
the next closing at closing time       office         2026-07-06T17:00Z       2026-07-07T17:00Z
a closing years away                   almost         2026-07-06T12:00Z       2029-12-25T00:00Z
a night shift goes on until the break  breaks         2026-07-06T01:00Z       2026-07-06T05:00Z
a lost closing time is an hour later   berlin to two  2026-03-29T01:30+01:00  2026-03-29T03:30+02:00
a doubled closing time is the first    berlin to two  2026-10-25T01:30+02:00  2026-10-25T02:30+02:00
"""
)


@NEXT_CLOSE
def test_the_next_closing(row: list[str]) -> None:
    calendar, at, closes = row
    assert CALENDARS[calendar].next_close(instant(at)) == instant(closes)


OPEN_DAYS = rows(
    """
the first open day after today             office     2026-07-06T08:00Z       1     2026-07-07T17:00Z
today never counts, even before opening    office     2026-07-06T00:00Z       1     2026-07-07T17:00Z
a week-end is passed over                  office     2026-07-10T08:00Z       1     2026-07-13T17:00Z
from a shut day                            office     2026-07-11T08:00Z       1     2026-07-13T17:00Z
the third open day                         office     2026-07-09T08:00Z       3     2026-07-14T17:00Z
the thousandth open day                    office     2026-07-06T08:00Z       1000  2030-05-06T17:00Z
the last closing of a split day            lunch      2026-07-06T08:00Z       1     2026-07-07T18:00Z
a night shift closes its day next morning  night      2026-07-06T20:00Z       1     2026-07-08T09:00Z
the day is the local one                   tokyo      2026-07-06T15:30Z       1     2026-07-08T18:00+09:00
a holiday with hours is an open day        tokyo      2026-07-17T10:00+09:00  1     2026-07-20T15:00+09:00
an exception may shut it                   tokyo      2026-08-10T10:00+09:00  1     2026-08-12T12:00+09:00
a break may move closing time              breaks     2026-07-03T10:00Z       2     2026-07-06T16:00Z
a break may take a whole day               breaks     2026-07-06T10:00Z       1     2026-07-08T17:00Z
round the clock a day ends at midnight     always     2026-07-06T08:00Z       1     2026-07-08T00:00Z
far away                                   far        2026-07-06T08:00Z       1     9990-12-31T17:00Z
after years that are shut                  long shut  2026-07-06T08:00Z       2     2032-01-02T17:00Z
"""
)


@OPEN_DAYS
def test_the_closing_time_of_an_open_day_after(row: list[str]) -> None:
    calendar, at, days, due = row
    start, answer = (round(instant(text).timestamp()) * 1000 for text in (at, due))
    assert CALENDARS[calendar].hours.open_days_due(start, int(days)) == answer
