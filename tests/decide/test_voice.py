"""One voice, echo, depth, what machines may not say by themselves. SEMANTICS 3.4, 8.3, 9."""

from __future__ import annotations

import pytest

from playbook_engine.decide.saying import MOST_REPEATED
from story import Story, at, compiled

DM = """
rules:
  leave-the-public:
    when: {incident.messages: {gte: 2}}
    once_per: incident
    do: [{hand_over: {channel: direct, send: move-to-dm}}]
"""
GREET = """
rules:
  greet:
    when: always
    do: [{send: thanks}]
"""
REMIND = """
rules:
  remind:
    event: message.sent
    after: 3d
    when: {incident.stage: waiting}
    do: [{send: still-there}, {resolve: {}}]
"""
CHAIN = """
rules:
  chain:
    event: action.delivered
    when: always
    do: [{webhook: {name: again}}]
"""


def suppressed(story: Story) -> list[tuple[str, str]]:
    return [(note.subject, note.because) for note in story.notes if note.kind == "suppressed"]


def test_one_customer_message_gets_at_most_one_unapproved_answer_and_steps_go_first() -> None:
    story = Story(compiled(more=GREET)).hears("hm", "mon 10:00")

    assert story.said() == [("ack", "mon 10:00")]
    assert suppressed(story) == [("thanks", "one-voice")]


def test_a_rule_speaks_where_no_step_does() -> None:
    by_hand = {
        "reply: {send: ack}, apologise: none, resolve: by_hand}": "reply: by_hand, apologise: none, resolve: by_hand}"
    }
    story = Story(compiled(replaced=by_hand, more=GREET)).hears("hm", "mon 10:00")

    assert story.said() == [("thanks", "mon 10:00")]


def test_the_key_of_a_delivery_names_incident_round_step_and_channel_and_never_a_rule() -> None:
    story = Story(compiled(more=GREET)).hears("hm", "mon 10:00")

    assert story.deliveries[0].key == "i1:1:reply:x:1"


def test_an_echo_of_our_own_delivery_is_not_a_persons_message() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00")
    ack = story.deliveries[0]
    story.outcome(ack, "action.delivered", message="post-9").says("Thank you, Cleo.", "mon 10:01", message="post-9")

    assert [note.kind for note in story.notes if note.kind == "echo"] == ["echo"]
    assert story.duty("reply").state == "open"


def test_our_own_message_is_parked_while_a_delivery_has_no_outcome() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00")
    ack = story.deliveries[0]
    story.says("Thank you, Cleo.", "mon 10:01", message="post-9")
    assert story.now.parked

    story.outcome(ack, "action.delivered", message="post-9")

    assert story.now.parked == ()
    assert story.duty("reply").state == "open"


def test_a_parked_message_that_is_no_echo_counts_from_when_it_was_said() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00")
    ack = story.deliveries[0]
    story.says("I am looking.", "mon 10:01").outcome(ack, "action.delivered", "mon 10:02")

    assert story.duty("reply").state == "met"
    assert story.duty("reply").evidence_at == at("mon 10:01")


def test_a_human_only_matter_makes_every_message_a_draft_and_still_tells_people() -> None:
    story = Story().hears("I am injured", "mon 10:00")

    assert story.said() == []
    assert [draft.reason for draft in story.now.drafts] == ["human-only"]
    assert ("now", "ann", "mon 10:00") in story.told()


def test_a_post_found_by_listening_is_never_answered_by_a_machine() -> None:
    story = Story().hears("hm", "mon 10:00", origin="listening")

    assert story.said() == []
    assert [draft.reason for draft in story.now.drafts] == ["listening"]


def test_a_message_older_than_two_days_is_not_answered_by_a_machine() -> None:
    story = Story().hears("hm", "mon 10:00", seen="wed 10:01")

    assert story.said() == []
    assert [draft.reason for draft in story.now.drafts] == ["too-old"]


def test_an_imported_message_is_not_answered_by_a_machine() -> None:
    story = Story().hears("hm", "mon 10:00", imported=True)

    assert [draft.reason for draft in story.now.drafts] == ["imported"]


def test_what_is_ignored_is_recorded_with_its_reason_and_owes_nothing() -> None:
    story = Story().hears("out of office", "mon 10:00", automatic=True)

    assert story.decisions[-1].because.ignore == "machines"
    assert story.decisions[-1].because.reason == "Machines need no answer"
    assert story.now.duties == ()
    assert story.deliveries == []


def test_a_hand_over_binds_the_private_thread_before_its_message_leaves() -> None:
    by_hand = {
        "reply: {send: ack}, apologise: none, resolve: by_hand}": "reply: by_hand, apologise: none, resolve: by_hand}"
    }
    story = Story(compiled(replaced=by_hand, more=DM)).hears("hm", "mon 10:00").hears("hello?", "mon 10:05")

    assert story.decisions[-2].binds == ("x|shop|peer|cleo",)
    assert story.said() == [("move-to-dm", "mon 10:05")]
    assert story.now.threads[-1] == "x|shop|peer|cleo"


def test_our_own_message_counts_once_what_it_waited_for_has_been_taken_back() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00").says("so sorry about that", "mon 10:05")
    assert story.now.parked
    story.takes("duty.waived", "mon 10:06", by="bob", data={"step": "reply"})

    assert not story.now.parked
    assert (story.now.stage, story.now.taken_by, story.duty("apologise").state) == ("waiting", "ann", "met")


def test_what_is_sent_while_closed_is_no_apology_although_the_reply_would_have_been_one() -> None:
    policy = compiled(
        replaced={
            "    apologise: {draft: sorry}": "    apologise: {send: ack}",
            "    lead: bob\n": "    lead: bob\n    when_closed: {send: closed-now}\n",
        }
    )
    day, night = Story(policy).hears("it is broken", "mon 10:00"), Story(policy).hears("it is broken", "mon 20:00")

    assert (day.said()[0][0], day.now.sent[0].apology) == ("ack", True)
    assert (night.said()[0][0], night.now.sent[0].apology) == ("closed-now", False)


def test_a_rule_once_per_incident_fires_once() -> None:
    story = Story(compiled(more=DM)).hears("hm", "mon 10:00").hears("a", "mon 10:05").hears("b", "mon 10:06")

    assert [decision.because.rules for decision in story.decisions if decision.because.rules] == [("leave-the-public",)]


def test_a_rule_judges_again_after_its_time_and_a_newer_message_drops_it() -> None:
    quiet = Story(compiled(more=REMIND)).hears("hm", "mon 10:00").says("done", "mon 11:00").waits("thu 11:00")
    busy = Story(compiled(more=REMIND)).hears("hm", "mon 10:00").says("done", "mon 11:00")
    busy.hears("no", "wed 10:00").waits("thu 11:00")

    assert quiet.said()[-1] == ("still-there", "thu 11:00")
    assert quiet.now.stage == "resolved"
    assert "still-there" not in [template for template, _ in busy.said()]


def test_a_rule_that_waits_stays_as_deep_as_the_event_it_waits_after() -> None:
    more = """
rules:
  again:
    event: action.delivered
    after: 1h
    when: always
    do: [{webhook: audit}]
"""
    story = Story(compiled(more=more)).hears("lovely", "mon 10:00").waits("+1w mon 10:00")
    webhooks = [delivery for delivery in story.deliveries if delivery.action == "webhook"]
    assert [delivery.depth for delivery in webhooks] == [2, 3]


def test_what_our_own_deliveries_set_off_ends_undecided_at_depth_three() -> None:
    story = Story(compiled(more=CHAIN)).hears("hm", "mon 10:00")

    assert max(delivery.depth for delivery in story.deliveries if delivery.action == "webhook") == 3
    assert [told[0] for told in story.told()].count("undecided") == 1


def test_a_failed_message_goes_to_a_person() -> None:
    story = Story(deliver=False).hears("hm", "mon 10:00")
    story.outcome(story.deliveries[0], "action.failed")

    assert [told for told in story.told() if told[0] == "undecided"] == [("undecided", "bob", "mon 10:00")]


def test_the_automatic_reply_speaks_the_customers_language_and_else_the_fallback() -> None:
    japanese = Story().hears("こんにちは", "mon 10:00", lang="ja")
    french = Story().hears("bonjour", "mon 10:00", lang="fr")

    assert japanese.deliveries[0].parameters["text"] == "Cleo様、3月2日(月) 11:00までに。"
    assert french.deliveries[0].parameters["text"] == "Thank you, Cleo. We answer by Mon 2 Mar, 11:00 UTC."


def test_a_muted_incident_hears_no_machine_until_its_time_is_over() -> None:
    by_hand = {
        "reply: {send: ack}, apologise: none, resolve: by_hand}": "reply: by_hand, apologise: none, resolve: by_hand}"
    }
    rules = GREET.replace("greet:", "hush:\n    when: {incident.messages: 1}\n    do: [{mute: 2h}]\n  greet:")
    story = Story(compiled(replaced=by_hand, more=rules))
    story.hears("hm", "mon 10:00").hears("hm", "mon 11:00").hears("hm", "mon 12:01")

    assert story.said() == [("thanks", "mon 10:00"), ("thanks", "mon 12:01")]
    assert suppressed(story) == [("thanks", "muted")]


def test_an_automatic_answer_is_not_delivered_when_the_message_has_grown_too_old() -> None:
    ack = Story(deliver=False).hears("hm", "mon 10:00").deliveries[0]

    assert ack.not_after == at("wed 10:00")


def test_what_a_person_approved_is_never_too_late() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00")
    story.approves("mon 10:20", text="We are sorry. A new one leaves today. ^AN")

    assert story.deliveries[-1].not_after is None


LOOKUP = {
    "  - {id: rest, when: always, reply: {send: ack}, apologise: none, resolve: by_hand}\n": (
        "  - id: rest\n    when: always\n"
        "    reply: {do: [{lookup: {table: stock, answer: stock-answer, unsure: by_hand}}]}\n"
        "    apologise: none\n    resolve: none\n"
    )
}


def test_a_look_up_reads_the_customers_words_and_they_are_forgotten_at_once() -> None:
    story = Story(compiled(replaced=LOOKUP), deliver=False).hears("any stools left", "mon 10:00")
    lookup = story.deliveries[0]

    assert (lookup.action, lookup.parameters["text"], lookup.parameters["lang"]) == ("lookup", "any stools left", "en")
    assert story.now.asking == ""


def test_a_look_up_that_waits_for_opening_keeps_the_words_until_then() -> None:
    story = Story(compiled(replaced=LOOKUP), deliver=False).hears("any stools left", "sun 10:00")
    assert story.now.asking == "any stools left"

    story.waits("+1w mon 09:00")

    lookup = next(delivery for delivery in story.deliveries if delivery.action == "lookup")
    assert lookup.parameters["text"] == "any stools left"
    assert story.now.asking == ""


def test_a_sure_answer_goes_to_the_customer_and_an_unsure_one_to_a_person() -> None:
    sure = Story(compiled(replaced=LOOKUP), deliver=False).hears("any stools left", "mon 10:00")
    sure.outcome(sure.deliveries[0], "action.delivered", result={"sure": True, "answer": "two in walnut"})
    unsure = Story(compiled(replaced=LOOKUP), deliver=False).hears("any stools left", "mon 10:00")
    unsure.outcome(unsure.deliveries[0], "action.delivered", result={"sure": False})

    assert sure.deliveries[-1].parameters["text"] == "In stock: two in walnut"
    assert [told[0] for told in unsure.told()] == ["undecided"]


MACHINES = {
    "an engine that answers ours": "Thank you for your message. We answer by 11:00.",
    "an auto-responder without headers": "I am away until Monday.",
    "a bot that thanks": "thanks!",
    "a quotation of our own words": "> We answer by 11:00.",
}


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_that_answers_each_of_our_answers_soon_meets_a_person(name: str) -> None:
    story = Story()
    for minute in range(40):
        story.hears(MACHINES[name], f"mon 10:{minute:02d}")

    assert len(story.said()) <= MOST_REPEATED
    assert story.draft().reason == "ping-pong"


def test_a_customer_who_writes_in_small_pieces_is_still_answered() -> None:
    story = Story()
    for minute in range(MOST_REPEATED):
        story.hears("hm", f"mon 10:{minute:02d}")

    assert len(story.said()) == MOST_REPEATED
    assert story.now.drafts == ()
