"""Mutants that no test could notice, because the prover shows that they decide every message alike."""

from __future__ import annotations

from collections.abc import Iterable

from playbook_engine.cover.mutant import Altered, Mutant, Removed, Swapped
from playbook_engine.policy.conditions import facts_read
from playbook_engine.policy.policy import ClassifyRow, Policy
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.prover import Prover

SECTIONS = ("ignore", "classify", "route", "respond", "targets")
"""Where every decision about a row is one about a message, so that the prover speaks of all of them."""

CONFLICTS = 20_000


class Alike:
    """Asks about the mutants of one playbook, for every message of the year from `since` (ms UTC) on."""

    def __init__(self, policy: Policy, since: int, mutants: Iterable[Mutant]) -> None:
        self._policy = policy
        asked = [each.difference for each in mutants]
        more = [each.condition for each in asked if isinstance(each, Altered) and each.section in SECTIONS]
        self._prover = Prover(policy, since, more=more)

    def proved(self, mutant: Mutant) -> bool:
        """Whether it is proved that nothing is decided otherwise; False also where that cannot be asked."""
        difference = mutant.difference
        if difference is None or difference.section not in SECTIONS:
            return False
        row = RowName(difference.section, difference.row, difference.department)
        match difference:
            case Removed():
                return self._never(self._prover.wins(row))
            case Swapped(other=other):
                return self._swapped(row, RowName(row.section, other, row.department))
            case Altered():
                return self._altered(row, difference)

    def _never(self, *assumptions: Formula) -> bool:
        return self._prover.ask_whether(*assumptions, conflicts=CONFLICTS).kind == "no"

    def _swapped(self, row: RowName, other: RowName) -> bool:
        """Two neighbours of which never both match may stand either way, if neither reads what the other sets."""
        if row.section == "classify":
            rows = {each.id: each for each in self._policy.classify}
            first, second = rows[row.id], rows[other.id]
            if facts_read(second.when) & set(first.sets) or facts_read(first.when) & set(second.sets):
                return False
            if not self._contradict(first, second):
                return True
        return self._never(self._prover.wins(row), self._prover.matches(other))

    def _contradict(self, first: ClassifyRow, second: ClassifyRow) -> bool:
        """Whether it matters which of two rows sets first: the latest or the first of two values stays."""
        both = first.sets.keys() & second.sets.keys()
        joined = {name for name in both if self._policy.facts[name].joins in ("highest", "union")}
        return any(first.sets[name] != second.sets[name] for name in both - joined)

    def _altered(self, row: RowName, difference: Altered) -> bool:
        """The old condition and the new one hold of the same messages, wherever it is the row's turn."""
        found = self._prover.first.rows[row]
        if row.section == "classify" and facts_read(difference.condition) & self._set_before():
            return False
        new = self._prover.condition(difference.condition, row.section)
        turn = (found.asked, found.turn)
        return self._never(*turn, found.holds, -new) and self._never(*turn, -found.holds, new)

    def _set_before(self) -> set[str]:
        """What rows of `classify` set for those after them: each of them reads another state of it."""
        return {name for row in self._policy.classify for name in row.sets}
