"""Who is told, and the notification that tells them. SEMANTICS 7 and 11.1."""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.decide.leaving import leave
from playbook_engine.decide.turn import Turn
from playbook_engine.model.delivery import Delivery, Draft
from playbook_engine.model.incident import Timer
from playbook_engine.policy.policy import Address, Department, Person, Policy


def on_duty(policy: Policy, department: Department, now: int) -> str:
    """The first whose calendar is open; if none is, the first."""
    for calendar, person in department.on_duty:
        if not calendar or policy.calendars[calendar].hours.is_open(now):
            return person
    return department.on_duty[0][1] if department.on_duty else department.lead


def available(policy: Policy, person: str, now: int) -> str:
    """The person, or the first deputy down the line who is in hours; if nobody is, the person.

    Deputy chains are acyclic by the time a policy exists.
    """
    asked = policy.people.get(person)
    while asked is not None:
        if not asked.calendar or policy.calendars[asked.calendar].hours.is_open(now):
            return asked.id
        asked = policy.people.get(asked.deputy)
    return person


def person_for(policy: Policy, department: Department | None, target: str, now: int) -> str:
    """Who a target such as `department.lead` means at `now`; `undecided` and lost names mean its person."""
    person = ""
    if target in policy.people:
        person = target
    elif department is not None and target == "department.on_duty":
        person = on_duty(policy, department, now)
    elif department is not None and target == "department.lead":
        person = department.lead or on_duty(policy, department, now)
    return available(policy, person or policy.undecided.person, now)


def tell(
    turn: Turn,
    person: str,
    *,
    purpose: str,
    subject: str,
    text: str = "",
    deadline: int = 0,
    not_after: int | None = None,
    duty: str = "",
    level: str = "",
    draft: Draft | None = None,
) -> None:
    """Puts one notification to a person on its way; one about a draft names what an approval has to name."""
    delivery = notice(
        turn.policy,
        turn.incident.id,
        turn.next_key("notify", person),
        person,
        subject,
        text,
        at=turn.now,
        purpose=purpose,
    )
    parameters = delivery.parameters
    if deadline:
        parameters["deadline"] = deadline
    if level:
        parameters["level"] = level
    if draft is not None:
        parameters |= {"draft": draft.key, "digest": draft.digest, "messages": draft.messages}
    delivery = replace(delivery, deadline=deadline, not_after=not_after, depth=turn.event.depth + 1)
    leave(turn, delivery, duty=duty, level=level)


def notice(
    policy: Policy,
    incident: str,
    key: str,
    person: str,
    subject: str,
    text: str = "",
    *,
    at: int,
    purpose: str = "undecided",
) -> Delivery:
    """One notification to a person, by the first way to reach them."""
    address = _address(policy, person)
    return Delivery(
        key=key,
        incident=incident,
        action="notify",
        channel=address.kind,
        parameters={
            "to": person,
            "kind": address.kind,
            "address": address.value,
            "subject": subject,
            "text": text or subject,
            "incident": incident,
        },
        purpose=purpose,
        step="notify",
        person=person,
        rank=1 if purpose == "undecided" else 2,
        at=at,
    )


def _address(policy: Policy, person: str) -> Address:
    """The first way to reach a person; one without any is reached through the deputy."""
    asked: Person | None = policy.people.get(person)
    while asked is not None:
        if asked.via:
            return asked.via[0]
        asked = policy.people.get(asked.deputy)
    return Address("log", person)


def _mark(turn: Turn, reason: str) -> str:
    return f"undecided:{turn.incident.round}:{reason}"


def is_marked(turn: Turn, reason: str) -> bool:
    """Whether this reason has been told in the present round."""
    return _mark(turn, reason) in turn.incident.fired


def undecided(turn: Turn, reason: str) -> None:
    """What no rule decides goes to a person with a deadline, once per reason and round."""
    if is_marked(turn, reason):
        return
    turn.change(fired=(*turn.incident.fired, _mark(turn, reason)))
    person = available(turn.policy, turn.policy.undecided.person, turn.now)
    until = turn.now + turn.policy.undecided.within
    turn.note("undecided", because=reason, person=person, deadline=until)
    tell(turn, person, purpose="undecided", subject=f"nothing decides this: {reason}", deadline=until)
    turn.add_timer(Timer(until, name="undecided", subject=reason))
