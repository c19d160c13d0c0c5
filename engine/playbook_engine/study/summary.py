"""The sum of a run: what came in, what was promised, what was kept, who was told.

Counted from decisions as they are made, so that it costs no second pass. First automatic and first human replies are
counted apart; a reply's time runs from the incident's first message.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from playbook_engine.model.decision import Decision, Note
from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import Event

FATES = ("opened", "met", "late", "breached", "withdrawn", "waived")
_FATE_OF = {
    "duty-opened": "opened",
    "duty-met": "met",
    "duty-late": "late",
    "duty-breached": "breached",
    "breach-withdrawn": "withdrawn",
    "duty-waived": "waived",
}


SWITCH = "mode.switched"


@dataclass
class Summary:
    """Counters that grow with every decision. Times are ms; `carried` counts deliveries by the plugin that had them.

    `late_timers` came more than a minute late, `latest_timer` ms the worst of them.
    """

    decisions: int = 0
    events: Counter[str] = field(default_factory=Counter)
    incidents: int = 0
    reopened: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    duties: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    levels: Counter[tuple[str, str]] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[tuple[str, str]] = field(default_factory=Counter)
    drafts: Counter[str] = field(default_factory=Counter)
    suppressed: Counter[str] = field(default_factory=Counter)
    first_replies: dict[str, list[int]] = field(default_factory=lambda: {"automatic": [], "human": []})
    set_aside: Counter[str] = field(default_factory=Counter)
    carried: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    skipped: int = 0
    late_timers: int = 0
    latest_timer: int = 0

    def add(self, decision: Decision) -> None:
        """Counts one decision."""
        self.decisions += 1
        self.events[decision.type] += 1
        if decision.because.ignore:
            self.ignored[decision.because.ignore] += 1
        for note in decision.notes:
            self._note(note)
        for delivery in decision.deliveries:
            self.deliveries[delivery.action, "asked for"] += 1

    def admitted(self, event: Event) -> None:
        """Counts what comes in and is decided in no incident: people's switching of modes."""
        self.events[event.type] += event.type == SWITCH

    def aside(self, reason: str) -> None:
        """Counts one piece of input that was set aside; a switch that nobody may make was admitted before."""
        self.set_aside[reason] += 1
        self.events[SWITCH] -= reason == "not-switched"

    def merge(self, other: Summary) -> None:
        """Adds what was counted of another part of the same history."""
        for name in ("events", "ignored", "duties", "levels", "undecided", "deliveries", "drafts", "suppressed"):
            getattr(self, name).update(getattr(other, name))
        self.set_aside.update(other.set_aside)
        self.decisions += other.decisions
        self.incidents += other.incidents
        self.reopened += other.reopened
        self.duplicates += other.duplicates
        self.skipped += other.skipped
        for who, times in other.first_replies.items():
            self.first_replies[who] += times
        for plugin, count in other.carried.items():
            self.carried[plugin] = self.carried.get(plugin, 0) + count

    def _note(self, note: Note) -> None:
        fate = _FATE_OF.get(note.kind)
        if fate is not None:
            self.duties[note.step, note.department, fate] += 1
        match note.kind:
            case "incident-opened":
                self.incidents += 1
            case "incident-reopened":
                self.reopened += 1
            case "delivery":
                self.deliveries[note.subject, note.because] += 1
            case "level":
                self.levels[note.level, note.person] += 1
            case "undecided":
                self.undecided[note.because] += 1
            case "draft-asked" | "draft-granted" | "draft-refused" | "draft-expired":
                self.drafts[note.kind.partition("-")[2]] += 1
            case "suppressed":
                self.suppressed[note.because] += 1
            case "first-reply" if note.after is not None:
                self.first_replies["automatic" if note.by == "automatic" else "human"].append(note.after)

    @property
    def breaches(self) -> int:
        """Breaches that were not withdrawn by evidence that came late."""
        return sum(
            count if fate == "breached" else -count
            for (_, _, fate), count in self.duties.items()
            if fate in ("breached", "withdrawn")
        )

    @property
    def failures(self) -> int:
        """Deliveries that never went, or of which nobody knows."""
        return sum(count for (_, outcome), count in self.deliveries.items() if outcome in ("failed", "unknown"))

    def as_json(self) -> dict[str, object]:
        """The same as plain values, in a steady order."""
        duties = [
            {"step": step, "department": department, **{fate: self.duties[step, department, fate] for fate in FATES}}
            for step in STEPS
            for department in sorted({held for name, held, _ in self.duties if name == step})
        ]
        deliveries: dict[str, dict[str, int]] = {}
        for (action, outcome), count in sorted(self.deliveries.items()):
            deliveries.setdefault(action, {})[outcome] = count
        return {
            "events": {type: count for type, count in sorted(self.events.items()) if count},
            "decisions": self.decisions,
            "incidents": self.incidents,
            "reopened": self.reopened,
            "ignored": dict(sorted(self.ignored.items())),
            "duties": duties,
            "escalations": [
                {"level": level, "person": person, "times": count}
                for (level, person), count in sorted(self.levels.items())
            ],
            "deliveries": deliveries,
            "carried_by": dict(sorted(self.carried.items())),
            "drafts": dict(sorted(self.drafts.items())),
            "undecided": dict(sorted(self.undecided.items())),
            "suppressed": dict(sorted(self.suppressed.items())),
            "first_replies": {who: spread(times) for who, times in self.first_replies.items()},
            "set_aside": dict(sorted(self.set_aside.items())),
            "duplicates": self.duplicates,
            "skipped": self.skipped,
            "late_timers": {"count": self.late_timers, "worst": self.latest_timer},
        }


def spread(times: list[int]) -> dict[str, int | None]:
    """How many, the median and the ninth tenth (ms); the lower of two middle values, one that occurred."""
    ordered = sorted(times)
    if not ordered:
        return {"count": 0, "median": None, "p90": None}
    last = len(ordered) - 1
    return {"count": len(ordered), "median": ordered[last // 2], "p90": ordered[last * 9 // 10]}
