"""A story told to the core: events at wall-clock times of one week, and what came of them.

The week begins on Monday 2026-03-02 in UTC, so `at("tue 10:30")` reads as it says. No store, no clock: the incident
is handed from one decision to the next, and every delivery is taken as delivered unless the story says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook_engine.decide.advance import advance
from playbook_engine.model.decision import Decision, Note
from playbook_engine.model.delivery import Delivery, Draft
from playbook_engine.model.duty import Duty
from playbook_engine.model.event import Author, Event
from playbook_engine.model.incident import Incident
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.compile.playbook import compile_policy
from playbook_engine.policy.holidays import HolidayLock
from playbook_engine.policy.policy import Policy
from playbook_engine.text.read import read

MONDAY = 1_772_409_600_000
"""2026-03-02T00:00:00Z in ms."""

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

PLAYBOOK = """
playbook: shop
format: 1
timezone: UTC
languages: [en, ja]
fallback: en
facts:
  kind: {one_of: [fault, question, praise, other], default: other}
  severity: {ordered: [normal, high, critical], default: normal}
  topics: {many_of: [damage, injury, delivery]}
  vip: {flag: true, from: crm}
calendars:
  desk: {open: {mon-fri: [09:00-17:00]}}
  night: {open: {daily: [17:00-09:00]}}
people:
  ann: {name: Ann, via: [{email: ann@shop.example}], calendar: desk, deputy: bob, initials: AN}
  bob: {name: Bob, via: [{email: bob@shop.example}], initials: BO}
  eve: {name: Eve, via: [{sms: "+1555"}], initials: EV}
departments:
  care:
    name: Care
    calendar: desk
    on_duty: {desk: ann, night: eve}
    lead: bob
    may_spend:
      coupon: {per_incident: 2000 JPY, per_day: 50000 JPY, above: {approve: department.lead, up_to: 10000 JPY}}
templates:
  ack:
    en: "Thank you, {{ author.name }}. We answer by {{ reply.due }}."
    ja: "{{ author.name }}様、{{ reply.due }}までに。"
  sorry: {en: "We are sorry. {{ personal }} ^{{ approver.initials }}", ja: "申し訳ございません。{{ personal }}"}
  thanks: Thank you for the kind words.
  closed-now: We are closed and answer in the morning.
  move-to-dm: Please write to us directly.
  still-there: Did that help?
  stock-answer: "In stock: {{ answer }}"
ignore:
  - {id: machines, when: {automatic: true}, because: Machines need no answer}
classify:
  - {id: injury, when: {text: {words: [injured]}}, set: {severity: critical, topics: injury}}
  - {id: broken, when: {text: {words: [broken]}}, set: {kind: fault, topics: damage}}
  - {id: lovely, when: {text: {words: [lovely]}}, set: {kind: praise}}
  - {id: asks, when: {text: {contains: "?"}}, set: {kind: question}}
route:
  - {id: rest, when: always, to: care}
targets:
  - {id: critical, when: {severity: critical}, reply: 15m, apologise: 1h, resolve: 8h, escalate: safety}
  - {id: rest, when: always, reply: 1h, next_reply: 2h, apologise: 4h, resolve: {open_time: 16h}, escalate: standard}
respond:
  - id: fault
    when: {kind: fault}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {offer: [{coupon: {amount: 3000 JPY}}]}
  - {id: praise, when: {kind: praise}, reply: {send: thanks}, apologise: none, resolve: none}
  - {id: rest, when: always, reply: {send: ack}, apologise: none, resolve: by_hand}
human_only: {topics: [injury]}
escalations:
  standard:
    - {id: warn, at: 75%, notify: department.on_duty}
    - {id: lead, at: 100%, notify: department.lead, acknowledge_within: 15m}
    - {id: chief, overdue: 1h, notify: eve, repeat: {every: 30m, times: 2}}
  safety:
    - {id: now, at: 0%, notify: [department.on_duty, department.lead], acknowledge_within: 5m}
    - {id: chief, at: 50%, notify: eve}
undecided: {to: bob, within: 30m}
"""


def at(text: str) -> int:
    """`mon 10:30` of the first week, `+1w tue 09:00` of the one after, `mon 10:30+1ms`; in ms UTC."""
    text, _, ms = text.removesuffix("ms").rpartition("+") if text.endswith("ms") else (text, "", "0")
    words = text.split()
    weeks = int(words.pop(0)[1:-1]) if words[0].startswith("+") else 0
    hours, minutes = words[1].split(":")
    day = weeks * 7 + DAYS.index(words[0])
    return MONDAY + day * DAY + int(hours) * HOUR + int(minutes) * MINUTE + int(ms)


def clock(instant: int) -> str:
    """The other way round, as `mon 10:30`; ms and weeks are shown where they are not zero."""
    days, rest = divmod(instant - MONDAY, DAY)
    weeks, day = divmod(days, 7)
    hours, rest = divmod(rest, HOUR)
    minutes, ms = divmod(rest, MINUTE)
    week = f"+{weeks}w " if weeks else ""
    return f"{week}{DAYS[day]} {hours:02}:{minutes:02}" + (f"+{ms}ms" if ms else "")


def compiled(text: str = PLAYBOOK, replaced: Mapping[str, str] | None = None, more: str = "") -> Policy:
    """The policy of a playbook text, with pieces of it replaced; each piece must be there."""
    for old, new in (replaced or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    document, problems = read({"shop.yaml": (text + more).encode()})
    assert not problems, problems
    policy, problems = compile_policy(document, HolidayLock(), ACTIONS)
    assert policy is not None, [f"{p.span}: {p.message}" for p in problems]
    return policy


class Story:
    """One incident's story. `deliver` false leaves deliveries without an outcome."""

    def __init__(self, policy: Policy | None = None, *, deliver: bool = True) -> None:
        self.policy = policy or compiled()
        self.deliver = deliver
        self.incident: Incident | None = None
        self.decisions: list[Decision] = []
        self.count = 0

    def hears(self, text: str, when: str, **fields: Any) -> Story:
        """The customer writes."""
        return self.takes("message.received", when, text=text, author=Author(handle="cleo", name="Cleo"), **fields)

    def says(self, text: str, when: str, by: str = "ann", **fields: Any) -> Story:
        """A person of ours writes to the customer."""
        return self.takes("message.sent", when, text=text, by=by, **fields)

    def takes(self, type: str, when: str, seen: str = "", **fields: Any) -> Story:
        self.count += 1
        happened, arrived = at(when), at(seen or when)
        given = {"lang": "en", "channel": "x", "account": "shop", "public": True, "person": "cleo", **fields}
        event = Event(
            source="test",
            id=f"e{self.count}",
            message=str(given.pop("message", f"m{self.count}")),
            type=type,
            at=happened,
            seen_at=arrived,
            **given,
        )
        return self._advance(event, arrived)

    def waits(self, until: str) -> Story:
        """Nothing happens but time: one wake-up at the end of it."""
        return self._advance(None, at(until))

    def outcome(self, delivery: Delivery, type: str, when: str = "", **data: Any) -> Story:
        """What became of one delivery."""
        now = at(when) if when else self.now.clock
        event = Event(
            source="engine",
            id=f"{delivery.key}:{type}:{len(self.decisions)}",
            type=type,
            at=now,
            seen_at=now,
            incident=delivery.incident,
            depth=delivery.depth,
            data={"key": delivery.key, "message": f"sent-{delivery.key}", "result": {}, **data},
        )
        return self._advance(event, now)

    def _advance(self, event: Event | None, now: int) -> Story:
        if event is None:
            while self.incident is not None and self.incident.wake_at is not None and self.incident.wake_at <= now:
                self._take(advance(self.policy, self.incident, None, self.incident.wake_at, self.incident.id))
        else:
            if self.incident is not None and event.source != "engine":
                self._advance(None, now)
            self._take(advance(self.policy, self.incident, event, now, "i1"))
        return self

    def _take(self, made: tuple[Decision, ...]) -> None:
        for decision in made:
            self.decisions.append(decision)
            self.incident = decision.incident
        if self.deliver:
            for decision in made:
                for delivery in decision.deliveries:
                    if delivery.key not in decision.cancels:
                        self.outcome(delivery, "action.delivered")

    @property
    def now(self) -> Incident:
        assert self.incident is not None
        return self.incident

    @property
    def notes(self) -> list[Note]:
        return [note for decision in self.decisions for note in decision.notes]

    def noted(self, *kinds: str) -> list[tuple[str, ...]]:
        """(kind, step or level, when) of the notes of these kinds."""
        return [(note.kind, note.level or note.step, clock(note.at)) for note in self.notes if note.kind in kinds]

    @property
    def deliveries(self) -> list[Delivery]:
        return [delivery for decision in self.decisions for delivery in decision.deliveries]

    def said(self) -> list[tuple[str, str]]:
        """(template, when) of every message to the customer."""
        return [
            (str(delivery.parameters["template"]), clock(delivery.at))
            for delivery in self.deliveries
            if delivery.action in ("send", "post")
        ]

    def told(self) -> list[tuple[str, str, str]]:
        """(purpose and level, person, when) of every notification."""
        return [
            (str(delivery.parameters.get("level", delivery.purpose)), delivery.person, clock(delivery.at))
            for delivery in self.deliveries
            if delivery.action == "notify"
        ]

    def duty(self, step: str) -> Duty:
        return [duty for duty in self.now.duties if duty.step == step][-1]

    def draft(self) -> Draft:
        assert self.now.drafts, "nothing waits for a person"
        return self.now.drafts[-1]

    def approves(self, when: str, by: str = "ann", **data: Any) -> Story:
        """A person grants the latest draft as it stands."""
        draft = self.draft()
        named = {"draft": draft.key, "digest": draft.digest, "messages": draft.messages, **data}
        return self.takes("approval.granted", when, by=by, data=named)
