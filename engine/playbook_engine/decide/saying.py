"""Messages to customers: what is said, and whether it may leave without a person. SEMANTICS 8, 9.1 and 9.4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbook_engine.decide.approvals import ask, asked_person
from playbook_engine.decide.facts import account_id
from playbook_engine.decide.leaving import leave
from playbook_engine.decide.telling import undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.decide.wording import PERSONAL, approver_values, word
from playbook_engine.model.delivery import Delivery
from playbook_engine.policy.lengths import fits
from playbook_engine.policy.policy import Approval
from playbook_engine.policy.template_variables import Value
from playbook_engine.policy.templates import RenderError

MOST_REPEATED = 5
"""How often machines say one template to a customer of one incident before a person looks at it.

Whoever still writes then has not been helped by it, or is a machine that says so in no header. RFC 3834 section 2
would have the same answer given once in several days; five leaves room for people who write in small pieces.
"""


@dataclass(frozen=True)
class Message:
    """What is to be said: a template, for a step or a rule, at once or after a person's word.

    `apology` marks a text that apologises: the apologise step's own, or a reply that is one with it.
    `account` is set on posts of our own that answer nobody. `by` is the person whose doing it is.
    """

    template: str
    step: str
    purpose: str = "step"
    draft: bool = False
    approval: Approval | None = None
    apology: bool = False
    account: str = ""
    action: str = "send"
    by: str = ""


def say(turn: Turn, message: Message, extra: Mapping[str, Value] | None = None) -> None:
    """Renders the message and puts it on its way, before a person, or aside with the reason."""
    channel = _channel(turn, message)
    why = must_be_asked(turn, message)
    if not why and not message.by and (turn.incident.muted or channel in turn.incident.voiced):
        reason = "muted" if turn.incident.muted else "one-voice"
        turn.note("suppressed", because=reason, step=message.step, subject=message.template)
        return
    values: dict[str, Value] = dict(extra or {})
    if why:
        person = turn.policy.people[asked_person(turn, message.approval)]
        values |= approver_values(turn, person)
    try:
        delivery = _compose(turn, message, channel, values)
    except RenderError as error:
        undecided(turn, f"template `{message.template}` cannot be rendered: {error}")
        return
    if not why and not _short_enough(delivery):
        why = "too-long"
    if why:
        ask(turn, delivery, message.approval, why, to_finish=PERSONAL in str(delivery.parameters["text"]))
    else:
        send(turn, delivery, apology=message.apology, by=message.by)


def must_be_asked(turn: Turn, message: Message) -> str:
    """Why a person has to see the message first; "" when it may leave by itself.

    While we wait for the customer a message answers none of theirs, so none can be too old.
    """
    incident = turn.incident
    if message.draft:
        return "draft"
    if message.approval is not None:
        return "approval"
    if message.by:
        return ""
    if turn.human_only():
        return "human-only"
    if incident.origin == "listening":
        return "listening"
    if message.action != "send" or incident.stage == "waiting":
        return ""
    if _repeated(turn, message.template) >= MOST_REPEATED:
        return "ping-pong"
    if incident.answering_imported:
        return "imported"
    return "too-old" if turn.now - incident.answering_at > turn.policy.answer_within_max else ""


def _repeated(turn: Turn, template: str) -> int:
    """How often the template left here without a person's word."""
    left = (sent for sent in turn.incident.sent if sent.automatic and sent.state in ("out", "delivered"))
    return sum(sent.action == "send" and sent.parameters.get("template") == template for sent in left)


def _channel(turn: Turn, message: Message) -> str:
    return message.account.partition(":")[0] if message.account else turn.incident.channel


def _compose(turn: Turn, message: Message, channel: str, values: Mapping[str, Value]) -> Delivery:
    incident = turn.incident
    rendered = word(turn, turn.policy.templates[message.template], values, channel)
    account = message.account or account_id(incident.channel, incident.account)
    parameters: dict[str, object] = {
        "text": rendered.text,
        "lang": rendered.language,
        "template": message.template,
        "incident": incident.id,
        "account": account,
    }
    if rendered.subject:
        parameters["subject"] = rendered.subject
    if message.action == "send":
        parameters["to"] = incident.author.handle or incident.customer
        parameters["in_reply_to"] = incident.answering
        parameters["conversation"] = incident.threads[0].rpartition("|")[2]
    duty = turn.duty(message.step)
    answers = message.action == "send" and incident.stage != "waiting" and bool(incident.messages)
    return Delivery(
        key=turn.next_key(message.step, channel),
        incident=incident.id,
        action=message.action,
        channel=channel,
        parameters=parameters,
        purpose=message.purpose,
        step=message.step,
        account=account,
        public=incident.public or message.action == "post",
        at=turn.now,
        rank=3 if duty is not None else 5,
        deadline=duty.deadline if duty is not None else 0,
        not_after=incident.answering_at + turn.policy.answer_within_max if answers else None,
        depth=turn.event.depth + 1,
    )


def _short_enough(delivery: Delivery) -> bool:
    measured = fits(delivery.channel, str(delivery.parameters["text"]))
    return measured is None or measured[0] <= measured[1]


def send(turn: Turn, delivery: Delivery, *, apology: bool = False, by: str = "") -> None:
    """Puts a message to the customer on its way. `by` is the person who approved it."""
    leave(turn, delivery, by=by, apology=apology or delivery.step == "apologise")
    if not by and delivery.action == "send":
        turn.change(voiced=tuple(sorted({*turn.incident.voiced, delivery.channel})))
