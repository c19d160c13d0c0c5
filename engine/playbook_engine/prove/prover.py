"""The prover: a playbook's rows and outcomes as formulas, and questions to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from playbook_engine.model.event import FactValue
from playbook_engine.policy.conditions import Condition
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.answer import Answer
from playbook_engine.prove.cores import smaller
from playbook_engine.prove.encode import Encoding, RowName
from playbook_engine.prove.formulas import Formula, Formulas
from playbook_engine.prove.models import Models
from playbook_engine.prove.outcomes import Outcomes, Promises, elapsed_only
from playbook_engine.prove.reachable import demand_reachable, demand_together
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.prove.times import YEAR, Situation, situations
from playbook_engine.prove.values import OneOf, Value
from playbook_engine.prove.vocabulary import Vocabulary

_FOR_EACH = 1_000
"""How many conflicts it may cost to learn whether one assumption of a core can be spared."""


class Opinion(Protocol):
    """A second solver, of the same formulas."""

    def __init__(self, formulas: Formulas) -> None: ...

    def on(self, assumptions: Sequence[Formula], answer: Answer) -> Answer:
        """The answer that stands. Raises where the two contradict each other."""


@dataclass(frozen=True)
class Shared:
    """What a prover may have in common with another: the formulas, their constants, and the first message."""

    formulas: Formulas
    vocabulary: Vocabulary
    situations: tuple[Situation, ...]
    given: Mapping[str, Value] = field(default_factory=dict)
    remembering: bool = True
    """Whether no incident remembers what this playbook alone cannot bring about."""


class Prover:
    """Questions about every message that a playbook may meet in the year from `since` (ms UTC) on.

    A formula is a literal: negate it with `-`, combine formulas by `formulas`. `no` means that it cannot be, for any
    event and any incident this playbook has brought about; `yes` only that the encoding has a model, which
    `witness` shows with the real engine.
    """

    def __init__(
        self,
        policy: Policy,
        since: int,
        *,
        until: int | None = None,
        more: Iterable[Condition] = (),
        promises: Promises = elapsed_only,
        opinion: type[Opinion] | None = None,
        shared: Shared | None = None,
    ) -> None:
        self.policy, self.since = policy, since
        self.until = since + YEAR if until is None else until
        shared = shared or Shared(Formulas(), Vocabulary.of((policy,), more), situations(policy, since, self.until))
        self.formulas, self._vocabulary, self._situations = shared.formulas, shared.vocabulary, shared.situations
        self._promises = promises
        self._outcomes: dict[int, Outcomes] = {}
        self._opinion = opinion(self.formulas) if opinion is not None else None
        self._models = Models(self.formulas.solver)
        self.first = self.encoded(shared.given)
        alone = shared.remembering
        self.out_of_reach = demand_reachable(self.first) if alone else {}
        """By fact, the values that no incident ever remembers, though a row would set them."""
        self.together = demand_together(self.first) if alone else []
        """Pairs of values of which no incident ever remembers the first without the second."""

    def encoded(self, given: Mapping[str, Value]) -> Encoding:
        """Another message, of which the values `given` by the names of `Inputs.values` are taken as they are."""
        return Encoding(self.policy, self.formulas, self._vocabulary, self._situations, given)

    def second(self, differs: Collection[str]) -> Encoding:
        """Another message that is the same in everything but the inputs named here; see `Inputs.values`."""
        shared = {name: value for name, value in self.first.inputs.values.items() if name not in differs}
        return self.encoded(shared)

    def following(self, before: Encoding) -> Encoding:
        """The next message in the incident: what it remembers is what the one `before` left."""
        return self.encoded({f"held.{name}": value for name, value in before.joined.items()})

    def rows(self, section: str) -> tuple[RowName, ...]:
        """The rows of ignore, classify, route, targets, respond, rules or modes, in the order they are tried."""
        return tuple(name for name in self.first.rows if name.section == section)

    def asked(self, row: RowName) -> Formula:
        """When the row's turn may come at all."""
        return self.first.rows[row].asked

    def matches(self, row: RowName) -> Formula:
        """When the row is asked for and its condition holds."""
        return self.first.matches(row)

    def wins(self, row: RowName) -> Formula:
        """When it is the row that decides: in a first-match list none before it matches."""
        return self.first.wins(row)

    def condition(self, condition: Condition, section: str, of: Encoding | None = None) -> Formula:
        """When a condition holds that is written in this section; in `assert` it may speak of outcomes.

        Its constants must be in the playbook, or among the `more` that the prover was told of.
        """
        encoding = of or self.first
        return (
            self.outcomes(encoding).scope.holds(condition)
            if section == "assert"
            else encoding.holds(condition, section)
        )

    def outcomes(self, of: Encoding | None = None) -> Outcomes:
        """What claims may speak of; meant where the message is `oriented`."""
        encoding = of or self.first
        if id(encoding) not in self._outcomes:
            self._outcomes[id(encoding)] = Outcomes(encoding, self._vocabulary, self._promises)
        return self._outcomes[id(encoding)]

    @property
    def speaks_of_outcomes(self) -> bool:
        """Whether anybody has asked yet what comes of the first message."""
        return id(self.first) in self._outcomes

    def outcome(self, name: str, value: FactValue, of: Encoding | None = None) -> Formula:
        """When an outcome is exactly this: department, target, ladder, respond, human_only, `reply.step`, …"""
        found = self.outcomes(of).facts[name]
        assert isinstance(found, OneOf), f"`{name}` is a number; put a condition to it"
        return found.when(value)

    def ask(self, *assumptions: Formula, conflicts: int = CONFLICTS) -> Answer:
        """Whether the assumptions can all hold of one message; `gave-up` after so many conflicts.

        With a second opinion it is asked too, and may answer what our own solver has given up.
        """
        answer = self.formulas.solver.solve(assumptions, conflicts)
        self._models.keep(answer)
        return answer if self._opinion is None else self._opinion.on(assumptions, answer)

    def ask_whether(self, *assumptions: Formula, conflicts: int = CONFLICTS) -> Answer:
        """The same where the model of a `yes` does not matter: that of an earlier question may do, and is not given."""
        if self._opinion is None and self._models.show(assumptions):
            return Answer("yes")
        return self.ask(*assumptions, conflicts=conflicts)

    def smaller(self, core: Sequence[Formula], fixed: Formula) -> tuple[Formula, ...]:
        """The assumptions of a `no` that cannot be spared; `fixed` stays with them."""
        return smaller(core, fixed, lambda *rest: self.ask_whether(*rest, conflicts=_FOR_EACH))
