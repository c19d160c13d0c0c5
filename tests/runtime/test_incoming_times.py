"""Times as platforms write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.runtime.incoming import instants
from playbook_engine.runtime.incoming.instants import BadTime, epoch, iso8601, rfc2822, x_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-03-02T10:00:00Z", 1_772_445_600_000),
        ("2026-03-02T19:00:00+09:00", 1_772_445_600_000),
        ("2026-03-02t19:00:00+0900", 1_772_445_600_000),
        ("2026-03-02 19:00+09", 1_772_445_600_000),
        ("2026-03-02T04:30:00-05:30", 1_772_445_600_000),
        ("2026-03-02T10:00:00.1239Z", 1_772_445_600_123),
        ("2026-03-02T10:00:00,5z", 1_772_445_600_500),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("2999-12-31T23:59:59.999Z", 32_503_679_999_999),
    ],
)
def test_iso_8601_with_an_offset_is_an_instant(text: str, instant: int) -> None:
    assert iso8601(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T10:00:00",
        "2026-03-02",
        "10:00Z",
        "2026-02-30T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T10:60:00Z",
        "2026-03-02T10:00:00+25:00",
        "2026-03-02T10:00:00+09:60",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+09:00",
        "2999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "２０２６-03-02T10:00:00Z",
        "2026-03-02T10:00:00Z\n",
        "",
        "NaN",
        "2026-W10-1T10:00:00Z",
    ],
)
def test_what_names_no_instant_is_refused(text: str) -> None:
    with pytest.raises(BadTime):
        iso8601(text)


def test_a_time_without_offset_is_told_how_to_get_one() -> None:
    with pytest.raises(BadTime, match=r"add one, as in `2026-03-02T10:00\+09:00`"):
        iso8601("2026-03-02T10:00")


@given(
    st.integers(DAY_US, (2_999 - 1_970) * 365 * DAY_US),
    st.integers(-1_439, 1_439),
)
def test_every_time_that_python_writes_is_read_to_the_millisecond(microseconds: int, offset: int) -> None:
    there = timezone(timedelta(minutes=offset))
    text = (EPOCH + timedelta(microseconds=microseconds)).astimezone(there).isoformat()
    assert iso8601(text) == microseconds // 1_000


def test_x_writes_its_own_times() -> None:
    assert x_time("Wed Aug 27 13:08:45 +0000 2008") == 1_219_842_525_000
    assert x_time("Thu Nov 15 23:31:30 +0000 2018") == 1_542_324_690_000
    for text in ("Wed Aug 27 13:08:45 2008", "Wed Foo 27 13:08:45 +0000 2008", "Wed Aug 32 13:08:45 +0000 2008"):
        with pytest.raises(BadTime):
            x_time(text)


def test_e_mails_write_their_own_times() -> None:
    assert rfc2822("Fri, 03 May 2013 18:26:27 +0000") == 1_367_605_587_000
    assert rfc2822("Tue, 20 Apr 2020 04:20:20 -0400") == 1_587_370_820_000
    assert rfc2822("Mon, 2 Apr 2012 09:57:58 -0400 (EDT)") == 1_333_375_078_000
    assert rfc2822("3 May 2013 18:26 GMT") == 1_367_605_560_000
    for text in ("", "soon", "Fri, 99 May 2013 18:26:27 +0000", "Fri, 03 May 1913 18:26:27 +0000"):
        with pytest.raises(BadTime):
            rfc2822(text)


def test_counts_are_cut_to_milliseconds() -> None:
    assert epoch("1355517523.000005", 1) == 1_355_517_523_000
    assert epoch("1355517523.123999", 1) == 1_355_517_523_123
    assert epoch(1_462_629_479_859, 1_000) == 1_462_629_479_859
    assert epoch("1516403560557", 1_000) == 1_516_403_560_557
    for count in ("", "soon", "nan", "inf", -1, 1e300, 10**400, "9" * 400):
        with pytest.raises(BadTime):
            epoch(count, 1)


@given(st.text())
def test_no_text_ends_a_reader_of_times(text: str) -> None:
    for read in (iso8601, x_time, rfc2822, lambda said: epoch(said, 1)):
        with suppress(BadTime):
            assert 0 <= read(text) <= instants.LATEST
