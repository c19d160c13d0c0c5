"""What each recorded message came to under a policy, so that two policies can be compared message by message."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.study.replayed import Replayed

MESSAGES = ("message.received", "message.edited")


@dataclass(frozen=True)
class Decided:
    """One message: who has it, when its steps are due (ms UTC), and what else was decided, whatever rows are called."""

    department: str
    due: dict[str, int]
    rest: str


@dataclass
class Deciding:
    """Counters for a replay: everything that is counted of it, and each message by its event."""

    replayed: Replayed = field(default_factory=Replayed)
    messages: dict[str, Decided] = field(default_factory=dict)

    def add(self, decision: Decision) -> None:
        self.replayed.add(decision)
        if decision.type in MESSAGES:
            incident, because = decision.incident, decision.because
            due = {duty.step: duty.deadline for duty in incident.duties if duty.unmet}
            sent = [(each.action, sorted(each.parameters.items()), each.person) for each in decision.deliveries]
            facts = sorted(incident.facts.items())
            rest = repr((bool(because.ignore), because.human_only, facts, incident.stage, sent, decision.marks))
            self.messages[decision.event] = Decided(incident.department, due, rest)

    def admitted(self, event: Event) -> None:
        self.replayed.admitted(event)

    def aside(self, reason: str) -> None:
        self.replayed.aside(reason)

    def repeated(self) -> None:
        self.replayed.repeated()

    def passed_over(self) -> None:
        self.replayed.passed_over()

    def merge(self, other: Deciding) -> None:
        self.replayed.merge(other.replayed)
        self.messages |= other.messages


@dataclass(frozen=True)
class Impact:
    """How many of the recorded messages are decided otherwise, and how; `slower_by` is the median, in ms."""

    messages: int
    changed: int
    lost: int
    gained: int
    slower: int
    faster: int
    rerouted: int
    slower_by: int
    cost: dict[str, int]
    """By remedy, how much more is spent (minor units); less is negative."""


def impact(old: Deciding, new: Deciding) -> Impact:
    """The same history under two policies, message by message."""
    counts, waits = Counter[str](), list[int]()
    listed = dict.fromkeys((*old.messages, *new.messages))
    for event in listed:
        mine, theirs = old.messages.get(event), new.messages.get(event)
        counts["changed"] += mine != theirs
        if mine is None or theirs is None:
            continue
        both = mine.due.keys() & theirs.due.keys()
        later = max((theirs.due[step] - mine.due[step] for step in both), default=0)
        counts["lost"] += bool(mine.due.keys() - theirs.due.keys())
        counts["gained"] += bool(theirs.due.keys() - mine.due.keys())
        counts["slower"] += later > 0
        counts["faster"] += any(theirs.due[step] < mine.due[step] for step in both)
        counts["rerouted"] += mine.department != theirs.department
        waits += [later] if later > 0 else []
    spent = Counter(new.replayed.cost())
    spent.subtract(old.replayed.cost())
    kinds = {name: counts[name] for name in ("changed", "lost", "gained", "slower", "faster", "rerouted")}
    more = {action: amount for action, amount in sorted(spent.items()) if amount}
    return Impact(messages=len(listed), slower_by=round(median(waits)) if waits else 0, cost=more, **kinds)
