"""What messages say and how it joins. SEMANTICS 4."""

from __future__ import annotations

from playbook_engine.model.event import Author
from story import Story, compiled


def test_the_first_name_set_stays() -> None:
    story = Story().hears("it is broken", "mon 10:00").hears("do you have another?", "mon 10:05")

    assert story.now.facts["kind"] == "fault"
    assert story.now.message_facts["kind"] == "question"


def test_an_ordered_fact_only_rises() -> None:
    story = Story().hears("I am injured", "mon 10:00").hears("better now", "mon 10:05")

    assert story.now.facts["severity"] == "critical"


def test_the_record_says_whether_machines_had_to_be_silent() -> None:
    story = Story().hears("hm", "mon 10:00").hears("I am injured", "mon 10:05").hears("hm", "mon 10:06")

    said = [each.because.human_only for each in story.decisions if each.type == "message.received"]
    assert said == [False, True, True]


def test_a_set_adds_up() -> None:
    story = Story().hears("it is broken", "mon 10:00").hears("I am injured", "mon 10:05")

    assert story.now.facts["topics"] == ("damage", "injury")


def test_a_default_does_not_count_as_set() -> None:
    story = Story().hears("hm", "mon 10:00").hears("it is broken", "mon 10:05")

    assert story.now.facts["kind"] == "fault"


def test_a_mode_counts_messages_by_the_default_where_nothing_is_said() -> None:
    calm = "modes:\n  calm: {starts: {messages: 5, in: 10m, when: {kind: other}}, may_switch: [ann]}\n"
    story = Story(compiled(more=calm))

    assert story.hears("hm", "mon 10:00").decisions[0].marks == ("calm",)
    assert story.hears("it is broken", "mon 10:05").decisions[-1].marks == ()
    assert story.hears("hm", "mon 10:06").decisions[-1].marks == (), "what the incident remembers is no default"


def test_keep_latest_takes_the_newest() -> None:
    latest = compiled(
        replaced={
            "question, praise, other], default: other}": "question, praise, other], default: other, keep: latest}"
        }
    )
    story = Story(latest).hears("it is broken", "mon 10:00").hears("why?", "mon 10:05")

    assert story.now.facts["kind"] == "question"


def test_reopening_starts_afresh() -> None:
    story = Story().hears("it is broken", "mon 10:00").says("sorry!", "mon 10:10")
    story.takes("incident.resolved", "mon 10:20", by="ann").hears("lovely", "mon 12:00")

    assert story.now.facts == {"kind": "praise"}


def test_a_value_outside_its_type_is_missing() -> None:
    good = Story().hears("hm", "mon 10:00", enrichment={"vip": True})
    bad = Story().hears("hm", "mon 10:00", enrichment={"vip": "yes", "unheard": 1})

    assert good.now.facts["vip"] is True
    assert "vip" not in bad.now.facts
    assert "unheard" not in bad.now.facts


def test_what_the_source_told_earlier_of_the_author_is_kept() -> None:
    story = Story().takes("message.received", "mon 10:00", text="hm", author=Author(handle="cleo", followers=9))
    story.takes("message.received", "mon 10:05", text="hm", author=Author(handle="cleo", name="Cleo"))

    assert story.now.author == Author(handle="cleo", name="Cleo", followers=9)


def test_an_edit_that_is_ignored_says_by_which_row_and_why() -> None:
    story = (
        Story().hears("hm", "mon 10:00").takes("message.edited", "mon 10:05", text="hm", message="m1", automatic=True)
    )
    last = story.decisions[-1]
    assert (last.because.ignore, last.because.reason) == ("machines", "Machines need no answer")
    assert ("noted", "machines", "Machines need no answer") in [(n.kind, n.subject, n.because) for n in last.notes]


def test_an_edited_text_is_read_again_and_is_no_new_message() -> None:
    story = Story().hears("hm", "mon 10:00").takes("message.edited", "mon 10:05", text="it is broken", message="m1")

    assert story.now.facts["kind"] == "fault"
    assert story.now.messages == 1


def test_free_text_does_not_leave_the_reading() -> None:
    story = Story().hears("my secret is out", "mon 10:00")

    assert not any("secret" in str(value) for value in {**story.now.facts, **story.now.message_facts}.values())
