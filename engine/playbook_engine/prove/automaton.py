"""Every life an incident can live under a playbook, walked outright: order, one voice, nobody forgotten, an end.

The model is small enough to visit every state (life.py, living.py), so what holds here holds for stories of any length.
What does not hold comes with the shortest story that breaks it, and counts only once the engine itself has told it
(`confirmed`). SEMANTICS 5.2, 5.5, 7 and 9.1.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache

from playbook_engine.decide.lifecycle import is_over
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.life import SIGNS, State, Switches
from playbook_engine.prove.living import Said, after
from playbook_engine.prove.switches import Origin, switches

ORDER, VOICE, FORGOTTEN, ENDLESS = "order", "one-voice", "forgotten", "endless"
MOST_STATES = 200_000

MOST_OUT = 2
"""Deliveries of one incident that are on their way at the same time; one more message of ours waits."""

_DONE = {"late": "met", "waived": "met"}
_MORE, _OURS = ("customer", "approve", "rule"), ("human", "apology")
_OUR_WAY_OUT = ("waive", "elsewhere", "close")


@dataclass(frozen=True)
class Violation:
    """What does not hold, and the shortest story that shows it: signs, from the first message on.

    `kind`: `order` (a step said something while an earlier one was owed), `one-voice` (two unapproved messages before
    anybody wrote again), `forgotten` (something is owed, no timer runs and nobody has been told), `endless` (something
    is owed that nobody can meet).
    """

    kind: str
    step: str
    trace: tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    """The lives of one set of switches. `complete` is false where there were more states than we would visit."""

    states: int
    transitions: int
    violations: tuple[Violation, ...]
    complete: bool = True


@dataclass(frozen=True)
class Lives:
    """All lives of a playbook: one walk for every set of switches, with where it is met first."""

    walks: dict[Switches, tuple[Origin, Walk]]

    @property
    def states(self) -> int:
        return sum(walk.states for _, walk in self.walks.values())

    @property
    def violations(self) -> tuple[tuple[Switches, Origin, Violation], ...]:
        return tuple((key, origin, each) for key, (origin, walk) in self.walks.items() for each in walk.violations)

    @property
    def complete(self) -> bool:
        return all(walk.complete for _, walk in self.walks.values())


def lives(policy: Policy) -> Lives:
    """Walks every distinct set of switches that a playbook has."""
    return Lives({each: (origin, walk(each)) for each, origin in switches(policy).items()})


@lru_cache(maxsize=4096)
def walk(given: Switches) -> Walk:
    """Visits every state that can be reached from a first message, open or shut."""
    return _Walker(given).walk()


class _Walker:
    def __init__(self, given: Switches) -> None:
        self.switches = given
        self.came: dict[State, tuple[State, str] | None] = {}
        self.before: dict[State, list[State]] = {}
        self.ahead: deque[State] = deque()
        self.found: dict[tuple[str, str], Violation] = {}
        self.transitions = 0
        # Where a ladder tells somebody in time, a breach changes nothing that comes after; an expiry never does.
        ours = "deadline" if given.ladder else "-"
        self.signs = tuple(sign for sign in SIGNS if sign != "expire" and not sign.startswith(ours))

    def walk(self) -> Walk:
        for shut in (False, True) if self.switches.closed else (False,):
            before = State(shut=shut)
            self.came[before] = None
            self._go(before, "customer", ())
        while self.ahead and len(self.came) < MOST_STATES:
            state = self.ahead.popleft()
            for sign in self.signs:
                self._go(state, sign, _OUR_WAY_OUT)
        if not self.ahead:
            self._find_endless()
        return Walk(len(self.came), self.transitions, tuple(self.found.values()), not self.ahead)

    def _reduced(self, state: State) -> State:
        """One state for all that go on alike, so that there are finitely many and few.

        The living stages differ in name only, and so do the ways in which a duty is done. A draft that the customer has
        written after is asked for again and is then like any other. Whether a person has it stops automatic replies
        only, and the first round differs from later ones only where their replies have other deadlines. What is over
        and owes nothing has forgotten its duties: the next message begins afresh.
        """
        if state.stage == "closed":
            return State("closed")
        drafts = tuple(sorted({(step, True) for step, _ in state.drafts}))
        if is_over(state.stage) and not state.owed:
            return state._replace(
                duties=("", "", ""), rounds=0, released=(False, False, False), drafts=drafts, taken=False
            )
        rounds = min(state.rounds, 1) if self.switches.owed[0] == self.switches.owed[3] else state.rounds
        reply, apologise, resolve = (_DONE.get(duty, duty) for duty in state.duties)
        return state._replace(
            stage=state.stage if is_over(state.stage) else "open",
            duties=(reply, apologise, resolve),
            rounds=rounds,
            drafts=drafts,
            taken=state.taken and self.switches.plans[0].gated,
        )

    def _go(self, state: State, sign: str, our_way_out: tuple[str, ...]) -> None:
        if (sign in _MORE and len(state.out) >= MOST_OUT) or (sign in _OURS and state.parked):
            return
        made = after(self.switches, state, sign)
        if made is None:
            return
        self.transitions += 1
        following, said = self._reduced(made[0]), made[1]
        if not sign.startswith(our_way_out or ("-",)):
            self.before.setdefault(following, []).append(state)
        if following not in self.came:
            self.came[following] = (state, sign)
            self.ahead.append(following)
            if following.spoken > 1:
                self._broken(VOICE, "", state, sign)
            if _forgotten(following):
                self._broken(FORGOTTEN, following.owed[0], state, sign)
        for each in said:
            if _too_early(each):
                self._broken(ORDER, each.step, state, sign)

    def _broken(self, kind: str, step: str, state: State, sign: str) -> None:
        self.found.setdefault((kind, step), Violation(kind, step, (*self._trace(state), sign)))

    def _trace(self, state: State) -> tuple[str, ...]:
        signs: list[str] = []
        while (came := self.came[state]) is not None:
            state, sign = came
            signs.append(sign)
        return (*(("closes",) if state.shut else ()), *reversed(signs))

    def _find_endless(self) -> None:
        """What is owed must be possible to meet without waiving it."""
        ends = [state for state in self.came if not state.owed]
        can_end = set(ends)
        while ends:
            for state in self.before.get(ends.pop(), ()):
                if state not in can_end:
                    can_end.add(state)
                    ends.append(state)
        for state in self.came:
            if state not in can_end:
                self.found.setdefault((ENDLESS, state.owed[0]), Violation(ENDLESS, state.owed[0], self._trace(state)))


def _too_early(said: Said) -> bool:
    """A step's own word while an earlier step was owed. An apology that a person sends answers as well."""
    if said.step not in STEPS or (not said.automatic and not said.draft):
        return False
    earlier = STEPS[: STEPS.index(said.step)]
    return any(step in earlier for step in said.owed) and not (said.draft and said.step == "apologise")


def _forgotten(state: State) -> bool:
    if not state.owed or state.told:
        return False
    running = any(duty == "open" for duty in state.duties)  # its breach, or the end of a pause that lasts too long
    return not running
