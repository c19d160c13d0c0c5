"""Responses that departments have of their own, where two of them bear one name. SEMANTICS 4.5."""

from __future__ import annotations

from story import Story, compiled

EVENING = """\
  evening:
    name: Evening
    calendar: night
    on_duty: eve
    lead: eve
    respond:
      - {id: mine, when: {kind: praise}, reply: by_hand, apologise: none, resolve: none}
"""
TWO = compiled(
    replaced={
        "    lead: bob\n": "    lead: bob\n    when_closed: {hand_over: {department: evening}}\n"
        "    respond:\n      - {id: mine, when: always, reply: {send: thanks}, apologise: none, resolve: by_hand}\n",
        "templates:\n": EVENING + "templates:\n",
    }
)


def test_the_row_that_matched_answers_and_not_another_departments_of_the_same_name() -> None:
    story = Story(TWO).hears("hm", "mon 20:00")

    assert (story.now.department, story.now.home, story.now.response) == ("evening", "care", "mine")
    assert story.said() == [("thanks", "mon 20:00")]
    assert story.duty("resolve").unmet


def test_a_departments_own_row_still_answers_after_another_has_taken_over() -> None:
    story = Story(TWO).hears("lovely", "mon 20:00")
    assert [duty.step for duty in story.now.duties] == ["reply"]
    story.takes("incident.acknowledged", "mon 20:05", by="eve").waits("tue 10:00").hears("lovely", "tue 10:05")

    assert (story.now.department, story.now.response_of) == ("care", "evening")
    assert story.noted("undecided") == []
    assert story.said() == []
