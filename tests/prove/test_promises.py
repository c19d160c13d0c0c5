"""The table of promises says what the engine then does, to the millisecond."""

from __future__ import annotations

import pytest

from playbook_engine.policy.policy import Policy
from playbook_engine.prove.promises import Promise, owed_by_people, promises, routed
from story import DAY, HOUR, MONDAY, Story, clock, compiled

WEEK = MONDAY + 7 * DAY

HELD = compiled()

EVENING = """\
  evening: {name: Evening, calendar: evening, on_duty: eve, lead: eve, when_closed: {send: closed-now}}
"""
HANDED_OVER = compiled(
    replaced={
        "    lead: bob\n": "    lead: bob\n    when_closed: {hand_over: {department: evening}}\n",
        "templates:\n": EVENING + "templates:\n",
        "calendars:\n": "calendars:\n  evening: {open: {mon-fri: [17:00-21:00], sun: [12:00-13:00]}}\n",
        "next_reply: 2h": "next_reply: {open_time: 2h}",
        "reply: 1h,": "reply: {when_open: {open_time: 1h}, when_closed: 12h},",
        "reply: {send: thanks}": "reply: {do: [{send: thanks}]}",
    }
)


def row(policy: Policy, step: str, target: str = "", response: str = "") -> Promise:
    return next(
        each
        for each in promises(policy, MONDAY, WEEK)
        if each.step == step and each.target == target and (not response or response in each.responses)
    )


def hours_of_the_week(step: int = HOUR) -> list[int]:
    """Every hour, or every few from 01:00, and the milliseconds around it: the edges of these calendars among them."""
    return [
        at
        for hour in (MONDAY, *range(MONDAY + HOUR, WEEK, step))
        for at in (hour - 1, hour, hour + 1)
        if MONDAY <= at < WEEK
    ]


def heard(policy: Policy, text: str, at: int) -> Story:
    return Story(policy).hears(text, clock(at))


@pytest.mark.parametrize("policy", [HELD, HANDED_OVER], ids=["held", "handed over"])
@pytest.mark.parametrize(("text", "response"), [("hello", "rest"), ("lovely", "praise")])
def test_the_acknowledgement_leaves_when_the_table_says(policy: Policy, text: str, response: str) -> None:
    waited = {}
    for at in hours_of_the_week(4 * HOUR):
        story = heard(policy, text, at)
        if not story.said():
            story.waits(clock(at + 4 * DAY))
        left = next((each.at for each in story.deliveries if each.action == "send"), None)
        waited[at] = None if left is None else left - at

    told = row(policy, "acknowledgement", response=response)
    assert told.longest is not None
    assert told.shortest is not None
    assert told.longest.lasts == (None if None in waited.values() else max(waited.values(), key=int_of))
    assert waited[told.longest.at] == told.longest.lasts
    assert told.shortest.lasts == min(waited.values(), key=int_of)


def int_of(waited: int | None) -> int:
    return 1 << 60 if waited is None else waited


@pytest.mark.parametrize("policy", [HELD, HANDED_OVER], ids=["held", "handed over"])
@pytest.mark.parametrize("step", ["reply", "apologise", "resolve"])
def test_a_step_is_due_when_the_table_says(policy: Policy, step: str) -> None:
    owed = {}
    for at in hours_of_the_week():
        duty = heard(policy, "it is broken", at).duty(step)
        owed[at] = duty.deadline - at

    told = row(policy, step, "rest")
    assert told.longest is not None
    assert told.shortest is not None
    assert told.longest.lasts == max(owed.values())
    assert owed[told.longest.at] == told.longest.lasts
    assert told.shortest.lasts == min(owed.values())


def test_the_reason_is_the_closed_time_that_the_wait_runs_through() -> None:
    told = row(HELD, "acknowledgement")

    assert told.written == "Fri 2026-03-06 17:00"
    assert (
        told.reason
        == "desk closed from Fri 2026-03-06 17:00 to Mon 2026-03-09 09:00: 2d16h, after which a person has to send it"
    )
    weekdays = [each for each in promises(HELD, MONDAY, MONDAY + 4 * DAY) if each.step == "acknowledgement"]
    assert weekdays[0].reason == "desk closed from Mon 2026-03-02 17:00 to Tue 2026-03-03 09:00: 16h"
    assert row(HELD, "reply", "critical").reason == "desk closed from Mon 2026-03-02 00:00 to Mon 2026-03-02 00:15: 15m"


def test_a_person_is_promised_only_where_no_machine_meets_the_duty() -> None:
    fault, praise = HELD.respond[0], HELD.respond[1]
    rest = HELD.targets[-1]

    assert owed_by_people(rest, fault) == (
        rest.deadlines["reply"],
        rest.deadlines["apologise"],
        rest.deadlines["resolve"],
    )
    assert owed_by_people(rest, praise) == ()
    assert row(HELD, "first-human", "rest", "praise").longest is None
    first = row(HELD, "first-human", "rest", "rest").longest
    assert first is not None
    assert first.lasts == 4 * DAY, "an automatic reply counts here, so the first person is the one who resolves"


def test_departments_that_only_a_hand_over_reaches_have_their_promises_too() -> None:
    assert routed(HELD) == ("care",)
    more = compiled(
        replaced={"templates:\n": "  press: {name: Press, on_duty: bob}\ntemplates:\n"},
        more="rules:\n  legal: {when: {kind: other}, do: [{hand_over: {department: press}}]}\n",
    )
    assert routed(more) == ("care", "press")
