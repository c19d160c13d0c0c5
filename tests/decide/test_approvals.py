"""Drafts and authority. SEMANTICS 8."""

from __future__ import annotations

from story import Story, compiled

FOUR_EYES = {"    lead: bob\n": "    lead: bob\n    four_eyes: true\n"}
BY_HAND = "reply: {send: ack}, apologise: none, resolve: by_hand}"
APPROVED = "reply: {send: ack, approve: {by: ann, within: 15m, else: eve}}, apologise: none, resolve: by_hand}"
ASK_FIRST = {BY_HAND: APPROVED}


def test_a_draft_is_put_before_whoever_is_on_duty() -> None:
    story = Story().hears("it is broken", "mon 10:00")

    assert story.draft().person == "ann"
    assert ("approval", "ann", "mon 10:00") in story.told()
    asked = next(delivery for delivery in story.deliveries if delivery.purpose == "approval")
    assert asked.parameters["digest"] == story.draft().digest
    assert story.draft().delivery.parameters["text"] == "We are sorry. {{ personal }} ^AN"


def test_what_a_person_finished_is_sent_byte_for_byte_and_meets_reply_and_apology() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.approves("mon 10:20", text="We are sorry. A new one leaves today. ^AN")

    assert story.deliveries[-1].parameters["text"] == "We are sorry. A new one leaves today. ^AN"
    assert story.deliveries[-1].automatic is False
    assert story.duty("reply").state == "met"
    assert story.duty("apologise").state == "met"
    assert story.now.drafts == ()


def test_an_unfinished_draft_is_not_sent() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    before = len(story.said())
    story.approves("mon 10:20")

    assert len(story.said()) == before
    assert story.now.drafts


def test_an_approval_names_what_was_seen_and_a_newer_message_makes_it_stale() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    seen = story.draft()
    story.hears("and it smells", "mon 10:10")
    named = {"draft": seen.key, "digest": seen.digest, "messages": seen.messages, "text": "We are sorry. ^AN"}
    story.takes("approval.granted", "mon 10:20", by="ann", data=named)

    assert [note.because for note in story.notes if note.kind == "draft-stale"] == ["stale"]
    assert story.draft().messages == 2
    assert [template for template, _ in story.said()] == ["ack"]


def test_a_draft_nobody_answers_goes_to_the_next_and_then_is_undecided() -> None:
    story = Story(compiled(replaced=ASK_FIRST)).hears("hm", "mon 10:00").waits("mon 10:31")

    assert [told for told in story.told() if told[0] in ("approval", "undecided")] == [
        ("approval", "ann", "mon 10:00"),
        ("approval", "eve", "mon 10:15"),
        ("undecided", "bob", "mon 10:30"),
    ]


def test_an_approved_reply_is_the_persons_own() -> None:
    story = Story(compiled(replaced=ASK_FIRST)).hears("hm", "mon 10:00").approves("mon 10:05")

    assert story.said() == [("ack", "mon 10:00")]
    assert story.duty("reply").evidence_by == "ann"


def test_a_refused_draft_is_not_sent() -> None:
    story = Story(compiled(replaced=ASK_FIRST)).hears("hm", "mon 10:00")
    story.takes("approval.refused", "mon 10:05", by="ann", data={"draft": story.draft().key, "because": "tone"})

    assert story.said() == []
    assert [(note.kind, note.because) for note in story.notes if note.kind == "draft-refused"] == [
        ("draft-refused", "tone")
    ]


def test_with_four_eyes_whoever_wrote_it_cannot_approve_it() -> None:
    story = Story(compiled(replaced=FOUR_EYES)).hears("it is broken", "mon 10:00")
    story.approves("mon 10:20", text="We are sorry. A new one leaves today. ^AN")
    assert [template for template, _ in story.said()] == ["ack"]
    assert story.draft().editors == ("ann",)

    story.approves("mon 10:25", by="ann")
    assert [template for template, _ in story.said()] == ["ack"]

    story.approves("mon 10:30", by="bob")
    assert [template for template, _ in story.said()] == ["ack", "sorry"]


def test_a_persons_own_reply_takes_back_what_was_to_be_approved() -> None:
    story = Story(compiled(replaced=ASK_FIRST)).hears("hm", "mon 10:00").says("answered myself", "mon 10:05")

    assert story.now.drafts == ()


def test_an_offer_is_never_carried_out_by_a_match() -> None:
    story = Story().hears("it is broken", "mon 10:00")

    assert [delivery for delivery in story.deliveries if delivery.action == "coupon"] == []


def test_a_person_gives_what_is_offered_within_the_authority() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.takes("remedy.granted", "mon 10:30", by="ann", data={"action": "coupon", "amount": "2000 JPY"})
    coupon = next(delivery for delivery in story.deliveries if delivery.action == "coupon")

    assert coupon.parameters["amount"] == 2000
    assert coupon.parameters["currency"] == "JPY"
    assert [(claim.tally, claim.amount, claim.limit, claim.over) for claim in coupon.claims] == [
        ("spend:care:coupon", 2000, 50000, "ask")
    ]
    assert story.now.spent == {"coupon": 2000}


def test_more_than_one_incident_may_have_is_asked_for() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.takes("remedy.granted", "mon 10:30", by="ann", data={"action": "coupon"})

    assert [delivery for delivery in story.deliveries if delivery.action == "coupon"] == []
    assert story.draft().person == "bob"
    assert story.draft().reason == "over-authority"

    story.approves("mon 10:40", by="bob")

    assert [delivery.parameters["amount"] for delivery in story.deliveries if delivery.action == "coupon"] == [3000]


def test_what_is_not_offered_is_not_given() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.takes("remedy.granted", "mon 10:30", by="ann", data={"action": "refund", "amount": 5})

    assert [told[0] for told in story.told()][-1] == "undecided"


def test_a_coupon_that_found_no_room_in_the_day_asks_the_lead() -> None:
    story = Story(deliver=False).hears("it is broken", "mon 10:00")
    story.takes("remedy.granted", "mon 10:30", by="ann", data={"action": "coupon", "amount": "2000 JPY"})
    coupon = next(delivery for delivery in story.deliveries if delivery.action == "coupon")
    story.outcome(coupon, "action.over", tally="spend:care:coupon", over="ask")

    assert story.draft().person == "bob"
    assert story.now.spent == {"coupon": 0}


def granted_coupon(send: str = "") -> Story:
    offer = {"{coupon: {amount: 3000 JPY}}": f"{{coupon: {{amount: 3000 JPY{send}}}}}"}
    thanks = "  thanks: Thank you for the kind words.\n"
    gift = {thanks: thanks + '  gift: "{{ coupon.code }} is worth {{ coupon.amount }}."\n'}
    story = Story(compiled(replaced={**offer, **gift}), deliver=False).hears("it is broken", "mon 10:00")
    story.takes("remedy.granted", "mon 10:30", by="ann", data={"action": "coupon", "amount": "2000 JPY"})
    coupon = next(delivery for delivery in story.deliveries if delivery.action == "coupon")
    return story.outcome(coupon, "action.delivered", result={"code": "SPRING-7"})


def test_a_coupons_code_goes_to_the_customer_where_the_playbook_says_how() -> None:
    sent = granted_coupon(", send: gift").deliveries[-1]

    assert sent.parameters["text"] == "SPRING-7 is worth 2000 JPY."
    assert sent.automatic is False


def test_a_coupons_code_goes_to_whoever_is_on_duty_where_the_playbook_does_not() -> None:
    told = granted_coupon().deliveries[-1]

    assert told.person == "ann"
    assert "SPRING-7" in str(told.parameters["subject"])


def test_whoever_is_not_asked_changes_nothing_and_is_named() -> None:
    story = Story(compiled(replaced=ASK_FIRST)).hears("hm", "mon 10:00")
    seen = story.draft()
    story.approves("mon 10:05", by="zoe")
    story.takes("approval.refused", "mon 10:06", by="zoe", data={"draft": seen.key, "because": "mine"})

    assert story.draft() == seen
    assert [(note.by, note.because) for note in story.notes if note.kind == "draft-denied"] == [
        ("zoe", "not-an-approver"),
        ("zoe", "not-an-approver"),
    ]


def test_the_fallback_may_answer_before_it_is_asked_and_whoever_let_it_pass_may_not() -> None:
    early = Story(compiled(replaced=ASK_FIRST)).hears("hm", "mon 10:00").approves("mon 10:05", by="eve")
    assert [template for template, _ in early.said()] == ["ack"]

    late = Story(compiled(replaced=ASK_FIRST)).hears("hm", "mon 10:00").waits("mon 10:16")
    late.approves("mon 10:17", by="ann")
    assert late.said() == []
    assert late.draft().person == "eve"


def test_above_what_a_department_may_spend_only_the_named_approver_decides() -> None:
    story = Story().hears("it is broken", "mon 10:00")
    story.takes("remedy.granted", "mon 10:30", by="ann", data={"action": "coupon"})
    story.approves("mon 10:40", by="ann")

    assert [delivery for delivery in story.deliveries if delivery.action == "coupon"] == []
    assert story.draft().reason == "over-authority"
