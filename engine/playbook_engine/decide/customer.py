"""What a customer did: wrote, edited, deleted. SEMANTICS 3 to 5."""

from __future__ import annotations

from playbook_engine.decide.acting import LONGEST_QUESTION
from playbook_engine.decide.address import thread_key
from playbook_engine.decide.approvals import take_away
from playbook_engine.decide.facts import Facts, Reading, joined, open_facts, read_message
from playbook_engine.decide.promising import give_to, orient, promise, resume
from playbook_engine.decide.releasing import release
from playbook_engine.decide.rules import fire_rules
from playbook_engine.decide.turn import Turn
from playbook_engine.model.event import Author
from playbook_engine.policy.conditions import holds


def received(turn: Turn) -> None:
    """A message: read once, counted, answered."""
    reading = _read(turn)
    if reading.ignored_by:
        return
    _count(turn)
    _join(turn, reading)
    resume(turn, turn.event.at)
    if not turn.incident.taken_by or not turn.incident.target:
        orient(turn, turn.event.at)
    else:
        give_to(turn, turn.incident.home)
    promise(turn)
    turn.explain(human_only=turn.human_only())
    turn.change(asking=turn.event.text[:LONGEST_QUESTION] if _looks_up(turn) else "")
    release(turn)
    fire_rules(turn)
    _mark_modes(turn)


def _looks_up(turn: Turn) -> bool:
    """Whether a table is asked for the reply, for which the customer's words are needed."""
    response = turn.response()
    return response is not None and any("answer" in action.parameters for action in response.reply.actions)


def _count(turn: Turn) -> None:
    event, before = turn.event, turn.incident
    turn.stage("customer")
    if turn.incident.stage == "reopened" and before.stage == "resolved":
        turn.note("incident-reopened", subject=before.id)
        turn.change(
            reopened=before.reopened + 1,
            facts={},
            taken_by="",
            target="",
            response="",
            response_of="",
            epoch=before.round + 1,
            resolved_at=None,
        )
    thread = thread_key(event)
    turn.change(
        threads=before.threads if thread in before.threads else (*before.threads, thread),
        messages=before.messages + 1,
        turns=before.turns + 1,
        answering=event.message or event.id,
        answering_at=event.at,
        answering_imported=event.imported,
        voiced=(),
        last_activity_at=turn.now,
        author=_known(before.author, event.author),
        customer=before.customer or event.person,
        lang=event.lang or before.lang,
    )
    if not before.messages:
        turn.change(opened_at=event.at)
        turn.note("incident-opened", at=event.at, subject=before.previous)


def _known(before: Author, now: Author) -> Author:
    """The latest the source has told, and what it told earlier where it is silent now."""
    return Author(
        handle=now.handle or before.handle,
        name=now.name or before.name,
        followers=before.followers if now.followers is None else now.followers,
        verified=before.verified if now.verified is None else now.verified,
    )


def _join(turn: Turn, reading: Reading) -> None:
    facts = joined(turn.policy, turn.incident.facts, reading.facts)
    turn.change(facts=facts, message_facts={**reading.base, **reading.facts})


def counted_facts(turn: Turn) -> Facts:
    """What the thresholds of modes read: the message's own facts, else those of its incident, else the defaults."""
    return {
        **turn.policy.unset_facts,
        **turn.incident.message_facts,
        **turn.incident.facts,
        **turn.because.facts,
        **open_facts(turn.policy, turn.now),
        "mode": turn.event.modes,
        **turn.assumed,
    }


def _read(turn: Turn) -> Reading:
    """What the message says, recorded; where it is ignored, with the row and its reason."""
    if turn.remembered is not None:
        reading = turn.remembered.reading(turn.event)
    else:
        reading = read_message(turn.policy, turn.event, turn.assumed)
    turn.explain(classify=reading.rows, facts=reading.facts)
    if reading.ignored_by:
        turn.explain(ignore=reading.ignored_by, reason=reading.because)
        turn.note("noted", subject=reading.ignored_by, because=reading.because)
    return reading


def _mark_modes(turn: Turn) -> None:
    """Which modes this message counts for; counting is not ours."""
    facts = counted_facts(turn)
    for mode in turn.policy.modes.values():
        thresholds = [threshold for threshold in (mode.starts, mode.ends) if threshold is not None]
        if any(holds(threshold.when, facts) for threshold in thresholds):
            turn.marks.append(mode.id)


def edited(turn: Turn) -> None:
    """The text has changed: it is read again, and what it says joins. It is no new message."""
    reading = _read(turn)
    if reading.ignored_by or not turn.incident.messages:
        return
    _join(turn, reading)
    if not turn.incident.taken_by:
        orient(turn, turn.incident.answering_at)
    turn.explain(human_only=turn.human_only())
    turn.note("noted", subject="edited")


def deleted(turn: Turn) -> None:
    """The message being answered is gone: what machines would still say to it is taken back; people decide the rest."""
    turn.note("noted", subject="deleted")
    message = turn.event.message or turn.event.in_reply_to
    if message and message != turn.incident.answering:
        return
    for sent in turn.incident.sent:
        if sent.state == "out" and sent.automatic and sent.action in ("send", "post"):
            turn.cancels.append(sent.key)
            turn.note("cancelled", step=sent.step, subject=sent.key, because="message-deleted")
    for draft in turn.incident.drafts:
        if draft.delivery.action == "send":
            take_away(turn, draft)
            turn.note("cancelled", step=draft.delivery.step, subject=draft.key, because="message-deleted")
