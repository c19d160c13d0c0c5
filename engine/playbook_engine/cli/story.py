"""A run told as a story: what came in, what was said, when, why, and who was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

from playbook_engine.cli.output import moment, say_duration
from playbook_engine.model.decision import Decision, Note
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.event import ENGINE_TYPES, PEOPLE_TYPES, Event
from playbook_engine.policy.money import say_money
from playbook_engine.policy.policy import Policy
from playbook_engine.policy.zones import load_zone

LONGEST = 110
"""Characters of a text that are shown."""

SECOND = 1000
INDENT = " " * 18


class Story:
    """Prints events as they are admitted and decisions as they are made, in the playbook's time zone."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._zone = load_zone(policy.timezone)
        self._said_at = ""
        self._head = ("", 0)
        self._event = Event(source="", id="", type="", at=0, seen_at=0)

    def admitted(self, event: Event) -> None:
        self._event = event
        if event.type not in PEOPLE_TYPES:
            self._line(event.seen_at, _opening(event), bold=True)

    def decided(self, decision: Decision) -> None:
        """Tells what is worth telling; a timer or an outcome that changes nothing to be seen is passed over."""
        lines = [line for line in (*self._reasons(decision), *self._notes(decision), *self._out(decision)) if line]
        if not lines:
            return
        head = (decision.incident.id, decision.now // SECOND)
        if decision.type in ENGINE_TYPES and not decision.type.startswith("action.") and head != self._head:
            self._line(decision.now, _own(decision), bold=True)
        elif decision.type in PEOPLE_TYPES:
            self._line(
                decision.now, f"{self._event.by or 'somebody'}: {decision.type} for {_whose(decision)}", bold=True
            )
        self._head = head
        for line in lines:
            click.echo(INDENT + line)

    def _line(self, at: int, text: str, bold: bool = False) -> None:
        local = moment(at).astimezone(self._zone)
        day = f"{local:%a %Y-%m-%d}"
        if day != self._said_at:
            click.echo(("" if not self._said_at else "\n") + click.style(f"{local:%A %d %B %Y}", underline=True))
            self._said_at = day
        click.echo(f"{local:%H:%M:%S}  " + click.style(text, bold=bold))

    def _reasons(self, decision: Decision) -> list[str]:
        because = decision.because
        if because.ignore:
            return [f"· ignored: {because.reason} [{because.ignore}]"]
        lines = []
        if because.facts:
            facts = ", ".join(f"{name} {_value(value)}" for name, value in because.facts.items())
            lines.append(f"· read as {facts} [{', '.join(because.classify) or 'enrichment'}]")
        if because.respond:
            name = decision.incident.department
            lines.append(f"· {name} answers [{because.route}], response {because.respond}, target {because.target}")
        if because.rules:
            lines.append(f"· rule {', '.join(because.rules)}")
        return lines

    def _notes(self, decision: Decision) -> list[str]:
        return [_TOLD[note.kind](self, note) for note in decision.notes if note.kind in _TOLD]

    def _out(self, decision: Decision) -> list[str]:
        return [self._delivery(delivery) for delivery in decision.deliveries]

    def _delivery(self, delivery: Delivery) -> str:
        parameters = delivery.parameters
        text = _short(str(parameters.get("text", "")))
        if delivery.action == "notify":
            return f"→ tells {delivery.person} ({delivery.channel}): {_short(str(parameters.get('subject', '')))}"
        if delivery.action in ("send", "post"):
            who = parameters.get("to") or parameters.get("account", "")
            how = "" if delivery.automatic else " (approved)"
            return f"→ {delivery.action}s to {who} on {delivery.channel}{how}: {text}"
        return f"→ {delivery.action} {_parameters(parameters)}".rstrip()

    def when(self, at: int | None) -> str:
        if at is None:
            return "some time"
        return f"{moment(at).astimezone(self._zone):%a %d %b %H:%M}"


def _opening(event: Event) -> str:
    where = (
        event.channel
        + ("" if event.public else ", private")
        + (", found by listening" if event.origin == "listening" else "")
    )
    who = event.author.name or event.author.handle or "a customer"
    match event.type:
        case "message.received":
            return f"{who} ({where}) writes: {_short(event.text)}"
        case "message.sent":
            return f"{event.by or who} of ours ({where}) writes: {_short(event.text)}"
        case _:
            return f"{who} ({where}): {event.type}"


def _own(decision: Decision) -> str:
    if decision.type == "timer.due":
        return f"time passes for {_whose(decision)}"
    if decision.type == "source.silent":
        return f"nothing comes from {decision.incident.channel}:{decision.incident.account}"
    return f"{decision.type}: {', '.join(decision.incident.modes) or 'none in force'}"


def _whose(decision: Decision) -> str:
    incident = decision.incident
    return f"{incident.author.name or incident.author.handle or incident.id} ({incident.channel or 'everybody'})"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"


def _value(value: object) -> str:
    if isinstance(value, tuple | list):
        return "+".join(map(str, value)) or "none"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _parameters(parameters: Mapping[str, object]) -> str:
    shown = {name: value for name, value in parameters.items() if name not in ("incident", "person", "currency")}
    if "currency" in parameters and isinstance(shown.get("amount"), int):
        shown["amount"] = say_money(int(str(shown["amount"])), str(parameters["currency"]))
    return ", ".join(f"{name} {_value(value)}" for name, value in shown.items())


def _opened(story: Story, note: Note) -> str:
    return f"· {note.step} promised by {story.when(note.deadline)} [{note.subject}]"


def _met(story: Story, note: Note) -> str:
    how = "in time" if note.kind == "duty-met" else "too late"
    return f"✓ {note.step} by {note.by}, {how}, after {say_duration(note.after or 0)}"


def _asked(story: Story, note: Note) -> str:
    until = f" until {story.when(note.deadline)}" if note.deadline else ""
    return f"? a draft for the {note.step} waits for {note.person}{until} ({note.because})"


def _level(story: Story, note: Note) -> str:
    return f"! level {note.level}: the {note.step} promised by {story.when(note.deadline)} is still owed"


_TOLD: dict[str, Callable[[Story, Note], str]] = {
    "incident-reopened": lambda story, note: "· reopened",
    "incident-merged": lambda story, note: f"· taken up by {note.subject}",
    "department": lambda story, note: f"· {note.department} takes over" if note.department != note.subject else "",
    "duty-opened": _opened,
    "duty-tightened": lambda story, note: f"· {note.step} now promised by {story.when(note.deadline)} [{note.subject}]",
    "duty-met": _met,
    "duty-late": _met,
    "duty-breached": lambda story, note: f"✗ {note.step} was due {story.when(note.deadline)}: missed",
    "breach-withdrawn": lambda story, note: f"✓ {note.step} was in time after all",
    "duty-waived": lambda story, note: f"· {note.step} waived by {note.by}: {note.because}",
    "duty-paused": lambda story, note: f"· {note.step} waits for the customer",
    "duty-resumed": lambda story, note: f"· {note.step} runs on, due {story.when(note.deadline)}",
    "level": _level,
    "draft-asked": _asked,
    "draft-granted": lambda story, note: f"✓ {note.by} approved the {note.step}",
    "draft-refused": lambda story, note: f"✗ {note.by} refused the {note.step}: {note.because}",
    "draft-expired": lambda story, note: f"✗ {note.person} did not answer about the {note.step}",
    "suppressed": lambda story, note: f"· not said: {note.subject} ({note.because})",
    "undecided": lambda story, note: f"! undecided: {note.because}",
    "remedy": lambda story, note: f"· {note.by} grants {note.subject}",
}
