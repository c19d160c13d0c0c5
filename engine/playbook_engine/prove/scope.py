"""Conditions as formulas, where the facts they read are values that are not known."""

from __future__ import annotations

from collections.abc import Mapping

from playbook_engine.policy.conditions import All, Always, Any, Condition, Not, Test
from playbook_engine.prove.formulas import TRUE, Formula, Formulas
from playbook_engine.prove.values import Value, passed


class Scope:
    """The facts that the conditions of one section may read. One that is absent is missing."""

    def __init__(self, formulas: Formulas, facts: Mapping[str, Value]) -> None:
        self.formulas = formulas
        self.facts = facts
        self._known: dict[Test, Formula] = {}

    def holds(self, condition: Condition) -> Formula:
        """When the condition holds."""
        match condition:
            case Always():
                return TRUE
            case All(parts):
                return self.formulas.all(self.holds(part) for part in parts)
            case Any(parts):
                return self.formulas.any(self.holds(part) for part in parts)
            case Not(part):
                return -self.holds(part)
            case _:
                return self._test(condition)

    def _test(self, test: Test) -> Formula:
        known = self._known.get(test)
        if known is None:
            value = self.facts.get(test.fact)
            missing = TRUE if passed(test, None) else -TRUE
            known = self._known[test] = missing if value is None else value.passes(self.formulas, test)
        return known
