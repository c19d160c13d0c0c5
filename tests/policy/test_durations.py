"""Durations and shares as they are written, and what is said of those that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.policy.durations import (
    LONGEST,
    DurationError,
    parse_duration,
    parse_money,
    parse_percent,
    say_duration,
)


@pytest.mark.parametrize(
    ("text", "length", "said"),
    [
        ("0s", 0, "0s"),
        ("90s", 90_000, "1m30s"),
        ("15m", 900_000, "15m"),
        ("1h30m", 5_400_000, "1h30m"),
        ("36h", 129_600_000, "1d12h"),
        ("3d", 259_200_000, "3d"),
        ("2w", 1_209_600_000, "14d"),
        ("1w2d3h4m5s", 788_645_000, "9d3h4m5s"),
    ],
)
def test_a_duration_is_read_in_milliseconds_and_said_in_days_and_below(text: str, length: int, said: str) -> None:
    assert parse_duration(text) == length
    assert say_duration(length) == said


@given(st.integers(0, LONGEST // 1000))
def test_what_is_said_is_read_back(seconds: int) -> None:
    assert parse_duration(say_duration(1000 * seconds)) == 1000 * seconds


def test_what_is_no_full_second_and_what_is_past_can_be_said() -> None:
    assert say_duration(1_500) == "1s500ms"
    assert say_duration(-3_600_000) == "-1h"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("90", "`90` is not a duration; a duration carries its unit: write 90s, 90m, 90h or 90d"),
        ("90min", "`90min` is not a duration; write it as 1h30m"),
        ("2 h", "`2 h` is not a duration; write it as 2h"),
        ("1.5h", "`1.5h` is not a duration; write it as 1h30m"),
        ("30m1h", "`30m1h` is not a duration; write it as 1h30m"),
        ("１時間", "`１時間` is not a duration; write it as 1h"),
        ("3日", "`3日` is not a duration; write it as 3d"),
        ("PT1H30M", "`PT1H30M` is not a duration; write it as 1h30m"),
        ("P2D", "`P2D` is not a duration; write it as 2d"),
        ("1 hour and 5 minutes", "`1 hour and 5 minutes` is not a duration; write it as 1h5m"),
        ("-1h", "`-1h` is not a duration; write it as 30s, 15m, 2h, 1h30m, 3d or 2w"),
        ("1M", "`1M` is not a duration; write it as 1m"),
        ("soon", "`soon` is not a duration; write it as 30s, 15m, 2h, 1h30m, 3d or 2w"),
        ("", "`` is not a duration; write it as 30s, 15m, 2h, 1h30m, 3d or 2w"),
        ("1y", "`1y` is not a duration; write it as 30s, 15m, 2h, 1h30m, 3d or 2w"),
        ("9999999d", "`9999999d` is longer than ten years; write a shorter duration"),
    ],
)
def test_a_careless_duration_is_answered_with_how_to_write_it(text: str, message: str) -> None:
    with pytest.raises(DurationError) as error:
        parse_duration(text)
    assert str(error.value) == message


@given(st.text(max_size=60))
def test_a_text_is_a_duration_or_an_error_and_nothing_else(text: str) -> None:
    for parse in (parse_duration, parse_percent, parse_money):
        try:
            read: object = parse(text)
        except ValueError as error:
            read = str(error)
        assert "\n" not in str(read)


def test_a_share_is_in_whole_per_cent() -> None:
    assert [parse_percent(text) for text in ("0%", "75%", "100%")] == [0, 75, 100]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("75", "`75` is not a share; write it as 75%"),
        ("75 %", "`75 %` is not a share; write it as 75%"),
        ("７５％", "`７５％` is not a share; write it as 75%"),
        ("0.75", "`0.75` is not a share; write a whole number and the sign, as in 75%"),
        ("120%", "`120%` is more than the whole; write at most 100%, or `overdue:` for what comes after"),
    ],
)
def test_a_careless_share_is_answered_with_how_to_write_it(text: str, message: str) -> None:
    with pytest.raises(DurationError) as error:
        parse_percent(text)
    assert str(error.value) == message
