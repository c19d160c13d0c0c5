"""Drafts: what waits for a person, who is asked, and what an approval must name. SEMANTICS 8."""

from __future__ import annotations

from hashlib import sha256

import msgspec
from msgspec.structs import replace

from playbook_engine.decide.telling import person_for, tell, undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.decide.wording import PERSONAL, approver_values, word
from playbook_engine.model.delivery import Delivery, Draft
from playbook_engine.model.incident import Timer
from playbook_engine.policy.policy import Approval, Person
from playbook_engine.policy.templates import RenderError

UNDECIDED = "undecided"


def approval_chain(turn: Turn, approval: Approval | None) -> tuple[tuple[str, ...], int]:
    """Who is asked in turn, and for how long each (ms, 0: as long as it takes). The end is undecided.

    What the step leaves open is filled in by the department: its own approval, then who is on duty and its lead.
    """
    department = turn.department()
    own = department.approval if department is not None else None
    if approval is None or not approval.by:
        approval = own or Approval("department.on_duty", approval.within if approval else 0, "department.lead")
    otherwise = approval.otherwise or (own.otherwise if own is not None else "")
    within = approval.within or (own.within if own is not None else 0)
    chain = tuple(dict.fromkeys(name for name in (approval.by, otherwise, UNDECIDED) if name))
    return chain, within


def asked_person(turn: Turn, approval: Approval | None) -> str:
    """The person who is asked first."""
    chain, _ = approval_chain(turn, approval)
    return person_for(turn.policy, turn.department(), chain[0], turn.now)


def draft_digest(delivery: Delivery) -> str:
    """SHA-256 of what would leave: the action and its parameters."""
    content = msgspec.json.encode([delivery.action, delivery.channel, delivery.parameters], order="sorted")
    return sha256(content).hexdigest()


def ask(turn: Turn, delivery: Delivery, approval: Approval | None, reason: str, *, to_finish: bool = False) -> None:
    """Puts a delivery before a person instead of sending it."""
    chain, within = approval_chain(turn, approval)
    draft = Draft(
        key=delivery.key,
        delivery=delivery,
        digest=draft_digest(delivery),
        messages=turn.incident.messages,
        by=chain[0],
        person="",
        others=chain[1:],
        within=within,
        to_finish=to_finish,
        reason=reason,
    )
    _put_before(turn, draft)


def _put_before(turn: Turn, draft: Draft) -> None:
    """Asks the person whom `draft.by` means now."""
    person = person_for(turn.policy, turn.department(), draft.by, turn.now)
    if draft.person not in ("", person) and not draft.editors:
        draft = _reworded(turn, draft, turn.policy.people[person])
    expires = turn.now + draft.within if draft.within else 0
    draft = replace(draft, person=person, asked_at=turn.now, expires_at=expires)
    turn.change(drafts=(*(held for held in turn.incident.drafts if held.key != draft.key), draft))
    turn.drop_timers("draft", subject=draft.key)
    if expires:
        turn.add_timer(Timer(expires, name="draft", subject=draft.key))
    step, action = draft.delivery.step, draft.delivery.action
    turn.note(
        "draft-asked",
        step=step,
        person=person,
        because=draft.reason,
        subject=draft.key,
        deadline=expires or None,
    )
    text = str(draft.delivery.parameters.get("text", ""))
    tell(
        turn,
        person,
        purpose="approval",
        subject=f"please finish and send: {step}" if draft.to_finish else f"please approve: {action} ({step})",
        text=text,
        deadline=expires,
        not_after=expires or None,
        draft=draft,
    )


def _reworded(turn: Turn, draft: Draft, person: Person) -> Draft:
    """The draft as the next in line would send it, under their own initials."""
    delivery = draft.delivery
    template = turn.policy.templates.get(str(delivery.parameters.get("template", "")))
    if template is None:
        return draft
    try:
        rendered = word(turn, template, approver_values(turn, person), delivery.channel)
    except RenderError:
        return draft
    delivery = replace(delivery, parameters={**delivery.parameters, "text": rendered.text})
    return replace(draft, delivery=delivery, digest=draft_digest(delivery))


def find(turn: Turn, key: str) -> Draft | None:
    return next((draft for draft in turn.incident.drafts if draft.key == key), None)


def take_away(turn: Turn, draft: Draft) -> None:
    turn.change(drafts=tuple(held for held in turn.incident.drafts if held.key != draft.key))
    turn.drop_timers("draft", subject=draft.key)


def expired(turn: Turn, key: str) -> None:
    """Nobody answered in time: the next in line is asked; after the last it is undecided."""
    draft = find(turn, key)
    if draft is None:
        return
    turn.note("draft-expired", step=draft.delivery.step, person=draft.person, subject=key)
    if draft.others and draft.others[0] != UNDECIDED:
        _put_before(turn, replace(draft, by=draft.others[0], others=draft.others[1:]))
        return
    turn.drop_timers("draft", subject=key)
    undecided(turn, f"nobody approved the {draft.delivery.step or draft.delivery.action}")


def denied(turn: Turn, draft: Draft) -> bool:
    """Records the word of somebody who is not asked: the draft goes on waiting for those who are.

    Asked are the person before whom it lies and whoever would be asked in turn, themselves or who stands in for them.
    """
    if turn.event.by in _approvers(turn, draft):
        return False
    turn.note("draft-denied", subject=draft.key, by=turn.event.by, because="not-an-approver")
    return True


def _approvers(turn: Turn, draft: Draft) -> frozenset[str]:
    department = turn.department()
    names = [name for name in (draft.by, *draft.others) if name != UNDECIDED]
    people = {draft.person, *(name for name in names if name in turn.policy.people)}
    if department is not None and "department.lead" in names:
        people.add(department.lead)
    return frozenset(people.union(person_for(turn.policy, department, name, turn.now) for name in names)) - {""}


def check(turn: Turn, draft: Draft) -> str:
    """Why a granted approval cannot be carried out; "" when it can."""
    if turn.remembered is not None:
        return turn.remembered.stale
    said = turn.event.data
    by = turn.event.by
    text = said.get("text")
    if said.get("digest") != draft.digest or said.get("messages") != draft.messages:
        return "stale"
    if turn.incident.messages != draft.messages:
        return "stale"
    if draft.to_finish and (not isinstance(text, str) or PERSONAL in text):
        return "unfinished"
    return "four-eyes" if _needs_second_person(turn) and by in draft.editors else ""


def granted(turn: Turn) -> Delivery | None:
    """The delivery to be sent, byte for byte as approved; None where it has to be asked again."""
    draft = find(turn, str(turn.event.data.get("draft", "")))
    if draft is None:
        turn.note("draft-stale", subject=str(turn.event.data.get("draft", "")), by=turn.event.by)
        return None
    if denied(turn, draft):
        return None
    why = check(turn, draft)
    if why:
        turn.note("draft-stale", subject=draft.key, by=turn.event.by, because=why)
        _put_before(turn, replace(draft, messages=turn.incident.messages))
        return None
    text = turn.event.data.get("text")
    delivery = draft.delivery
    if isinstance(text, str) and text != delivery.parameters.get("text"):
        delivery = replace(delivery, parameters={**delivery.parameters, "text": text})
        if _needs_second_person(turn):
            editors = (*draft.editors, turn.event.by)
            changed = replace(draft, delivery=delivery, digest=draft_digest(delivery), editors=editors)
            _put_before(turn, replace(changed, to_finish=False, by=draft.others[0] if draft.others else draft.by))
            return None
    take_away(turn, draft)
    turn.note("draft-granted", step=delivery.step, by=turn.event.by, subject=draft.key)
    return delivery


def _needs_second_person(turn: Turn) -> bool:
    department = turn.department()
    return department is not None and department.four_eyes


def refused(turn: Turn) -> None:
    """A person said no: nothing is sent, and the step is left to people."""
    draft = find(turn, str(turn.event.data.get("draft", "")))
    if draft is None:
        turn.note("draft-stale", subject=str(turn.event.data.get("draft", "")), by=turn.event.by)
        return
    if denied(turn, draft):
        return
    take_away(turn, draft)
    because = str(turn.event.data.get("because", ""))
    turn.note("draft-refused", step=draft.delivery.step, by=turn.event.by, subject=draft.key, because=because)


def withdraw(turn: Turn, step: str) -> None:
    """Drafts and deliveries of a step that has been met otherwise no longer make sense."""
    for draft in turn.incident.drafts:
        if draft.delivery.step == step and draft.delivery.purpose == "step":
            take_away(turn, draft)
            turn.note("cancelled", step=step, subject=draft.key, because="done-otherwise")
    for sent in turn.incident.sent:
        if sent.step == step and sent.purpose == "step" and sent.state == "out" and sent.automatic:
            turn.cancels.append(sent.key)
            turn.note("cancelled", step=step, subject=sent.key, because="done-otherwise")
            turn.put_sent(replace(sent, state="cancelled"))
