"""What we said ourselves: a person's message, or the echo of a delivery. SEMANTICS 5.3 and 9.2."""

from __future__ import annotations

from playbook_engine.decide.escalate import acknowledge
from playbook_engine.decide.evidence import Evidence, said
from playbook_engine.decide.rules import fire_rules
from playbook_engine.decide.turn import Turn
from playbook_engine.policy.apologies import apologises


def sent(turn: Turn) -> None:
    """Our own message arrived through the door."""
    event, incident = turn.event, turn.incident
    if _is_echo(turn):
        turn.note("echo", subject=event.message)
        return
    if any(out.state == "out" and out.channel == event.channel and out.action == "send" for out in incident.sent):
        turn.change(parked=(*incident.parked, event))
        turn.note("parked", subject=event.message or event.id)
        return
    if event.automatic:
        said(turn, Evidence(event.key, event.at))
        return
    by_person(turn)


def _is_echo(turn: Turn) -> bool:
    message = turn.event.message
    return bool(message) and any(sent.message == message for sent in turn.incident.sent)


def _apologises(turn: Turn) -> bool:
    if turn.remembered is not None:
        return "apology" in turn.remembered.read
    return apologises(turn.event.text, turn.event.lang)


def by_person(turn: Turn) -> None:
    """A person of ours wrote to the customer."""
    event = turn.event
    if not turn.incident.messages:
        turn.change(last_activity_at=turn.now)
        turn.note("noted", subject="nobody has written to us here yet")
        return
    by = event.by or event.author.handle or "somebody"
    turn.change(
        turns=turn.incident.turns + 1,
        voiced=(),
        last_activity_at=turn.now,
        taken_by=turn.incident.taken_by or by,
        public_turns=turn.incident.public_turns + (1 if event.public else 0),
    )
    acknowledge(turn, by)
    turn.stage("person")
    said(turn, Evidence(event.key, event.at, by, event.data.get("step") == "apologise" or _apologises(turn)))
    fire_rules(turn)
