"""P4: no two rules that fire on one message give it to different places: all that match fire, one place can have it."""

from collections.abc import Iterator
from itertools import combinations

from playbook_engine.policy.policy import Rule
from playbook_engine.prove.case import Case
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    known = {row.id for row in case.prover.rows("rules")}
    handing = [rule for rule in case.policy.rules if rule.id in known and _given_to(rule)]
    for one, other in combinations(handing, 2):
        if _given_to(one) != _given_to(other):
            wins = [case.prover.wins(RowName("rules", each.id)) for each in (one, other)]
            said = f"`{one.id}` and `{other.id}` never hand one message over to different places"
            broken = f"`{one.id}` and `{other.id}` hand one message over to different places"
            yield case.never(said, *wins, broken=broken, place=other.span)


def _given_to(rule: Rule) -> frozenset[tuple[str, str]]:
    """Where a rule hands over to: department, account or channel, and which."""
    return frozenset(
        (kind, str(action.parameters[kind]))
        for action in rule.actions
        if action.name == "hand_over"
        for kind in ("department", "account", "channel")
        if kind in action.parameters
    )


PROPERTY = Property("P4", "no two rules hand one message over to different places", check)
