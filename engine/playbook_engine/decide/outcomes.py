"""What became of a delivery: it arrived, failed, may have gone, found no room, or came too late. SEMANTICS 9 and 10."""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.decide import escalate
from playbook_engine.decide.approvals import ask
from playbook_engine.decide.evidence import Evidence, said
from playbook_engine.decide.ours import sent as our_message
from playbook_engine.decide.rules import fire_rules
from playbook_engine.decide.saying import Message, say
from playbook_engine.decide.spending import authority
from playbook_engine.decide.telling import person_for, tell, undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.model.delivery import Delivery, Sent
from playbook_engine.policy.money import say_money
from playbook_engine.policy.policy import Approval
from playbook_engine.policy.template_variables import Value


def outcome(turn: Turn) -> None:
    """An `action.*` event for one of the incident's deliveries."""
    sent = turn.sent(str(turn.event.data.get("key", "")))
    if sent is None or sent.state not in ("out", "unknown", "cancelled", "failed"):
        return
    became = turn.event.type.removeprefix("action.")
    if became == "delivered" and "within" in turn.event.data:
        became = "gathered"
    turn.note("delivery", step=sent.step, person=sent.person, subject=sent.action, because=became)
    match turn.event.type:
        case "action.delivered":
            _delivered(turn, sent)
        case "action.over":
            _over(turn, sent)
        case "action.expired":
            turn.put_sent(replace(sent, state="expired"))
            _give_back(turn, sent)
            because = str(turn.event.data.get("because", "too-late"))
            turn.note("cancelled", step=sent.step, subject=sent.key, because=because)
            if sent.action != "notify" and because != "answered":
                undecided(turn, f"a {sent.action} for the {sent.step or sent.purpose} came too late to be sent")
        case "action.held":
            return
        case _:
            _failed(turn, sent)
    unpark(turn)
    fire_rules(turn)


def _delivered(turn: Turn, sent: Sent) -> None:
    event = turn.event
    turn.put_sent(replace(sent, state="delivered", message=str(event.data.get("message", ""))))
    if sent.action == "send":
        if sent.public:
            turn.change(public_turns=turn.incident.public_turns + 1)
        turn.change(last_activity_at=turn.now)
        if sent.by:
            turn.change(taken_by=turn.incident.taken_by or sent.by)
            turn.stage("person")
        else:
            turn.stage("ours")
        said(turn, Evidence(event.key, event.at, sent.by, sent.apology))
    elif sent.action == "notify" and sent.purpose == "escalation":
        escalate.delivered(turn, sent, event.at)
    elif sent.action == "lookup":
        _answer(turn, sent)
    elif sent.action not in ("send", "post", "notify"):
        _pass_on(turn, sent)
    _forget_cancelled(turn)


def _pass_on(turn: Turn, sent: Sent) -> None:
    """What an action brought goes to the customer where the playbook says how, else to whoever is on duty."""
    if isinstance(sent.parameters.get("send"), str):
        message = Message(str(sent.parameters["send"]), sent.step, sent.purpose, by=sent.by)
        say(turn, message, _result(turn, sent))
        return
    result = turn.event.data.get("result", {})
    if sent.purpose == "remedy" and isinstance(result, dict) and result:
        person = person_for(turn.policy, turn.department(), "department.on_duty", turn.now)
        brought = ", ".join(f"{name} {value}" for name, value in sorted(result.items()))
        subject = f"{sent.action} for {turn.incident.channel} {turn.incident.id}: {brought}"
        tell(turn, person, purpose="remedy", subject=subject)


def _result(turn: Turn, sent: Sent) -> dict[str, Value]:
    """What an action found, as templates name it: `coupon.code`, `ticket.number`."""
    result = turn.event.data.get("result", {})
    if not isinstance(result, dict):
        return {}
    values: dict[str, Value] = {str(name): str(value) for name, value in result.items()}
    amount, currency = sent.parameters.get("amount"), sent.parameters.get("currency")
    if isinstance(amount, int) and isinstance(currency, str):
        values["amount"] = say_money(amount, currency)
    return {sent.action: values}


def _answer(turn: Turn, sent: Sent) -> None:
    """A look-up that is sure answers the customer; in doubt a person does."""
    result = turn.event.data.get("result", {})
    if isinstance(result, dict) and result.get("sure") is True:
        say(
            turn,
            Message(str(sent.parameters["answer"]), sent.step, sent.purpose),
            {"answer": str(result.get("answer", ""))},
        )
        return
    unsure = str(sent.parameters.get("unsure", "by_hand"))
    if unsure != "by_hand":
        say(turn, Message(unsure, sent.step, sent.purpose))
    undecided(turn, f"the look-up in `{sent.parameters.get('table', '')}` found no sure answer")


def _failed(turn: Turn, sent: Sent) -> None:
    """It never went, or nobody knows: for a notification the deputy is told, then undecided; else a person decides."""
    unknown = turn.event.type == "action.unknown"
    turn.put_sent(replace(sent, state="unknown" if unknown else "failed"))
    _give_back(turn, sent)
    if sent.action != "notify":
        went = "may or may not have gone" if unknown else "could not be delivered"
        undecided(turn, f"the {sent.action} for the {sent.step or sent.purpose} {went}")
        return
    mark = f"unreached:{turn.incident.round}:{sent.person}"
    person = turn.policy.people.get(sent.person)
    if mark in turn.incident.fired or sent.purpose == "undecided":
        return
    turn.change(fired=(*turn.incident.fired, mark))
    if person is not None and person.deputy:
        tell(
            turn,
            person.deputy,
            purpose=sent.purpose,
            subject=f"{sent.person} could not be reached about {turn.incident.channel} {turn.incident.id}",
            duty=sent.duty,
            level=sent.level,
        )
    else:
        undecided(turn, f"{sent.person} could not be reached")


def _give_back(turn: Turn, sent: Sent) -> None:
    """Money that was not given is not spent."""
    amount = sent.parameters.get("amount")
    if isinstance(amount, int) and turn.event.type != "action.unknown":
        left = max(0, turn.incident.spent.get(sent.action, 0) - amount)
        turn.change(spent={**turn.incident.spent, sent.action: left})


def _over(turn: Turn, sent: Sent) -> None:
    """No room in a tally: money and held-back messages ask a person, the rest is recorded."""
    turn.put_sent(replace(sent, state="over"))
    turn.note("held", step=sent.step, subject=sent.key, because=str(turn.event.data.get("tally", "")))
    _give_back(turn, sent)
    if turn.event.data.get("over") != "ask":
        return
    delivery = Delivery(
        key=turn.next_key(sent.step, sent.channel),
        incident=turn.incident.id,
        action=sent.action,
        channel=sent.channel,
        parameters=dict(sent.parameters),
        purpose=sent.purpose,
        step=sent.step,
        public=sent.public,
        at=turn.now,
        depth=turn.event.depth,
    )
    allowed = authority(turn, sent.action)
    approver = Approval(allowed.approver) if allowed is not None and allowed.approver else None
    ask(turn, delivery, approver, "over-limit")


def unpark(turn: Turn) -> None:
    """Messages of ours that waited for an outcome are decided once nothing is out on their channel.

    What they waited for may have been taken back, and then no outcome comes: they are asked about every turn.
    """
    out = {sent.channel for sent in turn.incident.sent if sent.state == "out" and sent.action == "send"}
    ready = tuple(event for event in turn.incident.parked if event.channel not in out)
    if not ready:
        return
    turn.change(parked=tuple(event for event in turn.incident.parked if event.channel in out))
    turn_event = turn.event
    for event in ready:
        turn.event = event
        our_message(turn)
    turn.event = turn_event


def _forget_cancelled(turn: Turn) -> None:
    """What was taken back but had left already is no longer to be cancelled."""
    gone = {sent.key for sent in turn.incident.sent if sent.state == "delivered"}
    turn.cancels = [key for key in turn.cancels if key not in gone]
