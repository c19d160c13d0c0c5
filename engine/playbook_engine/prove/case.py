"""One playbook under proof: its prover, and the ways in which properties put their questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from playbook_engine.model.span import Span
from playbook_engine.policy.conditions import Condition
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.answer import Answer
from playbook_engine.prove.bounds import DueBounds
from playbook_engine.prove.encode import Encoding, RowName
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.prover import Opinion, Prover
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.prove.times import YEAR
from playbook_engine.prove.verdict import Detail
from playbook_engine.prove.witness import Shown, Witnesses, parts_of

GAVE_UP = "the solver gave up after {} conflicts; allow more with --budget"
NOT_SHOWN = "the formulas allow it, but no timeline was found that the engine replays"


class Case:
    """Questions to one playbook over the `span` (ms) from `since` (ms UTC) on; `budget` bounds the conflicts of each.

    `opinion` is a second solver that is asked everything too.
    """

    def __init__(
        self,
        policy: Policy,
        since: int,
        budget: int = CONFLICTS,
        opinion: type[Opinion] | None = None,
        span: int = YEAR,
    ) -> None:
        self.policy, self.since, self.until, self.budget = policy, since, since + span, budget
        self._opinion = opinion
        self.bounds = DueBounds(policy, self.since, self.until)

    @property
    def solver(self) -> str:
        """Who answers: z3 too where it is asked for a second opinion, because it may answer what ours gives up."""
        return "built-in" if self._opinion is None else "built-in and z3"

    @cached_property
    def prover(self) -> Prover:
        claims = [each for proof in self.policy.proofs for each in (proof.assume, proof.claim)]
        return Prover(
            self.policy, self.since, until=self.until, more=claims, promises=self.bounds, opinion=self._opinion
        )

    @cached_property
    def witnesses(self) -> Witnesses:
        return Witnesses(self.prover, self.budget, self.bounds.extremes)

    def never(self, said: str, *formulas: Formula, broken: str, place: Span | None = None) -> Detail:
        """That the formulas hold together of no message. `said` is what then holds, `broken` what is so otherwise."""
        answer = self.prover.ask(*formulas, conflicts=self.budget)
        if answer.kind != "yes":
            return self._unbroken(answer, said, place)
        return self._shown([self.witnesses.show(*formulas)], said, broken, place)

    def never_two(
        self, said: str, other: Encoding, *formulas: Formula, broken: str, place: Span | None = None
    ) -> Detail:
        """The same of two messages together, the second encoded by `other`; each is replayed by itself."""
        answer = self.prover.ask(*formulas, conflicts=self.budget)
        if answer.kind != "yes":
            return self._unbroken(answer, said, place)
        plain = self.witnesses.plainest([*formulas], [self.prover.first, other]) or answer
        shown = [self.witnesses.show(*self._as_in(plain, encoding)) for encoding in (self.prover.first, other)]
        return self._shown(shown, said, broken, place)

    def _unbroken(self, answer: Answer, said: str, place: Span | None) -> Detail:
        if answer.kind == "no":
            return Detail("holds", said, place)
        return Detail("inconclusive", f"{said}: {self.gave_up}", place)

    @property
    def gave_up(self) -> str:
        return GAVE_UP.format(self.budget)

    def _shown(self, shown: Sequence[Shown], said: str, broken: str, place: Span | None) -> Detail:
        replayed = tuple(each.replayed for each in shown if each.replayed is not None)
        if len(replayed) < len(shown):
            return Detail("inconclusive", f"{said}: {NOT_SHOWN}", place)
        return Detail("broken", broken, place, replayed)

    def _as_in(self, answer: Answer, encoding: Encoding) -> Iterator[Formula]:
        """The message of an encoding in a model, as a demand on the prover's first message."""
        holds = self.prover.formulas.solver.holds
        for name, value in self.prover.first.inputs.values.items():
            for mine, theirs in zip(parts_of(value), parts_of(encoding.inputs.values[name]), strict=True):
                yield mine if holds(theirs, answer) else -mine

    def condition(self, condition: Condition, section: str, of: Encoding | None = None) -> Formula:
        return self.prover.condition(condition, section, of)

    def wins(self, section: str, id: str, department: str = "") -> Formula:
        return self.prover.wins(RowName(section, id, department))

    def blockers(self, row: RowName) -> tuple[RowName, ...] | None:
        """The fewest earlier rows that take everything a row matches; None where nothing can match it at all.

        () for a row that can win, or of which that is not known.
        """
        prover, first, matches = self.prover, self.prover.first, self.prover.matches(row)
        if prover.ask_whether(matches, conflicts=self.budget).kind == "no":
            return None
        listed = prover.rows(row.section)
        taken = {-first.rows[each].holds: each for each in listed[: listed.index(row)]}
        answer = prover.ask(matches, *taken, conflicts=self.budget)
        if answer.kind != "no":
            return ()
        return tuple(taken[literal] for literal in prover.smaller(answer.core, matches) if literal in taken)

    def place(self, row: RowName) -> Span | None:
        """Where a row was written; a mode has no place of its own."""
        return self._places.get(row)

    @cached_property
    def _places(self) -> dict[RowName, Span]:
        policy = self.policy
        lists: Sequence[tuple[str, Iterable[tuple[str, Span]]]] = (
            ("ignore", ((row.id, row.span) for row in policy.ignore)),
            ("classify", ((row.id, row.span) for row in policy.classify)),
            ("route", ((row.id, row.span) for row in policy.route)),
            ("targets", ((row.id, row.span) for row in policy.targets)),
            ("respond", ((row.id, row.span) for row in policy.respond)),
            ("rules", ((row.id, row.span) for row in policy.rules)),
        )
        found = {RowName(section, id): span for section, rows in lists for id, span in rows}
        for department in policy.departments.values():
            found |= {RowName("respond", row.id, department.id): row.span for row in department.respond}
        return found
