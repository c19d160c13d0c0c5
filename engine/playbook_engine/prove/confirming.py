"""Whether the engine itself tells the story that breaks something: only then is a violation reported."""

from __future__ import annotations

from playbook_engine.decide.lifecycle import is_over
from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import Event
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.automaton import ENDLESS, FORGOTTEN, ORDER, VOICE, Violation
from playbook_engine.prove.lived import Lived

_WATCHES = ("breach", "level", "repeat", "acknowledge", "idle", "undecided", "draft")


def confirmed(policy: Policy, opening: Event, violation: Violation, by: str = "somebody") -> bool:
    """Tells the story to the engine, beginning with `opening`, and looks whether it breaks what the model says it does.

    `opening` is a customer's message that meets the response and the target of the violation's switches; where it does
    not, the story goes otherwise and nothing is confirmed. A story with a sign that cannot come is not either.
    """
    lived = Lived(policy, opening, by)
    if not lived.tells(violation.trace) or lived.incident is None:
        return False
    return _BROKEN[violation.kind](lived, violation.step)


def _two_voices(lived: Lived, step: str) -> bool:
    """Two unapproved messages on one channel before customer or person wrote again."""
    spoken: list[str] = []
    for decision in lived.decisions:
        if decision.type in ("message.received", "message.sent"):
            spoken = []
        for delivery in decision.deliveries:
            if delivery.action == "send" and delivery.automatic:
                if delivery.channel in spoken:
                    return True
                spoken.append(delivery.channel)
    return False


def _out_of_order(lived: Lived, step: str) -> bool:
    """A step's own automatic message while an earlier step of the episode was owed before and after it left."""
    earlier = STEPS[: STEPS.index(step)]
    for decision in lived.decisions:
        incident = decision.incident
        owed = any(duty.unmet and duty.step in earlier and duty.round >= incident.epoch for duty in incident.duties)
        if owed and any(
            each.automatic and each.step == step and each.purpose == "step" for each in decision.deliveries
        ):
            return True
    return False


def _forgotten(lived: Lived, step: str) -> bool:
    """Something is owed, nothing will bring it up, and nobody has been told."""
    incident = lived.incident
    assert incident is not None
    if is_over(incident.stage) or not any(duty.unmet for duty in incident.duties):
        return False
    watched = any(timer.name in _WATCHES for timer in incident.timers)
    told = any(delivery.action == "notify" for decision in lived.decisions for delivery in decision.deliveries)
    return not watched and not told


def _endless(lived: Lived, step: str) -> bool:
    """The step is owed where the story ends; that nothing meets it any more only the model can say."""
    assert lived.incident is not None
    return any(duty.unmet and duty.step == step for duty in lived.incident.duties)


_BROKEN = {VOICE: _two_voices, ORDER: _out_of_order, FORGOTTEN: _forgotten, ENDLESS: _endless}
