"""The decision: one incident, one event, one instant. The main path of the engine.

`decide` picks the part of this room that knows the event's type; each part changes the turn; the turn is settled and
closed. It never raises: what cannot be decided goes to a person as undecided (SEMANTICS 11.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from playbook_engine.decide import approvals, customer, ours, outcomes, people, timers
from playbook_engine.decide.acting import carry_out
from playbook_engine.decide.facts import NOTHING, Remembered
from playbook_engine.decide.promising import give_to
from playbook_engine.decide.rules import fire_rules
from playbook_engine.decide.telling import person_for, tell, undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident, Timer
from playbook_engine.policy.durations import say_duration
from playbook_engine.policy.policy import Policy


def decide(
    policy: Policy,
    incident: Incident,
    event: Event,
    now: int,
    timer: Timer | None = None,
    remembered: Remembered | None = None,
) -> Decision:
    """What `event` does to `incident` at `now` (ms UTC), which is not before the incident's clock.

    For a `timer.due` event `timer` is the one that came due. `remembered` is what an erased text said.
    """
    try:
        return deliberate(policy, incident, event, now, timer, remembered=remembered).decision()
    except Exception as error:
        turn = Turn(policy, _without(incident, timer), event, now)
        undecided(turn, f"{event.type} could not be decided ({type(error).__name__})")
        timers.settle(turn)
        return turn.decision()


def _without(incident: Incident, timer: Timer | None) -> Incident:
    """A timer that cannot be decided must not come due for ever."""
    return replace(incident, timers=tuple(held for held in incident.timers if held != timer))


def deliberate(
    policy: Policy,
    incident: Incident,
    event: Event,
    now: int,
    timer: Timer | None = None,
    assumed: Mapping[str, FactValue] = NOTHING,
    remembered: Remembered | None = None,
) -> Turn:
    """The turn as it stands when everything is decided: what `decide` closes and `explain` looks into.

    `assumed` are facts that conditions read in place of the true ones.
    """
    turn = Turn(policy, incident, event, now, assumed, remembered)
    if timer is not None:
        timers.due(turn, timer)
    else:
        _PARTS[event.type](turn)
    outcomes.unpark(turn)
    timers.settle(turn)
    return turn


def _approved(turn: Turn) -> None:
    delivery = approvals.granted(turn)
    if delivery is not None:
        carry_out(turn, delivery, by=turn.event.by)


def _silent(turn: Turn) -> None:
    """Nothing has come from an account for too long: its department's people are told."""
    account = turn.policy.accounts.get(str(turn.event.data.get("account", "")))
    if account is not None:
        give_to(turn, account.department)
        person = person_for(turn.policy, turn.department(), "department.on_duty", turn.now)
        subject = f"nothing has come from {account.id} for {say_duration(account.silent_after)}; is it still connected?"
        turn.note("silent", subject=account.id, person=person)
        tell(turn, person, purpose="silent", subject=subject)
    fire_rules(turn)


def _nothing(turn: Turn) -> None:
    turn.note("noted", subject=turn.event.type)


_PARTS: dict[str, Callable[[Turn], None]] = {
    "message.received": customer.received,
    "message.edited": customer.edited,
    "message.deleted": customer.deleted,
    "message.sent": ours.sent,
    "incident.acknowledged": people.taken,
    "incident.assigned": people.taken,
    "incident.waiting": people.waiting,
    "incident.resolved": people.resolved,
    "incident.linked": people.linked,
    "duty.waived": people.waived,
    "remedy.granted": people.remedy,
    "approval.granted": _approved,
    "approval.refused": approvals.refused,
    "approval.expired": _nothing,
    "mode.switched": _nothing,
    "timer.due": _nothing,
    "action.delivered": outcomes.outcome,
    "action.failed": outcomes.outcome,
    "action.unknown": outcomes.outcome,
    "action.held": outcomes.outcome,
    "action.over": outcomes.outcome,
    "action.expired": outcomes.outcome,
    "source.silent": _silent,
    "mode.started": fire_rules,
    "mode.ended": fire_rules,
}
