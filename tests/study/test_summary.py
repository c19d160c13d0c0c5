"""The sum of a run counts what came about, once."""

from __future__ import annotations

from playbook_engine.study.summary import Summary, spread
from story import Story


def summed(story: Story) -> Summary:
    summary = Summary()
    for decision in story.decisions:
        summary.add(decision)
    return summary


def test_messages_incidents_and_first_replies_are_counted() -> None:
    summary = summed(Story().hears("it is broken", "mon 10:00").says("looking", "mon 10:30"))

    assert (summary.events["message.received"], summary.events["message.sent"], summary.incidents) == (1, 1, 1)
    assert summary.first_replies == {"automatic": [0], "human": [30 * 60_000]}


def test_a_duty_is_counted_by_its_fate_step_and_department() -> None:
    summary = summed(Story().hears("it is broken", "mon 10:00").waits("mon 11:30"))

    assert summary.duties["reply", "care", "opened"] == 1
    assert summary.duties["reply", "care", "breached"] == 1
    assert summary.breaches == 1


def test_a_breach_that_was_withdrawn_is_none() -> None:
    story = Story().hears("it is broken", "mon 10:00").waits("mon 11:30").says("here", "mon 10:59", seen="mon 12:00")

    assert summed(story).breaches == 0


def test_deliveries_are_counted_with_their_outcomes_and_failures_are_told() -> None:
    story = Story(deliver=False).hears("hm", "mon 10:00")
    summary = summed(story.outcome(story.deliveries[0], "action.failed"))

    assert summary.deliveries["send", "asked for"] == 1
    assert summary.deliveries["send", "failed"] == 1
    assert summary.failures == 1


def test_what_was_ignored_is_counted_by_its_row() -> None:
    assert summed(Story().hears("away", "mon 10:00", automatic=True)).ignored == {"machines": 1}


def test_the_spread_names_values_that_occurred() -> None:
    assert spread([]) == {"count": 0, "median": None, "p90": None}
    assert spread([5]) == {"count": 1, "median": 5, "p90": 5}
    assert spread(list(range(1, 11))) == {"count": 10, "median": 5, "p90": 9}
