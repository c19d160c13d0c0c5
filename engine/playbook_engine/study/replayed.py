"""What a replay counted: every incident's waiting, what came when, what was promised and kept, what it cost.

One incident counts once, from its first message to the first reply, automatic and human apart. Those that nobody
answered count among those asked, so a share within an hour is one of all who waited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event
from playbook_engine.prove.cells import local_time
from playbook_engine.study.summary import Summary, spread

HOUR = 3_600_000
WHO = ("human", "automatic")


@dataclass(slots=True)
class Waiting:
    """One incident: where it was asked, who answers, and after how long (ms) each first reply came, None for never.

    `opened_by` is the event that opened it. `owed` says that a reply was promised at some time.
    """

    opened_by: str
    opened_at: int
    channel: str
    department: str = ""
    owed: bool = False
    human: int | None = None
    automatic: int | None = None

    @property
    def asked(self) -> bool:
        return self.owed or self.human is not None or self.automatic is not None

    def after(self, who: str) -> int | None:
        return self.human if who == "human" else self.automatic


@dataclass
class Replayed:
    """Counters that grow with every decision, and can be added up over parts of one history. Instants are ms UTC."""

    summary: Summary = field(default_factory=Summary)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    absorbed: set[str] = field(default_factory=set)
    spent: dict[str, dict[str, int]] = field(default_factory=dict)
    arrivals: list[int] = field(default_factory=list)
    breaches: list[int] = field(default_factory=list)

    def add(self, decision: Decision) -> None:
        """Counts one decision."""
        self.summary.add(decision)
        incident = decision.incident
        if incident.spent:
            self.spent[incident.id] = incident.spent
        if incident.merged_into:
            self.absorbed.add(incident.id)
        found = self.waiting.get(incident.id)
        if found is None:
            found = Waiting(incident.opened_by, incident.opened_at, incident.channel)
            self.waiting[incident.id] = found
        if found.human is None:
            found.department = incident.department
        for note in decision.notes:
            if note.kind == "first-reply" and note.by == "automatic":
                found.automatic = note.after or 0
            elif note.kind == "first-reply":
                found.human = note.after or 0
            elif note.kind == "duty-opened" and note.step == "reply":
                found.owed = True
            elif note.kind == "duty-breached":
                self.breaches.append(note.at)

    def admitted(self, event: Event) -> None:
        """Counts what comes in."""
        self.summary.admitted(event)
        if event.type == "message.received":
            self.arrivals.append(event.at)

    def aside(self, reason: str) -> None:
        self.summary.aside(reason)

    def repeated(self) -> None:
        self.summary.duplicates += 1

    def passed_over(self) -> None:
        self.summary.skipped += 1

    def merge(self, other: Replayed) -> None:
        """Adds what was counted of another part of the same history."""
        self.summary.merge(other.summary)
        self.waiting |= other.waiting
        self.absorbed |= other.absorbed
        self.spent |= other.spent
        self.arrivals += other.arrivals
        self.breaches += other.breaches

    @property
    def asked(self) -> list[Waiting]:
        """The incidents that asked for a reply, by their ids; one that another took up is counted there."""
        return [one for id, one in sorted(self.waiting.items()) if one.asked and id not in self.absorbed]

    def cost(self) -> dict[str, int]:
        """Minor units by remedy, over all incidents."""
        total: Counter[str] = Counter()
        for spent in self.spent.values():
            total.update(spent)
        return dict(sorted(total.items()))

    def replies(self, zone: str) -> dict[str, dict[str, dict[str, dict[str, int | None]]]]:
        """For human and automatic first replies: `waits` of all, and by department, channel and hour of day in `zone`.

        The hour is that of the incident's first message.
        """
        asked = self.asked
        parts: dict[str, Callable[[Waiting], str]] = {
            "all": lambda one: "all",
            "department": lambda one: one.department,
            "channel": lambda one: one.channel,
            "hour": lambda one: f"{local_time(zone, one.opened_at):%H}",
        }
        return {
            who: {part: {name: waits(ones, who) for name, ones in _by(asked, key)} for part, key in parts.items()}
            for who in WHO
        }

    def as_json(self, zone: str) -> dict[str, object]:
        """The same as plain values, in a steady order."""
        summed = self.summary.as_json()
        del summed["first_replies"], summed["carried_by"]
        return {**summed, "first_replies": self.replies(zone), "remedies": self.cost()}


def _by(ones: Iterable[Waiting], key: Callable[[Waiting], str]) -> list[tuple[str, list[Waiting]]]:
    groups: dict[str, list[Waiting]] = {}
    for one in ones:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items())


def waits(ones: list[Waiting], who: str) -> dict[str, int | None]:
    """How many asked and were answered, the median and ninth tenth (ms), how many within an hour and a day.

    Both limits are inclusive.
    """
    times = [after for one in ones if (after := one.after(who)) is not None]
    found = spread(times)
    return {
        "asked": len(ones),
        "answered": found["count"],
        "median": found["median"],
        "p90": found["p90"],
        "within_1h": sum(time <= HOUR for time in times),
        "within_24h": sum(time <= 24 * HOUR for time in times),
    }
