"""How a sign changes a life: the model's counterpart of `decide`.

The transition tables are those of `decide.lifecycle`; the rest mirrors `customer`, `ours`, `people`, `outcomes`,
`approvals`, `evidence` and `releasing`, and a test holds it to them (tests/prove/test_life.py).
"""

from __future__ import annotations

from typing import NamedTuple

from playbook_engine.decide.lifecycle import is_over, next_duty_state, next_stage
from playbook_engine.model.duty import STEPS
from playbook_engine.prove.life import RULE, Out, Plan, State, Switches


class Said(NamedTuple):
    """A delivery to the customer, or a draft of one, and which steps were owed when it was made.

    `automatic`: no person's word stands behind it.
    """

    step: str
    automatic: bool
    draft: bool
    owed: tuple[str, ...]


def after(switches: Switches, state: State, sign: str) -> tuple[State, tuple[Said, ...]] | None:
    """The state after a sign and what was said on the way; None where the sign cannot come."""
    name, _, step = sign.partition(":")
    if state.stage == "closed" or not _can_come(switches, state, name, step):
        return None
    life = _Life(switches, state)
    getattr(life, f"_{name}")(*((step,) if step else ()))
    return life.settled(), tuple(life.said)


def _can_come(switches: Switches, state: State, name: str, step: str) -> bool:
    match name:
        case "delivered" | "failed" | "unknown":
            return bool(state.out)
        case "approve" | "refuse" | "expire":
            return bool(state.drafts)
        case "waive":
            return step in state.owed
        case "deadline":
            running = step != "resolve" or not state.paused
            return running and state.duties[STEPS.index(step)] == "open"
        case "opens" | "closes":
            return bool(switches.closed) and state.shut == (name == "opens")
        case "close":
            return not state.owed
        case "rule":
            return switches.rules and (RULE, True) not in state.drafts and (RULE, False) not in state.drafts
        case "human" | "apology":
            return len(state.parked) < 2
    return True


class _Life:
    """A state that is being changed by one sign."""

    def __init__(self, switches: Switches, state: State) -> None:
        self.switches = switches
        self.stage = state.stage
        self.duties = list(state.duties)
        self.rounds = state.rounds
        self.released = list(state.released)
        self.drafts = list(state.drafts)
        self.out = list(state.out)
        self.parked = list(state.parked)
        self.voiced, self.spoken = state.voiced, state.spoken
        self.taken, self.muted = state.taken, state.muted
        self.resolution, self.paused = state.resolution, state.paused
        self.shut, self.told = state.shut, state.told or switches.ladder
        self.said: list[Said] = []

    def settled(self) -> State:
        self._unpark()
        self.release()
        reply, apologise, resolve = self.duties
        first, second, third = self.released
        return State(
            self.stage,
            (reply, apologise, resolve),
            self.rounds,
            (first, second, third),
            tuple(self.drafts),
            tuple(self.out),
            tuple(self.parked),
            self.voiced,
            self.spoken,
            self.taken,
            self.muted,
            self.resolution,
            self.paused,
            self.shut,
            self.told,
        )

    def unmet(self, index: int) -> bool:
        return self.duties[index] in ("open", "breached")

    def earlier_done(self, index: int) -> bool:
        return not any(self.unmet(earlier) for earlier in range(index))

    # the customer

    def _customer(self) -> None:
        before = self.stage
        self.stage = next_stage(self.stage, "customer")
        if before == "resolved":
            self.duties, self.released = ["", "", ""], [False, False, False]
            self.rounds, self.taken = 0, False
        self.voiced, self.spoken, self.paused = False, 0, False
        self.drafts = [(step, False) for step, _ in self.drafts]
        self._promise()
        self.release()

    def _promise(self) -> None:
        plans, owed = self.switches.plans, self.switches.owed
        if not self.unmet(0):
            self.rounds = min(self.rounds + 1, 2)
            self.released[0] = False
            if plans[0].kind != "none" and owed[0 if self.rounds == 1 else 3]:
                self.duties[0] = "open"
            elif self.rounds == 1:
                self.duties[0] = ""
        for index in (1, 2):
            if plans[index].kind != "none" and owed[index] and not self.duties[index]:
                self.duties[index] = "open"

    # what is released

    def release(self) -> None:
        if is_over(self.stage) or not self.rounds:
            return
        for index in range(3):
            if not self.released[index] and not self.resolution and self._may_leave(index):
                self.released[index] = True
                self._release(index)

    def _may_leave(self, index: int) -> bool:
        plan = self.switches.plans[index]
        if plan.kind in ("none", "by_hand", "offer"):
            return False
        by_person = plan.kind == "draft" or plan.asked or self.switches.asked == "human-only"
        too = index == 1 and plan.kind in ("send", "draft") and by_person
        if not self.earlier_done(index) and not too:
            return False
        return not (self._gated(plan) and self._held(index, plan))

    def _gated(self, plan: Plan) -> bool:
        return plan.gated and (plan.kind == "do" or self.switches.asked != "human-only")

    def _held(self, index: int, plan: Plan) -> bool:
        return self.shut and not (index == 0 and plan.kind == "send" and self.switches.closed == "say")

    def _release(self, index: int) -> None:
        plan, step = self.switches.plans[index], STEPS[index]
        if index < 2 and self.duties[index] and not self.unmet(index):
            return
        if index == 0 and self.taken and self._gated(plan):
            return
        if plan.kind != "do":
            one = index == 0 and self.switches.one_message and not (self.shut and self._gated(plan))
            self.say(step, asked=plan.kind == "draft" or plan.asked, apology=one or index == 1)
            return
        for act in plan.acts:
            self._act(act, step)

    def _act(self, act: str, step: str) -> None:
        match act:
            case "say" | "ask":
                self.say(step, asked=act == "ask")
            case "lookup":
                self.out.append(Out(step, "lookup"))
            case "resolve" if self.switches.asked != "human-only" and not self.drafts:
                self.resolution = True
                self.resolve_if_ready()
            case "mute":
                self.muted = True

    def say(self, step: str, *, asked: bool, apology: bool = False) -> None:
        if asked or self.switches.asked:
            self.ask(step)
        elif not self.muted and not self.voiced:
            self.said.append(Said(step, True, False, self._owed()))
            self.out.append(Out(step, apology=apology or step == "apologise"))
            self.voiced, self.spoken = True, min(self.spoken + 1, 2)

    def ask(self, step: str) -> None:
        self.said.append(Said(step, False, True, self._owed()))
        self.drafts.append((step, True))
        self.told = True

    def _owed(self) -> tuple[str, ...]:
        return tuple(step for index, step in enumerate(STEPS) if self.unmet(index))

    # evidence

    def evidence(self, by_person: bool, apology: bool) -> None:
        if by_person or self.switches.counts == "any":
            self.keep(0)
        if apology and self.earlier_done(1):
            self.keep(1)
        self.resolve_if_ready()

    def keep(self, index: int, sign: str = "kept") -> None:
        if self.unmet(index):
            self.duties[index] = next_duty_state(self.duties[index], sign)
            if index == 2:
                self.paused = False
            step = STEPS[index]
            self.drafts = [draft for draft in self.drafts if draft[0] != step]
            self.out = [out for out in self.out if out.step != step or out.approved]

    def resolve_if_ready(self) -> None:
        if self.resolution and self.earlier_done(2):
            self.resolution = False
            self.keep(2)
            self.stage = next_stage(self.stage, "resolved")
            self.drafts = []

    # what became of a delivery

    def _delivered(self) -> None:
        out = self.out.pop(0)
        if out.action == "lookup":
            self.say(out.step, asked=False)
        else:
            self.stage = next_stage(self.stage, "person" if out.approved else "ours")
            self.taken = self.taken or out.approved
            self.evidence(out.approved, out.apology)
        self._unpark()

    def _failed(self) -> None:
        self.out.pop(0)
        self.told = True
        self._unpark()

    _unknown = _failed

    def _unpark(self) -> None:
        waiting, self.parked = self.parked, []
        for apology in waiting:
            self._wrote(apology)

    # our people

    def _human(self) -> None:
        self._wrote(False)

    def _apology(self) -> None:
        self._wrote(True)

    def _wrote(self, apology: bool) -> None:
        if any(out.action == "send" for out in self.out):
            self.parked.append(apology)
            return
        self.voiced, self.spoken, self.taken = False, 0, True
        self.stage = next_stage(self.stage, "person")
        self.evidence(True, apology)

    def _acknowledge(self) -> None:
        self.taken = True
        self.stage = next_stage(self.stage, "taken")

    def _waiting(self) -> None:
        self.paused = self.paused or (self.switches.pauses and self.duties[2] == "open")
        self.stage = next_stage(self.stage, "parked")

    def _resolve(self) -> None:
        self.resolution = True
        self.resolve_if_ready()

    def _elsewhere(self) -> None:
        self.keep(0, "waived")
        self.keep(1, "waived")
        self.drafts, self.out = [], []
        self._resolve()

    def _waive(self, step: str) -> None:
        self.keep(STEPS.index(step), "waived")
        self.resolve_if_ready()

    # drafts

    def _approve(self) -> None:
        step, fresh = self.drafts.pop(0)
        if not fresh:
            self.ask(step)
            return
        self.said.append(Said(step, False, False, self._owed()))
        self.out.append(Out(step, approved=True, apology=step == "apologise"))

    def _refuse(self) -> None:
        self.drafts.pop(0)

    def _expire(self) -> None:
        self.told = True

    # time

    def _deadline(self, step: str) -> None:
        index = STEPS.index(step)
        self.duties[index] = next_duty_state(self.duties[index], "overdue")

    def _opens(self) -> None:
        self.shut = False

    def _closes(self) -> None:
        self.shut = True

    def _close(self) -> None:
        self.stage = next_stage(self.stage, "closing")

    def _rule(self) -> None:
        self.say(RULE, asked=False)
