"""Carrying out one action of a step or a rule: what changes the incident itself, and what leaves it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from playbook_engine.decide.address import private_thread
from playbook_engine.decide.approvals import ask
from playbook_engine.decide.evidence import resolve_if_ready
from playbook_engine.decide.facts import account_id
from playbook_engine.decide.leaving import leave
from playbook_engine.decide.promising import give_to
from playbook_engine.decide.saying import Message, say, send
from playbook_engine.decide.spending import over_authority, spending_claims
from playbook_engine.decide.telling import person_for, tell, undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.decide.wording import in_language, spoken_by, word_for
from playbook_engine.model.delivery import Claim, Delivery
from playbook_engine.model.incident import Resolution, Timer
from playbook_engine.policy.policy import Action, Approval, Money

LONGEST_QUESTION = 2_000
"""Characters of a customer's message that a look-up may read."""

DEEPEST = 3
"""An event this many deliveries deep makes no rule act any more. SEMANTICS 9.3."""


def act(turn: Turn, action: Action, *, step: str, purpose: str, once: Claim | None = None) -> None:
    """Carries out one action for a step (`step` is its name) or a rule (`step` is "rule")."""
    parameters = action.parameters
    match action.name:
        case "send":
            say(turn, Message(str(parameters["template"]), step, purpose, approval=action.approval))
        case "post":
            account = str(parameters["account"])
            say(
                turn,
                Message(
                    str(parameters["template"]),
                    step,
                    purpose,
                    approval=action.approval,
                    account=account,
                    action="post",
                ),
            )
        case "notify":
            _notify(turn, action)
        case "hand_over":
            hand_over(turn, parameters, step, purpose)
        case "tag":
            turn.change(tags=tuple(sorted({*turn.incident.tags, *_several(parameters["tags"])})))
        case "mute":
            _mute(turn, parameters.get("duration"))
        case "resolve":
            _resolve_by_itself(turn)
        case _:
            carry(turn, action, step=step, purpose=purpose, once=once)


def _resolve_by_itself(turn: Turn) -> None:
    """A machine closes nothing that is for people, nor while a person still has something to say."""
    if turn.human_only() or turn.incident.drafts:
        turn.note("suppressed", because="for-people", subject="resolve")
        return
    turn.change(resolution=Resolution(turn.event.key, turn.now))
    resolve_if_ready(turn)


def _mute(turn: Turn, duration: object) -> None:
    """Machines are silent in this incident from here on, or for as long as is said (ms)."""
    turn.change(muted=True)
    turn.drop_timers("unmute")
    if isinstance(duration, int) and duration:
        turn.add_timer(Timer(turn.now + duration, name="unmute"))


def _notify(turn: Turn, action: Action) -> None:
    """Tells people what the playbook wants told, or to look at the matter where it leaves that open."""
    parameters, incident = action.parameters, turn.incident
    for target in _several(parameters["to"]):
        person = turn.policy.people[person_for(turn.policy, turn.department(), target, turn.now)]
        languages = (person.language or turn.policy.fallback, turn.policy.fallback)
        text = ""
        if "template" in parameters:
            template = turn.policy.templates[str(parameters["template"])]
            text = word_for(turn, template, person, languages)
        elif "text" in parameters:
            text = _said(parameters["text"], languages)
        subject = text.partition("\n")[0] or f"please look at {incident.channel} {incident.id}"
        tell(turn, person.id, purpose="rule", subject=subject, text=text)


def _several(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else (str(value),)


def _said(value: object, languages: tuple[str, ...]) -> str:
    """A parameter that may be written in several languages."""
    return in_language(value, languages) if isinstance(value, Mapping) else str(value)


def hand_over(turn: Turn, parameters: Mapping[str, object], step: str, purpose: str) -> None:
    """To a department, to the department of another account, or to another channel.

    A hand-over to a channel binds the customer's private thread to this incident in the same transaction, and only
    then its message leaves, so that what they write there finds the incident.
    """
    incident = turn.incident
    if "department" in parameters:
        give_to(turn, str(parameters["department"]))
    elif "account" in parameters:
        account = turn.policy.accounts[str(parameters["account"])]
        give_to(turn, account.department)
    else:
        thread = private_thread(incident.channel, incident.account, incident.customer)
        if thread not in incident.threads:
            turn.change(threads=(*incident.threads, thread))
            turn.binds.append(thread)
    if "send" in parameters:
        say(turn, Message(str(parameters["send"]), step, purpose))


def carry(
    turn: Turn,
    action: Action,
    *,
    step: str,
    purpose: str,
    by: str = "",
    once: Claim | None = None,
) -> None:
    """Puts an action that a plugin carries out on its way, or before whoever has to approve it."""
    incident = turn.incident
    delivery = Delivery(
        key=turn.next_key(step, action.name),
        incident=incident.id,
        action=action.name,
        channel=action.name,
        parameters=_plain(turn, action.parameters),
        purpose=purpose,
        step=step,
        account=account_id(incident.channel, incident.account),
        automatic=not by,
        public="public" in action.spec.effects,
        at=turn.now,
        depth=turn.event.depth + 1,
    )
    delivery = replace(delivery, claims=(*spending_claims(turn, delivery), *((once,) if once else ())))
    reason, approval = _why_ask(turn, action, delivery, by)
    if reason == "not-allowed":
        undecided(turn, f"`{action.name}` is more than anybody may approve here")
    elif reason:
        ask(turn, delivery, approval, reason)
    else:
        carry_out(turn, delivery, by=by)


def _why_ask(turn: Turn, action: Action, delivery: Delivery, by: str) -> tuple[str, Approval | None]:
    over = over_authority(turn, delivery)
    if over is not None:
        return over
    if action.approval is not None:
        return "approval", action.approval
    # What only asks a table is seen by nobody; its answer is a message of its own.
    seen = {"public", "private", "spends"} & set(action.spec.effects) if "answer" not in action.parameters else set()
    if not by and seen and turn.human_only():
        return "human-only", None
    if not by and "public" in seen and turn.incident.origin == "listening":
        return "listening", None
    return "", None


def carry_out(turn: Turn, delivery: Delivery, *, by: str = "") -> None:
    """What may leave leaves: a message to the customer, or any other action."""
    if delivery.action in ("send", "post"):
        send(turn, delivery, by=by)
        return
    amount = delivery.parameters.get("amount")
    if isinstance(amount, int):
        spent = {**turn.incident.spent, delivery.action: turn.incident.spent.get(delivery.action, 0) + amount}
        turn.change(spent=spent)
    leave(turn, delivery, by=by)


def _plain(turn: Turn, parameters: Mapping[str, object]) -> dict[str, object]:
    """Parameters as a plugin reads them: money as minor units and a currency, plus whose matter it is."""
    plain: dict[str, object] = {"incident": turn.incident.id}
    for name, value in parameters.items():
        if isinstance(value, Money):
            plain[name] = value.amount
            plain["currency"] = value.currency
        elif isinstance(value, tuple):
            plain[name] = list(value)
        elif isinstance(value, Mapping):
            plain[name] = _said(value, (turn.policy.fallback,)) if _is_local(turn, value) else dict(value)
        else:
            plain[name] = value
    plain.setdefault("person", turn.incident.customer)
    if "answer" in parameters:
        plain |= {"text": turn.incident.asking or turn.event.text[:LONGEST_QUESTION], "lang": spoken_by(turn)}
        turn.change(asking="")
    return plain


def _is_local(turn: Turn, value: Mapping[str, object]) -> bool:
    """Whether the keys are languages: a text in several, or in one for all."""
    return all(key in ("", *turn.policy.languages) for key in value)
