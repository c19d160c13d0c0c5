"""Calendars against the expectations that other engines publish in their own test suites.

The lines lie outside the project, so these tests run only where they are present. Where engines disagree, a
line is converted to our meaning, never left out: a deadline that another engine moves from closing time to
the next opening is our answer followed by that opening.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from playbook_engine.policy.calendars import Calendar, CalendarError, OpenHours

Line = Mapping[str, Any]

CASES = Path(__file__).parents[2].parent / "shared" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the published cases are not on this machine")


def lines(name: str) -> list[Line]:
    path = CASES / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def table(name: str) -> pytest.MarkDecorator:
    found = lines(name)
    ids = [f"{number}-{line['source'].rpartition(':')[2]}" for number, line in enumerate(found)]
    return pytest.mark.parametrize("line", found, ids=ids)


def hours(line: Line) -> OpenHours:
    return Calendar.from_weekly(
        line["timezone"],
        line["weekly"],
        line.get("holidays", ()),
        line.get("overrides", {}),
        line.get("breaks", {}),
    ).hours


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def whole_seconds(minutes: float) -> int:
    """Ms to the nearest second: some lines carry a second as a decimal fraction of a minute."""
    return round(minutes * 60) * 1000


def last_close(open_hours: OpenHours, at: int) -> int:
    """`at` if it was open until then, else the closing time before."""
    return at if open_hours.is_open(at - 1) else open_hours.open_stretches(at - 60 * 86_400_000, at)[-1][1]


def in_our_words(line: Line, open_hours: OpenHours, answer: int) -> int:
    match line.get("boundary"):
        case "latest":
            return open_hours.first_open(answer)
        case "previous_close":
            return last_close(open_hours, answer)
        case _:
            return answer


@table("due.jsonl")
def test_a_deadline_in_open_time(line: Line) -> None:
    open_hours = hours(line)
    answer = open_hours.due(ms(line["start"]), whole_seconds(line["minutes"]))
    assert in_our_words(line, open_hours, answer) == ms(line["due"])


@table("due_backward.jsonl")
def test_a_start_in_open_time_before_an_instant(line: Line) -> None:
    open_hours = hours(line)
    answer = open_hours.due(ms(line["start"]), whole_seconds(line["minutes"]))
    assert in_our_words(line, open_hours, answer) == ms(line["due"])


@table("open_at.jsonl")
def test_open_or_shut_at_an_instant(line: Line) -> None:
    assert hours(line).is_open(ms(line["at"])) is line["open"]


@table("between.jsonl")
def test_open_time_between_two_instants(line: Line) -> None:
    answer = hours(line).open_time(ms(line["from"]), ms(line["to"]))
    match line.get("reversed"):
        case "zero":
            answer = max(answer, 0)
        case "absolute":
            answer = abs(answer)
    if line.get("rounding") == "floor":
        assert answer // 60_000 == line["minutes"]
    else:
        assert round(answer, -3) == whole_seconds(line["minutes"])


@table("transitions.jsonl")
def test_the_next_opening_or_closing(line: Line) -> None:
    open_hours = hours(line)
    ask = {
        "first_open": open_hours.first_open,
        "next_open": open_hours.next_open,
        "next_close": open_hours.next_close,
    }[line["op"]]
    assert ask(ms(line["at"])) == ms(line["expected"])


@table("periods.jsonl")
def test_the_open_stretches_after_an_instant(line: Line) -> None:
    expected = tuple((ms(opens), ms(closes)) for opens, closes in line["periods"])
    found = hours(line).open_stretches(ms(line["from"]), expected[-1][1] + 1)
    assert found[: len(expected)] == expected
    assert len(found) == len(expected)


DECISIONS = {
    "wall_to_utc": (True, "a wall time that clocks leave out means as much later as they jump"),
    "next_close": (False, "24:00 is the midnight itself, not the last microsecond before"),
    "between": (False, "open time is real elapsed time: a day on which clocks go back holds 25 hours"),
    "open_at": (False, "the closing instant is shut"),
}
"""By operation: whether the expectation on which engines disagree is ours too, and the reason."""


@table("conflicts.jsonl")
def test_every_disagreement_is_decided(line: Line) -> None:
    agreed, why = DECISIONS[line["op"]]
    assert agrees(line) is agreed, why


def agrees(line: Line) -> bool:
    match line["op"]:
        case "wall_to_utc":
            wall = datetime.fromisoformat(line["wall"])
            until = (wall + timedelta(hours=4)).strftime("%H:%M")
            segments = [[wall.strftime("%H:%M"), until]]
            desk = Calendar.from_weekly(line["timezone"], {"daily": segments}).hours
            return desk.first_open(ms(line["expected"]) - 7_200_000) == ms(line["expected"])
        case "next_close":
            expected = datetime.fromisoformat(line["expected"])
            return Calendar(hours(line)).next_close(datetime.fromisoformat(line["at"])) == expected
        case "between":
            return hours(line).open_time(ms(line["from"]), ms(line["to"])) == whole_seconds(line["minutes"])
        case _:
            return hours(line).is_open(ms(line["at"])) is line["open"]


def test_the_disagreements_come_out_as_decided() -> None:
    """The same decisions as figures, so that a change of meaning shows its size."""
    by_op = {line["op"]: line for line in lines("conflicts.jsonl")}
    paris, midnight = by_op["between"], by_op["next_close"]
    assert hours(paris).open_time(ms(paris["from"]), ms(paris["to"])) == 1500 * 60_000
    assert hours(midnight).next_close(ms(midnight["at"])) == ms("2014-04-08T00:00:00Z")


NO_QUESTION_FOR_A_CALENDAR = {
    "days_of_month": "a calendar repeats by the week; single days of a month are exceptions by date",
    "months": "a calendar repeats by the week; a season is a range of exceptions",
    "years": "a calendar repeats by the week; a zone stands beside the hours, by name",
    "minutes": "a deadline of no length is refused where deadlines are read",
}

DIFFERING = {
    "start greater than end": "an end before its start is an overnight shift of the day it starts on",
    "ends before it starts": "the same, of 23 and a half hours",
    "nonsensical hours provided": "an end of 00:00 is the midnight that ends the day",
}
"""By the other engine's error: what it refuses and we accept."""


def as_calendar(config: Mapping[str, Any]) -> Calendar:
    interval = config.get("interval", {})
    times = [[each["start_time"], each["end_time"]] for each in interval.get("times", ())]
    segments = config.get("segments") or times or [["09:00", "17:00"]]
    days = [text.replace(":", "-") for text in interval.get("weekdays", ("mon",))]
    weekly = config.get("weekly", config.get("weekly_numeric", {day: segments for day in days}))
    return Calendar.from_weekly("UTC", weekly, overrides=config.get("overrides", {}))


@table("config_validation.jsonl")
def test_every_configuration_is_accepted_refused_or_no_question_for_a_calendar(line: Line) -> None:
    config = line["config"]
    foreign = NO_QUESTION_FOR_A_CALENDAR.keys() & {*config, *config.get("interval", ())}
    if foreign:
        assert not config.keys() & {"weekly", "weekly_numeric", "segments", "overrides"}
    elif line["valid"] or line.get("error") in DIFFERING:
        assert as_calendar(config).hours.ever_opens()
    else:
        with pytest.raises(CalendarError):
            as_calendar(config)
