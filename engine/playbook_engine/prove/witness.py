"""From a yes to a timeline that the real engine replays: only what has been replayed is shown as existing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol

from msgspec import structs

from playbook_engine.policy.policy import Deadline
from playbook_engine.prove.answer import Answer
from playbook_engine.prove.concrete import promised_in, said
from playbook_engine.prove.encode import Encoding
from playbook_engine.prove.formulas import FALSE, Formula
from playbook_engine.prove.prover import Prover
from playbook_engine.prove.realise import Model
from playbook_engine.prove.replay import Replayed, replay
from playbook_engine.prove.scheduling import timelines
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.prove.texts import TextValue
from playbook_engine.prove.times import Situation
from playbook_engine.prove.values import OneOf, Ranked, SetOf, Value

ROUNDS = 20
"""How many models are tried before a witness is given up."""

_DEPTH = 3
_TRIED = 8
_REPLAYS = 100
"""How many timelines are replayed for one question before it is left inconclusive."""


class Extremes(Protocol):
    """When in a situation a deadline leaves the most and the least."""

    def __call__(self, deadline: Deadline, department: str, situation: Situation, soonest: int) -> tuple[int, ...]:
        """The first such instants (ms UTC) that are not before `soonest`."""


def no_extremes(deadline: Deadline, department: str, situation: Situation, soonest: int) -> tuple[int, ...]:
    """Where deadlines are not looked into."""
    return ()


@dataclass(frozen=True)
class Shown:
    """What has come of asking for an example.

    `shown` with the replayed timeline, `no` with the core of the proof that there is none, `inconclusive` where models
    were found but no timeline, `gave-up` where the solver's budget was spent.
    """

    kind: Literal["shown", "no", "inconclusive", "gave-up"]
    replayed: Replayed | None = None
    core: tuple[Formula, ...] = ()


class Witnesses:
    """Finds examples for one prover's questions; `budget` bounds the conflicts of each question it puts."""

    def __init__(self, prover: Prover, budget: int = CONFLICTS, extremes: Extremes = no_extremes) -> None:
        self._prover, self._formulas, self._budget, self._extremes = prover, prover.formulas, budget, extremes
        self._chain: list[Encoding] = [prover.first]
        self._links: list[Formula] = []
        self._replays = 0

    def show(self, *assumptions: Formula, rounds: int = ROUNDS) -> Shown:
        """An example of a message of which all the assumptions hold, with how it came about."""
        answer = self._ask(*assumptions)
        if answer.kind != "yes":
            return Shown(answer.kind, core=answer.core)
        self._replays = 0
        for depth in range(_DEPTH):
            found = self._at_depth(depth, assumptions, rounds)
            if found is not None:
                return Shown("shown", found)
        return Shown("inconclusive")

    def _ask(self, *assumptions: Formula) -> Answer:
        return self._prover.ask(*assumptions, conflicts=self._budget)

    def _at_depth(self, depth: int, assumptions: Sequence[Formula], rounds: int) -> Replayed | None:
        """A timeline in which so many different messages came before the last one."""
        wanted = [*assumptions, *self._depth(depth)]
        blocked = self._formulas.free()
        for _ in range(rounds):
            if self._replays >= _REPLAYS:
                return None
            answer = self.plainest([*wanted, blocked], self._chain[: depth + 1])
            if answer is None:
                return None
            models = [Model(encoding, answer) for encoding in self._chain[: depth + 1]]
            found = self._tried(models, assumptions)
            if isinstance(found, Replayed):
                return found
            if not found:
                return None
            self._formulas.demand(-blocked, *found)
        return None

    def _tried(self, models: list[Model], assumptions: Sequence[Formula]) -> Replayed | list[Formula]:
        """A timeline of the model that stands, else what was otherwise in the last that did not."""
        differing = self._timing(models[0])
        for events in islice(timelines(models[0], tuple(reversed(models[1:]))), _TRIED):
            self._replays += 1
            replayed = replay(self._prover.policy, events)
            known = said(self._prover.first, replayed.before, replayed.event, replayed.decision.now)
            if self._stands(replayed, known, assumptions):
                return replayed
            for at in self._longer_or_shorter(replayed):
                moved = replay(self._prover.policy, (*events[:-1], structs.replace(events[-1], at=at, seen_at=at)))
                now_known = said(self._prover.first, moved.before, moved.event, moved.decision.now)
                if self._stands(moved, now_known, assumptions):
                    return moved
            differing = [literal for literal in known if not models[0].holds(literal)]
        return [*differing, *(-row for model in models[1:] for row in _answered(model))] if differing else []

    def _stands(self, replayed: Replayed, known: tuple[Formula, ...], assumptions: Sequence[Formula]) -> bool:
        """Whether the assumptions hold of what the engine was told and has decided, promises included."""
        promised = promised_in(self._prover.outcomes(), replayed) if self._prover.speaks_of_outcomes else ()
        return self._ask(*known, *self.decided(replayed), *promised, *assumptions).kind == "yes"

    def _longer_or_shorter(self, replayed: Replayed) -> Iterator[int]:
        """When else the last message may come, in the same situation, for its steps to be due latest or soonest."""
        target, incident = replayed.decision.because.target, replayed.decision.incident
        if not self._prover.speaks_of_outcomes or not target or replayed.event.at < replayed.event.seen_at:
            return
        inputs = self._prover.first.inputs
        situation = inputs.situations[inputs.situation_at(replayed.event.at)]
        soonest = replayed.events[-2].seen_at + 1 if len(replayed.events) > 1 else 0
        (won,) = (each for each in self._prover.policy.targets if each.id == target)
        found = (self._extremes(each, incident.department, situation, soonest) for each in won.deadlines.values())
        yield from dict.fromkeys(at for instants in found for at in instants)

    def decided(self, replayed: Replayed) -> list[Formula]:
        """What the engine decided of the last event, row by row."""
        first, fired = self._prover.first, replayed.before.fired
        silent = {row for row in first.rows if row.section == "rules" and f"rule:{row.id}" in fired}
        if replayed.event.type == "message.edited":  # of an edit it is not recorded which row ignores it
            silent |= {row for row in first.rows if row.section == "ignore"}
        return [
            first.wins(row) if row in replayed.rows else -first.wins(row) for row in first.rows if row not in silent
        ]

    def _timing(self, model: Model) -> list[Formula]:
        """That something is otherwise about when it happens."""
        values = self._prover.first.inputs.values
        formulas = [each for name in ("now", "was", "late", "incident.age") for each in parts_of(values[name])]
        return [-each if model.holds(each) else each for each in formulas]

    def _depth(self, depth: int) -> list[Formula]:
        """The first of so many messages before the last one opened the incident."""
        while len(self._chain) <= depth:
            self._links.append(self._formulas.free())
            self._chain.append(self._linked(self._chain[-1], self._links[-1]))
        opening, last = self._chain[depth].inputs, self._prover.first.inputs
        told = [*self._links[:depth], -opening.ranked("incident.messages").reaches[1], -opening.flag("edited")]
        told.append(-opening.flag("known_before"))
        if depth:
            more = last.ranked("incident.messages").reaches[1]
            told += [-opening.flag("late"), self._formulas.either(more, last.flag("edited"))]
        return told

    def _linked(self, after: Encoding, link: Formula) -> Encoding:
        """The message before another; while `link` holds, the other finds what this one left."""
        formulas, inputs = self._formulas, after.inputs
        before = self._prover.encoded({name: inputs.values[name] for name in ("channel", "account")})
        fresh = formulas.both(-inputs.flag("edited"), inputs.one_of("before.stage").when("resolved"))
        for name, value in before.joined.items():
            for one, other in paired(inputs.values[f"held.{name}"], value):
                formulas.demand(-link, fresh, formulas.same(one, other))
        for one, other in paired(inputs.values["before.department"], before.kept):
            formulas.demand(-link, formulas.same(one, other))
        for one, other in paired(inputs.values["before.home"], before.home):
            formulas.demand(-link, before.inputs.flag("taken"), formulas.same(one, other))
        formulas.demand(-link, -before.ignored)
        formulas.demand(-link, -before.inputs.flag("edited"))
        return before

    def plainest(self, wanted: list[Formula], chain: list[Encoding]) -> Answer | None:
        """A model that departs from a plain message only where it must."""
        answer, kept = self._ask(*wanted), list(wanted)
        if answer.kind != "yes":
            return None
        for formula in (usual for encoding in chain for usual in _usual(encoding)):
            if not self._formulas.solver.holds(formula, answer):
                plainer = self._ask(*kept, formula)
                if plainer.kind != "yes":
                    continue
                answer = plainer
            kept.append(formula)
        return answer


def _answered(model: Model) -> list[Formula]:
    """How an earlier message was answered: otherwise it might leave the incident as it is wanted."""
    human_only = model.encoding.human_only
    rows = [when for _, when in model.encoding.response_rows() if model.holds(when)]
    return [*rows, human_only if model.holds(human_only) else -human_only]


def _usual(encoding: Encoding) -> Iterator[Formula]:
    """What is usual about a message, the most important first."""
    inputs = encoding.inputs
    yield from (-guess for guess in encoding.guesses)
    yield -inputs.flag("edited")
    yield -inputs.ranked("incident.messages").reaches[1]
    yield from (
        -inputs.flag(name) for name in ("late", "later_round", "known_before", "before.reopened", "taken", "automatic")
    )
    yield inputs.one_of("before.stage").when("new")
    for name in ("incident.level", "incident.public_turns", "attachments", "incident.messages", "author.followers"):
        yield from (-reach for reach in inputs.ranked(name).reaches[1:])
    yield from parts_of(encoding.scopes["respond"].facts["department.open"])[:1]
    yield from (inputs.flag("public"), -inputs.flag("personal_data"))
    yield inputs.one_of("origin").when("mention")
    yield inputs.one_of("lang").has(inputs.formulas)
    for name, value in inputs.values.items():
        if isinstance(value, TextValue | SetOf) or name.startswith("told."):
            yield from (-each for each in parts_of(value))


def parts_of(value: Value) -> tuple[Formula, ...]:
    """The formulas that a value is made of."""
    match value:
        case OneOf(members) | TextValue(members):
            return tuple(members.values())
        case SetOf(members, given):
            return (*members.values(), given)
        case Ranked(_, reaches):
            return tuple(reaches)
        case _:
            return ()


def paired(one: Value, other: Value) -> Iterator[tuple[Formula, Formula]]:
    """The formulas of two values that are the same value exactly where each pair is the same."""
    if isinstance(one, Ranked) and isinstance(other, Ranked):
        yield from zip(one.reaches, other.reaches, strict=True)
    elif isinstance(one, SetOf) and isinstance(other, SetOf):
        yield one.given, other.given
        for name in dict.fromkeys((*one.members, *other.members)):
            yield one.members.get(name, FALSE), other.members.get(name, FALSE)
    elif isinstance(one, OneOf) and isinstance(other, OneOf):
        for member in dict.fromkeys((*one.members, *other.members)):
            yield one.when(member), other.when(member)
