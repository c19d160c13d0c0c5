"""One decision in the making.

A `Turn` is held open while one event (or one timer) is decided; the functions of this room read and change it, and
`decision` closes it. Everything it holds is frozen but for the turn itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from playbook_engine.decide.facts import NOTHING, Facts, Remembered, incident_facts
from playbook_engine.decide.lifecycle import next_stage
from playbook_engine.model.decision import Because, Decision, Note
from playbook_engine.model.delivery import Delivery, Sent
from playbook_engine.model.duty import STEPS, Duty
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident, Timer
from playbook_engine.policy.conditions import holds
from playbook_engine.policy.policy import Department, Policy, Response, Target

STATE_TIMERS = ("breach", "level", "close", "idle", "release", "return")
"""Timers that follow from the state and are set anew at the end of every turn."""


class Turn:
    """The working copy of one incident while one event is decided at `now` (ms UTC).

    `seen` keeps the facts that each section, and each rule as `rule:ID`, was asked with, for whoever explains the
    decision; it is never stored. `assumed` are facts that conditions read in place of the true ones, for whoever asks
    what would have been; `remembered` is what an erased text said.
    """

    def __init__(
        self,
        policy: Policy,
        incident: Incident,
        event: Event,
        now: int,
        assumed: Mapping[str, FactValue] = NOTHING,
        remembered: Remembered | None = None,
    ) -> None:
        self.policy = policy
        self.assumed = assumed
        self.remembered = remembered
        self.event = event
        self.now = now
        self.incident = replace(incident, clock=now, modes=event.modes)
        self.because = Because()
        self.seen: dict[str, Facts] = {}
        self._facts: dict[int, Facts] = {}
        self._responses: dict[tuple[str, str], Response | None] = {}
        self.notes: list[Note] = []
        self.deliveries: list[Delivery] = []
        self.cancels: list[str] = []
        self.binds: list[str] = []
        self.marks: list[str] = []
        self.emits: list[Event] = []

    def change(self, **fields: Any) -> None:
        self.incident = replace(self.incident, **fields)
        self._facts = {}

    def facts(self, at: int | None = None) -> Facts:
        """What conditions may read now; `at` is when the customer wrote, else of the message being answered."""
        wrote = self.incident.answering_at if at is None else at
        if wrote not in self._facts:
            facts = incident_facts(self.policy, self.incident, self.now, wrote)
            self._facts[wrote] = {**facts, **self.assumed} if self.assumed else facts
        return self._facts[wrote]

    def human_only(self) -> bool:
        """Whether the incident's joined facts match any of the tests that keep machines silent."""
        tests = self.policy.human_only
        return bool(tests) and any(holds(test, self.facts()) for test in tests)

    def explain(self, **fields: Any) -> None:
        self.because = replace(self.because, **fields)

    def note(self, kind: str, *, at: int | None = None, **fields: Any) -> None:
        self.notes.append(Note(kind=kind, at=self.now if at is None else at, **fields))

    def note_duty(self, kind: str, duty: Duty, **fields: Any) -> None:
        """A note that speaks of one duty."""
        self.note(
            kind,
            **{
                "step": duty.step,
                "round": duty.round,
                "department": duty.department,
                "since": duty.since,
                "deadline": duty.deadline,
                **fields,
            },
        )

    def stage(self, sign: str) -> None:
        """Moves the incident's life on by one sign and records a change."""
        after = next_stage(self.incident.stage, sign)
        if after != self.incident.stage:
            self.change(stage=after)
            self.note("stage", subject=after)

    def duty(self, step: str) -> Duty | None:
        """The present duty of a step: the latest one of the incident's present episode."""
        found = [duty for duty in self.incident.duties if duty.step == step and duty.round >= self.incident.epoch]
        return found[-1] if found else None

    def unmet(self, step: str) -> Duty | None:
        duty = self.duty(step)
        return duty if duty is not None and duty.unmet else None

    def unmet_duties(self) -> list[Duty]:
        """Every duty still owed, the most urgent first."""
        owed = [duty for duty in self.incident.duties if duty.unmet]
        return sorted(owed, key=lambda duty: (duty.deadline, STEPS.index(duty.step), duty.round))

    def put_duty(self, duty: Duty) -> None:
        """Adds a duty, or replaces the one with its key."""
        duties = self.incident.duties
        if any(held.key == duty.key for held in duties):
            self.change(duties=tuple(duty if held.key == duty.key else held for held in duties))
        else:
            self.change(duties=(*duties, duty))

    def add_timer(self, timer: Timer) -> None:
        self.change(timers=tuple(sorted({*self.incident.timers, timer})))

    def drop_timers(self, *names: str, duty: str | None = None, subject: str | None = None) -> None:
        """Takes away the timers of these names, of one duty or subject where given."""

        def goes(timer: Timer) -> bool:
            return (
                timer.name in names
                and (duty is None or timer.duty == duty)
                and (subject is None or timer.subject == subject)
            )

        self.change(timers=tuple(timer for timer in self.incident.timers if not goes(timer)))

    def next_key(self, step: str, channel: str) -> str:
        """incident:round:step:channel:n; n counts the incident's deliveries."""
        count = self.incident.deliveries + 1
        self.change(deliveries=count)
        return f"{self.incident.id}:{self.incident.round}:{step}:{channel}:{count}"

    def sent(self, key: str) -> Sent | None:
        return next((sent for sent in self.incident.sent if sent.key == key), None)

    def put_sent(self, sent: Sent) -> None:
        kept = tuple(held for held in self.incident.sent if held.key != sent.key)
        self.change(sent=(*kept, sent))

    def responses(self) -> tuple[Response, ...]:
        """The rows in the order they are tried: of who answers, of whose matter it is, and the common ones."""
        names = dict.fromkeys((self.incident.department, self.incident.home))
        departments = [self.policy.departments.get(self.renamed(name)) for name in names]
        own = tuple(row for department in departments if department is not None for row in department.respond)
        return (*own, *self.policy.respond)

    def response(self) -> Response | None:
        """The incident's response as the policy in force has it; departments may call theirs by the same name."""
        asked = (self.incident.response, self.incident.response_of)
        if asked not in self._responses:
            wanted, owner = self.renamed(asked[0]), self.policy.departments.get(self.renamed(asked[1]))
            rows = (*(owner.respond if owner is not None else ()), *self.policy.respond)
            self._responses[asked] = next((row for row in rows if row.id == wanted), None)
        return self._responses[asked]

    def owner_of(self, response: Response) -> str:
        """The department whose own response it is; "" for a common one."""
        departments = self.policy.departments.values()
        return next((each.id for each in departments if any(row is response for row in each.respond)), "")

    def target(self) -> Target | None:
        wanted = self.renamed(self.incident.target)
        return next((row for row in self.policy.targets if row.id == wanted), None)

    def department(self) -> Department | None:
        return self.policy.departments.get(self.renamed(self.incident.department))

    def renamed(self, name: str) -> str:
        """An id the incident holds, under the name the policy in force has for it."""
        return self.policy.renamed.get(name, name)

    def decision(self) -> Decision:
        return Decision(
            incident=self.incident,
            event=self.event.key,
            type=self.event.type,
            now=self.now,
            policy=self.policy.digest,
            because=self.because,
            notes=tuple(self.notes),
            deliveries=tuple(self.deliveries),
            cancels=tuple(self.cancels),
            binds=tuple(self.binds),
            marks=tuple(self.marks),
            emits=tuple(self.emits),
        )
