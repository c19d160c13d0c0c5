"""A story of signs (life.py) told to the engine itself: what confirms a violation, and what the model is held to."""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.decide.advance import advance
from playbook_engine.decide.deadlines import next_opening
from playbook_engine.model.decision import Decision
from playbook_engine.model.duty import STEPS, Duty
from playbook_engine.model.event import Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.hours import NeverCloses, NeverOpens
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.life import Out, State

MINUTE = 60_000
INCIDENT = "proved"
PERSONAL_WORDS = "We have looked into it and will put it right."
_ACTIONS = ("send", "lookup")


class Lived:
    """One incident of the engine, told sign by sign, a minute apart. Nothing is sent and nothing is stored.

    `opening` is the customer's message, which every further one repeats; `by` is who acts for us. `decisions` are all
    that were made.
    """

    def __init__(self, policy: Policy, opening: Event, by: str = "somebody") -> None:
        self.policy, self.opening, self.by = policy, opening, by
        self.incident: Incident | None = None
        self.decisions: list[Decision] = []
        self.now = opening.at
        self._count = 0

    def tells(self, trace: tuple[str, ...]) -> bool:
        """Tells a whole story; whether every sign of it could come."""
        return all(self.take(sign) is not None for sign in trace)

    def take(self, sign: str) -> list[str] | None:
        """Lets a sign come about; None where it cannot.

        Returns what came about on the way, by the clock, and the sign itself, in order.
        """
        name, _, step = sign.partition(":")
        if name in ("deadline", "expire", "opens", "closes", "close"):
            until = self._instant(name, step)
            return None if until is None else self._wait(until)
        event = self._event(name, step)
        if event is None:
            return None
        passed = self._wait(self.now + MINUTE) if self.incident is not None else []
        event = self._event(name, step)
        if event is None or (self.incident is not None and self.incident.stage == "closed"):
            return passed
        self._decide(replace(event, at=self.now, seen_at=self.now))
        return [*passed, sign]

    def _event(self, name: str, step: str) -> Event | None:
        self._count += 1
        ours = replace(self.opening, source="proof", id=f"e{self._count}", text="", by=self.by, message="", person="")
        incident = self.incident
        if name == "customer":
            return replace(self.opening, id=f"e{self._count}", message=f"m{self._count}")
        if incident is None:
            return None
        if name in ("human", "apology"):
            said = {"step": "apologise"} if name == "apology" else {}
            return replace(ours, type="message.sent", text="-", message=f"m{self._count}", data=said)
        people = {"acknowledge": "acknowledged", "waiting": "waiting", "resolve": "resolved", "elsewhere": "resolved"}
        if name in people:
            elsewhere = {"elsewhere": True} if name == "elsewhere" else {}
            return replace(ours, type=f"incident.{people[name]}", data=elsewhere)
        if name == "waive":
            return replace(ours, type="duty.waived", data={"step": step})
        if name == "rule":
            return replace(ours, type="source.silent", by="")
        return self._about_draft(ours, incident, name) or self._about_delivery(ours, incident, name)

    def _about_draft(self, ours: Event, incident: Incident, name: str) -> Event | None:
        if name not in ("approve", "refuse") or not incident.drafts:
            return None
        draft = incident.drafts[0]
        data: dict[str, object] = {"draft": draft.key, "digest": draft.digest, "messages": draft.messages}
        if draft.to_finish:
            data["text"] = PERSONAL_WORDS
        type = "approval.granted" if name == "approve" else "approval.refused"
        return replace(ours, type=type, by=draft.person, data=data)

    def _about_delivery(self, ours: Event, incident: Incident, name: str) -> Event | None:
        out = [sent for sent in incident.sent if sent.state == "out" and sent.action in _ACTIONS]
        if name not in ("delivered", "failed", "unknown") or not out:
            return None
        data = {"key": out[0].key, "message": f"sent-{out[0].key}", "result": {"sure": True, "answer": "-"}}
        return replace(ours, source="engine", by="", type=f"action.{name}", depth=out[0].depth, data=data)

    def _instant(self, name: str, step: str) -> int | None:
        """When a sign of the clock comes; None where it does not."""
        incident = self.incident
        department = self.policy.departments.get(incident.department) if incident is not None else None
        if name in ("opens", "closes"):
            try:
                if department is None or not department.calendar:
                    return None
                hours = self.policy.calendars[department.calendar].hours
                return (
                    next_opening(self.policy, department, self.now) if name == "opens" else hours.next_close(self.now)
                )
            except (NeverOpens, NeverCloses):
                return None
        if incident is None:
            return None
        if name == "expire":
            ends = [draft.expires_at for draft in incident.drafts[:1] if draft.expires_at]
        elif name == "close":
            ends = [timer.due for timer in incident.timers if timer.name == "close"]
        else:
            ends = [t.due for t in incident.timers if t.name == "breach" and t.duty.endswith(f":{step}")]
        return max(self.now, ends[0]) if ends else None

    def _wait(self, until: int) -> list[str]:
        """Works off every timer due by an instant, and says which signs of the clock came about."""
        signs: list[str] = []
        while self.incident is not None and self.incident.wake_at is not None and self.incident.wake_at <= until:
            signs += self._passes(max(self.now, self.incident.wake_at))
            for before, decision in self._decide(None):
                signs += _by_the_clock(before, decision)
        return signs + self._passes(until)

    def _passes(self, until: int) -> list[str]:
        """Openings and closings up to an instant, of the department that answers."""
        signs: list[str] = []
        department = self.policy.departments.get(self.incident.department) if self.incident is not None else None
        if department is not None and department.calendar:
            hours = self.policy.calendars[department.calendar].hours
            if hours.is_open(until) != hours.is_open(self.now):
                signs = ["opens" if hours.is_open(until) else "closes"]
        self.now = max(self.now, until)
        return signs

    def _decide(self, event: Event | None) -> list[tuple[Incident | None, Decision]]:
        """What an event, or the timers due now, decide; each decision with the incident before it."""
        pairs = []
        for decision in advance(self.policy, self.incident, event, self.now, INCIDENT):
            pairs.append((self.incident, decision))
            self.decisions.append(decision)
            self.incident = decision.incident
        return pairs


def _by_the_clock(before: Incident | None, decision: Decision) -> list[str]:
    """The signs of the clock that one timer was."""
    signs = []
    for note in decision.notes:
        if note.kind == "duty-breached":
            signs.append(f"deadline:{note.step}")
        elif note.kind == "draft-expired":
            signs.append("expire")
    if before is not None and before.stage != "closed" and decision.incident.stage == "closed":
        signs.append("close")
    return signs


def seen(incident: Incident, shut: bool = False) -> State:
    """An incident of the engine as a state of the model; what the model alone knows is left at its beginning."""
    latest = [_latest(incident, step) for step in STEPS]
    reply, apologise, resolve = (_state(duty) for duty in latest)
    marks = [f"{incident.round}:reply", *(f"{incident.epoch}:{step}" for step in STEPS[1:])]
    first, second, third = (mark in incident.released for mark in marks)
    out = [sent for sent in incident.sent if sent.state == "out" and sent.action in _ACTIONS]
    return State(
        stage=incident.stage,
        duties=(reply, apologise, resolve),
        rounds=min(2, incident.round - incident.epoch + 1),
        released=(first, second, third),
        drafts=tuple((draft.delivery.step, draft.messages == incident.messages) for draft in incident.drafts),
        out=tuple(Out(sent.step, sent.action, bool(sent.by), sent.apology) for sent in out),
        parked=tuple(event.data.get("step") == "apologise" for event in incident.parked),
        voiced=incident.channel in incident.voiced,
        taken=bool(incident.taken_by),
        muted=incident.muted,
        resolution=incident.resolution is not None,
        paused=any(duty.paused for duty in incident.duties),
        shut=shut,
    )


def comparable(state: State) -> State:
    """A state of the model as far as an incident shows it: evidence that was in time may arrive late."""
    reply, apologise, resolve = ("met" if duty == "late" else duty for duty in state.duties)
    return state._replace(duties=(reply, apologise, resolve), spoken=0, told=False)


def _latest(incident: Incident, step: str) -> Duty | None:
    found = [duty for duty in incident.duties if duty.step == step and duty.round >= incident.epoch]
    return found[-1] if found else None


def _state(duty: Duty | None) -> str:
    return "" if duty is None else "met" if duty.state == "late" else duty.state
