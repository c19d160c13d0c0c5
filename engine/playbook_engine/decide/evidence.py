"""What meets a duty, and when it counts. SEMANTICS 5.3 and 5.4."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from playbook_engine.decide.approvals import take_away, withdraw
from playbook_engine.decide.escalate import stop
from playbook_engine.decide.lifecycle import next_duty_state
from playbook_engine.decide.turn import Turn
from playbook_engine.model.duty import STEPS, Duty


@dataclass(frozen=True)
class Evidence:
    """Something that was said or done for the customer at `at` (ms). `by` is a person, or "" for a machine."""

    event: str
    at: int
    by: str = ""
    apology: bool = False


def said(turn: Turn, evidence: Evidence) -> None:
    """A message reached the customer: the reply it is, and the apology where it apologises."""
    _first_reply(turn, evidence)
    reply = turn.duty("reply")
    if reply is not None and (evidence.by or reply.counts == "any"):
        keep(turn, reply, evidence)
    apologise = turn.duty("apologise")
    if apologise is not None and evidence.apology and earlier_done(turn, "apologise"):
        keep(turn, apologise, evidence)
    resolve_if_ready(turn)


def _first_reply(turn: Turn, evidence: Evidence) -> None:
    incident = turn.incident
    if not incident.messages:
        return
    after = evidence.at - incident.opened_at
    if evidence.by and incident.first_human_reply_at is None:
        turn.change(first_human_reply_at=evidence.at)
        turn.note("first-reply", since=incident.opened_at, after=after, by=evidence.by, at=evidence.at)
    elif not evidence.by and incident.first_automatic_reply_at is None:
        turn.change(first_automatic_reply_at=evidence.at)
        turn.note("first-reply", since=incident.opened_at, after=after, by="automatic", at=evidence.at)


def earlier_done(turn: Turn, step: str) -> bool:
    """Every step before this one is met, waived or not owed."""
    before = STEPS[: STEPS.index(step)]
    return all(turn.unmet(earlier) is None for earlier in before)


def keep(turn: Turn, duty: Duty, evidence: Evidence) -> None:
    """Meets a duty. Evidence that was in time withdraws a breach, however late it arrives."""
    in_time = evidence.at <= duty.deadline
    if not duty.unmet and not (duty.state == "late" and in_time):
        return
    state = next_duty_state(duty.state, "kept" if in_time else "kept-late")
    if in_time and duty.state in ("breached", "late"):
        turn.note_duty("breach-withdrawn", duty)
    kept = replace(
        duty,
        state=state,
        evidence=evidence.event,
        evidence_at=evidence.at,
        evidence_by=evidence.by,
        paused=False,
        open_left=0,
    )
    turn.put_duty(kept)
    after, by = evidence.at - duty.since, evidence.by or "automatic"
    turn.note_duty("duty-met" if in_time else "duty-late", duty, at=evidence.at, after=after, by=by)
    end(turn, kept)


def end(turn: Turn, duty: Duty) -> None:
    """A met or waived duty stops its ladder and takes back what was still to be said for it."""
    stop(turn, duty)
    withdraw(turn, duty.step)
    if not any(other.unmet for other in turn.incident.duties):
        turn.change(level=0)


def waive(turn: Turn, duty: Duty, because: str) -> None:
    if not duty.unmet:
        return
    waived = replace(duty, state=next_duty_state(duty.state, "waived"), paused=False, open_left=0)
    turn.put_duty(waived)
    turn.note_duty("duty-waived", duty, by=turn.event.by, because=because)
    end(turn, waived)


def breach(turn: Turn, key: str) -> None:
    """The deadline has passed by one millisecond without evidence. The duty stays open."""
    duty = next((duty for duty in turn.incident.duties if duty.key == key), None)
    if duty is None or duty.state != "open" or duty.paused:
        return
    turn.put_duty(replace(duty, state=next_duty_state(duty.state, "overdue")))
    turn.note_duty("duty-breached", duty)


def resolve_if_ready(turn: Turn) -> None:
    """A person's resolution takes effect once the steps before it are done, and not a moment earlier."""
    resolution = turn.incident.resolution
    if resolution is None or not earlier_done(turn, "resolve"):
        return
    done = [duty.evidence_at for step in ("reply", "apologise") if (duty := turn.duty(step)) and duty.evidence_at]
    at = max([resolution.at, *done])
    turn.change(resolution=None)
    duty = turn.duty("resolve")
    if duty is not None:
        keep(turn, duty, Evidence(resolution.event, at, resolution.by or "automatic"))
    turn.stage("resolved")
    turn.change(resolved_at=at)
    cancel_drafts(turn, "resolved")
    turn.drop_timers("rule", "undecided", "repeat", "acknowledge")


def cancel_drafts(turn: Turn, because: str) -> None:
    for draft in turn.incident.drafts:
        take_away(turn, draft)
        turn.note("cancelled", step=draft.delivery.step, subject=draft.key, because=because)


def cancel_everything(turn: Turn, because: str) -> None:
    """Every draft and every delivery to the customer that has not left."""
    cancel_drafts(turn, because)
    for sent in turn.incident.sent:
        if sent.state == "out" and sent.action != "notify":
            turn.cancels.append(sent.key)
            turn.put_sent(replace(sent, state="cancelled"))
            turn.note("cancelled", step=sent.step, subject=sent.key, because=because)
