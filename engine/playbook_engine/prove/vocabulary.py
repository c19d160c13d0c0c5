"""The constants a playbook compares with: all that tells one event from another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playbook_engine.model.duty import STEPS
from playbook_engine.policy.conditions import Condition, Test, each_test
from playbook_engine.policy.policy import Policy, Response


@dataclass(frozen=True)
class Vocabulary:
    """By fact, the tests put to it, each once, in the order of the playbook."""

    tests: dict[str, tuple[Test, ...]]

    @classmethod
    def of(cls, policies: Iterable[Policy], more: Iterable[Condition] = ()) -> Vocabulary:
        """Of every condition in the playbooks, what they claim under `prove` included, and of `more`."""
        found: dict[str, dict[Test, None]] = {}
        conditions = (condition for policy in policies for condition in conditions_of(policy))
        for condition in (*conditions, *more):
            for test in each_test(condition):
                name = test.fact.removeprefix("message.")
                found.setdefault(name, {})[test] = None
        return cls({name: tuple(tests) for name, tests in found.items()})

    def asked(self, fact: str) -> tuple[Test, ...]:
        return self.tests.get(fact, ())

    def constants(self, fact: str) -> tuple[object, ...]:
        """Every single value that the tests of the fact name."""
        values: dict[object, None] = {}
        for test in self.asked(fact):
            operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
            if test.operator != "exists":
                values |= dict.fromkeys(operands)
        return tuple(values)


def conditions_of(policy: Policy) -> Iterator[Condition]:
    """Every condition of a playbook."""
    rows = (*policy.ignore, *policy.classify, *policy.route, *policy.targets, *responses_of(policy), *policy.rules)
    yield from (row.when for row in rows)
    yield from policy.human_only
    actions = [action for row in responses_of(policy) for step in STEPS for action in row.step(step).actions]
    actions += [action for rule in policy.rules for action in rule.actions]
    yield from (action.when for action in actions)
    for mode in policy.modes.values():
        yield from (each.when for each in (mode.starts, mode.ends) if each is not None)
    for proof in policy.proofs:
        yield from (proof.assume, proof.claim)


def responses_of(policy: Policy) -> tuple[Response, ...]:
    """The departments' own responses, then the common ones."""
    own = tuple(row for department in policy.departments.values() for row in department.respond)
    return (*own, *policy.respond)
