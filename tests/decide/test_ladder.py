"""Who is told, and when. SEMANTICS 7."""

from __future__ import annotations

from story import Story, compiled


def levels(story: Story) -> list[tuple[str, str, str]]:
    return [told for told in story.told() if told[0] in ("warn", "lead", "chief", "now")]


def test_levels_fire_at_their_share_of_the_duty_and_past_its_deadline() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00").waits("mon 12:00")

    assert levels(story) == [
        ("warn", "ann", "mon 10:45"),
        ("lead", "bob", "mon 11:00"),
        ("chief", "eve", "mon 12:00"),
    ]


def test_without_acknowledgement_the_next_level_fires_at_once() -> None:
    story = Story().hears("it is broken", "mon 10:00").waits("mon 11:30")

    assert levels(story) == [
        ("warn", "ann", "mon 10:45"),
        ("lead", "bob", "mon 11:00"),
        ("chief", "eve", "mon 11:15"),
    ]


def test_the_time_to_acknowledge_runs_from_delivery() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00").waits("mon 11:00")
    lead = next(delivery for delivery in story.deliveries if delivery.person == "bob")
    story.outcome(lead, "action.delivered", "mon 11:10").waits("mon 11:24")
    assert len(levels(story)) == 2

    story.waits("mon 11:25")

    assert levels(story)[2] == ("chief", "eve", "mon 11:25")


def test_a_level_repeats_until_somebody_acknowledges() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00").waits("mon 14:00")

    assert [told for told in levels(story) if told[0] == "chief"][:3] == [
        ("chief", "eve", "mon 12:00"),
        ("chief", "eve", "mon 12:30"),
        ("chief", "eve", "mon 13:00"),
    ]


def test_acknowledging_stops_the_repeats_but_not_the_later_levels() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00").waits("mon 10:46")
    story.takes("incident.acknowledged", "mon 10:50", by="ann").waits("mon 13:30")

    assert [told for told in levels(story) if told[0] in ("lead", "chief")] == [
        ("lead", "bob", "mon 11:00"),
        ("chief", "eve", "mon 12:00"),
    ]


def test_a_met_duty_stops_its_ladder_and_the_ladder_turns_to_the_next() -> None:
    story = Story().hears("it is broken", "mon 10:00").says("looking", "mon 10:30").waits("mon 13:30")

    assert levels(story) == [("warn", "ann", "mon 13:00")]


def test_somebody_outside_their_hours_is_passed_over_for_the_deputy() -> None:
    story = Story(
        compiled(replaced={"reply: 1h, next_reply: 2h, apologise: 4h": "reply: 8h, apologise: 9h"}), deliver=False
    )
    story.hears("it is broken", "mon 12:00").waits("mon 18:00")

    assert levels(story)[0] == ("warn", "eve", "mon 18:00")


def test_a_ladder_at_nought_per_cent_speaks_at_once() -> None:
    story = Story(deliver=False).hears("I am injured", "mon 10:00")

    assert levels(story) == [("now", "ann", "mon 10:00"), ("now", "bob", "mon 10:00")]


def test_a_level_counts_the_share_of_open_time() -> None:
    story = Story(deliver=False).hears("hm", "mon 10:00").says("hello", "mon 10:01")
    resolve = story.duty("resolve")

    assert [(level.name, level.open_left) for level in resolve.levels] == [
        ("warn", 4 * 3_600_000),
        ("lead", 0),
        ("chief", None),
    ]


def test_a_notification_is_not_sent_after_the_next_repeat() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00").waits("mon 12:00")
    chief = next(delivery for delivery in story.deliveries if delivery.parameters.get("level") == "chief")

    assert chief.not_after is not None
    assert chief.not_after - chief.at == 30 * 60_000


def test_somebody_who_cannot_be_reached_is_replaced_by_the_deputy_and_then_by_whoever_is_undecided() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00").waits("mon 10:45")
    warn = next(delivery for delivery in story.deliveries if delivery.parameters.get("level") == "warn")
    story.outcome(warn, "action.failed")
    second = story.deliveries[-1]
    assert second.person == "bob"

    story.outcome(second, "action.failed")

    assert [told[0] for told in story.told()][-1] == "undecided"
