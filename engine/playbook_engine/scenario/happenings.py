"""What came about in a run, as tests speak of it: what left, who was asked, what was met or missed, what decided.

A notification that asks for an approval is one with the draft it is about, and attempts that are made again are one
with the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playbook_engine.decide.facts import incident_facts
from playbook_engine.model.decision import Decision, Note
from playbook_engine.model.delivery import Delivery, Draft
from playbook_engine.model.event import Event, FactValue
from playbook_engine.policy.conditions import holds
from playbook_engine.policy.money import say_money
from playbook_engine.policy.policy import Policy

OUTWARD = ("send", "post", "notify", "draft", "action")
"""Kinds that tests expect in full: people outside, or ours, see them."""

OF_DUTIES = {"duty-met": "met", "duty-late": "late", "duty-breached": "breached", "duty-waived": "waived"}
OF_MODES = {"mode.started": "mode_started", "mode.ended": "mode_ended"}
KINDS = (*OUTWARD, *OF_DUTIES.values(), "stage", "suppressed", *OF_MODES.values(), "decision")
NONE = "none"
APPROVAL = "approval"
READ = ("message.received", "message.edited")
_DECIDED = ("route", "target", "respond", "department")


@dataclass(frozen=True)
class Happening:
    """One thing that came about at `at` (ms UTC). `name` is what an expectation of its kind names.

    `values` are what else can be asked of it; `decision` is the key of the event that decided it.
    """

    at: int
    kind: str
    name: str
    incident: str
    decision: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def outward(self) -> bool:
        return self.kind in OUTWARD


@dataclass(frozen=True)
class _Made:
    """What is known of an incident after one decision."""

    decision: Decision
    rows: Mapping[str, object]


class Log:
    """Hears every decision and everything that leaves. `event_of` finds an event by its key."""

    def __init__(self, policy: Policy, event_of: Callable[[str], Event | None]) -> None:
        self.happenings: list[Happening] = []
        self.decisions: list[Decision] = []
        self._policy = policy
        self._event_of = event_of
        self._routes: dict[str, str] = {}
        self._made: dict[str, _Made] = {}
        self._lost: set[str] = set()

    def decided(self, decision: Decision) -> None:
        """A decision: what it says of itself, and where what it sends comes from."""
        self.decisions.append(decision)
        made = _Made(decision, self._rows(decision))
        self._made |= {delivery.key: made for delivery in decision.deliveries}
        if decision.type in READ or decision.because.rules:
            self._add(made, "decision", "", self._read(decision))
        if kind := OF_MODES.get(decision.type):
            event = self._event_of(decision.event)
            self._add(made, kind, str(event.data.get("mode", "")) if event is not None else "")
        for note in decision.notes:
            self._note(made, note)

    def left(self, delivery: Delivery, now: int, outcome: str) -> None:
        """Something was handed to a carrier, which is its last attempt unless `outcome` is `again`."""
        made = self._made.get(delivery.key)
        if made is None or delivery.purpose == APPROVAL or outcome == "again":
            if made is not None and outcome == "again":
                self._lost.add(delivery.key)
            return
        self._lost.discard(delivery.key)
        self._add(made, *_of_delivery(made.decision, delivery, outcome), at=now)

    def _note(self, made: _Made, note: Note) -> None:
        if kind := OF_DUTIES.get(note.kind):
            person = {"person": note.by} if note.by else {}
            self._add(made, kind, note.step, {**person, "because": note.because}, at=_noted(note))
        elif note.kind == "stage":
            self._add(made, "stage", note.subject)
        elif note.kind == "suppressed":
            self._add(made, "suppressed", note.subject, {"because": note.because, "step": note.step})
        elif note.kind == "draft-asked":
            draft = next(each for each in made.decision.incident.drafts if each.key == note.subject)
            self._add(made, "draft", _draft_name(draft), _of_draft(draft, note))
        elif note.kind == "delivery" and note.because == "failed":
            self._given_up(made)

    def _given_up(self, made: _Made) -> None:
        """What failed after attempts that were to be made again was never told of."""
        event = self._event_of(made.decision.event)
        key = str(event.data.get("key", "")) if event is not None else ""
        if key in self._lost:
            self._lost.discard(key)
            before = self._made[key]
            delivery = next(each for each in before.decision.deliveries if each.key == key)
            self._add(before, *_of_delivery(before.decision, delivery, "failed"), at=made.decision.now)

    def _add(
        self, made: _Made, kind: str, name: str, values: Mapping[str, object] | None = None, at: int | None = None
    ) -> None:
        decision = made.decision
        when = decision.now if at is None else at
        told = {**made.rows, **(values or {})}
        self.happenings.append(Happening(when, kind, name, decision.incident.id, decision.event, told))

    def _rows(self, decision: Decision) -> dict[str, object]:
        incident, because = decision.incident, decision.because
        if because.route:
            self._routes[incident.id] = because.route
        return {
            "route": self._routes.get(incident.id, NONE),
            "target": incident.target or NONE,
            "respond": incident.response or NONE,
            "rule": because.rules or (NONE,),
            "department": incident.department or NONE,
            **{f"facts.{name}": value for name, value in self._facts(decision).items()},
        }

    def _facts(self, decision: Decision) -> Mapping[str, FactValue]:
        return {**self._policy.unset_facts, **decision.incident.facts}

    def _read(self, decision: Decision) -> dict[str, object]:
        """What decided a message; of one that is ignored nothing else did."""
        because, incident = decision.because, decision.incident
        told = {
            "ignored": because.ignore or NONE,
            "classify": because.classify or (NONE,),
            "human_only": not because.ignore and self._human_only(decision),
            **{f"due.{duty.step}": duty.deadline for duty in incident.duties if duty.unmet},
        }
        return {**told, **dict.fromkeys(_DECIDED, NONE)} if because.ignore else told

    def _human_only(self, decision: Decision) -> bool:
        incident = decision.incident
        facts = incident_facts(self._policy, incident, decision.now, incident.answering_at)
        return any(holds(test, facts) for test in self._policy.human_only)


def _noted(note: Note) -> int:
    """A deadline passes at its own instant; the timer that finds it undone stands a millisecond later."""
    return note.deadline if note.kind == "duty-breached" and note.deadline is not None else note.at


def _draft_name(draft: Draft) -> str:
    return str(draft.delivery.parameters.get("template", draft.delivery.action))


def _of_draft(draft: Draft, note: Note) -> dict[str, object]:
    delivery = draft.delivery
    return {
        "step": delivery.step,
        "asks": note.person,
        "because": note.because,
        "channel": delivery.channel,
        **_said(delivery),
        **_with(delivery),
    }


def _of_delivery(decision: Decision, delivery: Delivery, outcome: str) -> tuple[str, str, dict[str, object]]:
    """Kind, name and values of what left."""
    parameters = delivery.parameters
    values: dict[str, object] = {"outcome": outcome, "channel": delivery.channel, **_said(delivery)}
    if delivery.action == "notify":
        level = {"level": str(parameters["level"])} if "level" in parameters else {}
        return "notify", delivery.person, {**values, **level, "purpose": delivery.purpose}
    by = next((sent.by for sent in decision.incident.sent if sent.key == delivery.key), "")
    values |= {"step": delivery.step, "approved_by": by or NONE}
    if delivery.action in ("send", "post"):
        return delivery.action, str(parameters.get("template", NONE)), {**values, "to": str(parameters.get("to", ""))}
    return "action", delivery.action, {**values, **_with(delivery)}


def _said(delivery: Delivery) -> dict[str, object]:
    names = ("text", "lang", "subject")
    return {name: str(delivery.parameters[name]) for name in names if name in delivery.parameters}


def _with(delivery: Delivery) -> dict[str, object]:
    """Parameters as the playbook writes them: money as an amount with its currency."""
    parameters = delivery.parameters
    told: dict[str, object] = {f"with.{name}": value for name, value in parameters.items() if name != "currency"}
    if isinstance(parameters.get("amount"), int) and "currency" in parameters:
        told["with.amount"] = say_money(int(parameters["amount"]), str(parameters["currency"]))
    return told
