"""What a playbook makes of a message, as values that are not known: what claims under `prove` speak of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from playbook_engine.model.duty import STEPS
from playbook_engine.model.event import FactValue
from playbook_engine.policy.money import Money
from playbook_engine.policy.policy import Action, Response, Target
from playbook_engine.prove.encode import Encoding, RowName
from playbook_engine.prove.formulas import FALSE, TRUE, Formula
from playbook_engine.prove.scope import Scope
from playbook_engine.prove.times import Situation
from playbook_engine.prove.values import OneOf, Ranked, Value, cuts
from playbook_engine.prove.vocabulary import Vocabulary

Bounds = tuple[int, int | None]
"""The least and the most (ms), both of which occur; None for no bound that is known."""

_MOST_SUMS = 256


class Promises(Protocol):
    """How long a step may take, from when the customer wrote to its deadline."""

    def __call__(self, target: Target, step: str, department: str, situation: Situation) -> Bounds:
        """For every instant of a situation; `step` is reply, next_reply, apologise or resolve."""


def elapsed_only(target: Target, step: str, department: str, situation: Situation) -> Bounds:
    """What needs no calendar: elapsed time. Of open time it says nothing, which proves nothing."""
    deadline = target.deadlines[step]
    return (deadline.amount, deadline.amount) if deadline.kind == "elapsed" else (0, None)


class Outcomes:
    """The facts that only claims may read, of one encoding. They are meant where `encoding.oriented` holds."""

    def __init__(self, encoding: Encoding, vocabulary: Vocabulary, promises: Promises) -> None:
        self._encoding, self._vocabulary, self._promises = encoding, vocabulary, promises
        self._formulas, self._policy = encoding.formulas, encoding.policy
        self.facts: dict[str, Value] = {
            "department": OneOf({name: when for name, when in encoding.department.members.items() if name}),
            "target": self._of_targets(lambda target: target.id),
            "ladder": self._of_targets(lambda target: target.ladder),
            "respond": self._grouped((row.id, when) for row, when in encoding.response_rows()),
            "human_only": OneOf({True: encoding.human_only, False: -encoding.human_only}),
            "spend": self._spend(),
        }
        for step in STEPS:
            kinds = ((row.step(step).kind, when) for row, when in encoding.response_rows())
            self.facts[f"{step}.step"] = self._grouped(kinds)
            self.facts[f"{step}.due_in"] = self._due_in(step)
        self.scope = Scope(encoding.formulas, {**encoding.scopes["respond"].facts, **self.facts})

    def _grouped(self, pairs: Iterable[tuple[FactValue, Formula]]) -> OneOf:
        found: dict[FactValue, list[Formula]] = {}
        for value, formula in pairs:
            found.setdefault(value, []).append(formula)
        return OneOf({value: self._formulas.any(listed) for value, listed in found.items() if value != ""})

    def _of_targets(self, named: _Named) -> OneOf:
        return self._grouped((named(target), self._wins(target)) for target in self._policy.targets)

    def _wins(self, target: Target) -> Formula:
        return self._encoding.wins(RowName("targets", target.id))

    # Money.

    def _spend(self) -> Ranked:
        """All that the response that wins may give, by itself or by an agent's hand, in minor units."""
        sums: dict[int, list[Formula]] = {}
        for row, when in self._encoding.response_rows():
            for amount, formula in self._sums(row).items():
                sums.setdefault(amount, []).append(self._formulas.both(when, formula))
        amounts = sorted({0, *sums})
        reaches, above = [], FALSE
        for amount in reversed(amounts):
            above = self._formulas.either(above, self._formulas.any(sums.get(amount, ())))
            reaches.append(above)
        return Ranked(amounts, tuple(reversed(reaches)))

    def _sums(self, row: Response) -> dict[int, Formula]:
        """What the offers of a response add up to, and when."""
        formulas, scope = self._formulas, self._encoding.scopes["respond"]
        sums = {0: TRUE}
        for amount, action in _spending(row):
            given, after = scope.holds(action.when), dict[int, list[Formula]]()
            for total, formula in sums.items():
                after.setdefault(total, []).append(formulas.both(formula, -given))
                after.setdefault(total + amount, []).append(formulas.both(formula, given))
            sums = {total: formulas.any(listed) for total, listed in after.items()}
            if len(sums) > _MOST_SUMS:  # too many to tell apart: all that may be given is
                return {sum(each for each, _ in _spending(row)): TRUE}
        return sums

    # Deadlines.

    def _due_in(self, step: str) -> Ranked:
        """The time promised for a step that this message makes us owe; missing where it is not owed."""
        formulas, asked = self._formulas, self._vocabulary.asked(f"{step}.due_in")
        edges = sorted({0, *cuts(asked, 0, None)})
        owed = [when for row, when in self._encoding.response_rows() if row.step(step).kind != "none"]
        timed = [self._wins(target) for target in self._policy.targets if step in target.deadlines]
        has = formulas.both(formulas.any(owed), formulas.any(timed))
        value = Ranked(edges, (has, *(formulas.free() for _ in edges[1:])))
        for lower, higher in zip(value.reaches, value.reaches[1:], strict=False):
            formulas.demand(lower, -higher)
        for target in self._policy.targets:
            if step in target.deadlines:
                self._promised(value, target, step)
        return value

    def _promised(self, value: Ranked, target: Target, step: str) -> None:
        later, formulas = self._encoding.inputs.flag("later_round"), self._formulas
        rounds = {step: TRUE}
        if step == "reply" and "next_reply" in target.deadlines:
            rounds = {"reply": -later, "next_reply": later}
        for name, when in rounds.items():
            for department in self._policy.departments:
                answers = self._encoding.department.when(department)
                case = formulas.all((self._wins(target), when, answers))
                for bounds, situated in self._by_bounds(target, name, department).items():
                    self._bound(value, formulas.both(case, situated), bounds)

    def _by_bounds(self, target: Target, step: str, department: str) -> dict[Bounds, Formula]:
        was, inputs = self._encoding.inputs.one_of("was"), self._encoding.inputs
        found: dict[Bounds, list[Formula]] = {}
        for index, situation in enumerate(inputs.situations):
            found.setdefault(self._promises(target, step, department, situation), []).append(was.when(index))
        return {bounds: TRUE if len(found) == 1 else self._formulas.any(situated) for bounds, situated in found.items()}

    def _bound(self, value: Ranked, case: Formula, bounds: Bounds) -> None:
        least, most = bounds
        for edge, reach in zip(value.values[1:], value.reaches[1:], strict=True):
            assert isinstance(edge, int)
            if edge <= least:
                self._formulas.demand(-case, -value.reaches[0], reach)
            elif most is not None and edge > most:
                self._formulas.demand(-case, -reach)


class _Named(Protocol):
    def __call__(self, target: Target) -> str: ...


def _spending(row: Response) -> tuple[tuple[int, Action], ...]:
    """The actions of a response that give money away, with their amounts."""
    actions = (action for step in STEPS for action in row.step(step).actions if "spends" in action.spec.effects)
    amounts = ((action.parameters.get("amount"), action) for action in actions)
    return tuple((amount.amount, action) for amount, action in amounts if isinstance(amount, Money))
