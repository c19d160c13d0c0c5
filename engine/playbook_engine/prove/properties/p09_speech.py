"""P9: nobody's words are hidden without a person: no action that suppresses speech acts unapproved."""

from collections.abc import Iterator

from playbook_engine.policy.policy import Action, Policy, Row
from playbook_engine.prove.case import Case
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for row, action, section in _hiding(case.policy):
        said = f"`{row.id}` of `{section}` does not {action.name} by itself"
        rows = [each for each in case.prover.rows(section) if each.id == row.id]
        if not rows:  # a rule on another type of event, or judged later: it may fire
            yield Detail("broken", f"`{row.id}` of `{section}` hides speech without a person", action.span)
            continue
        wins = case.prover.formulas.any(case.prover.wins(each) for each in rows)
        broken = f"`{row.id}` of `{section}` hides speech without a person"
        yield case.never(said, wins, case.condition(action.when, section), broken=broken, place=action.span)


def _hiding(policy: Policy) -> Iterator[tuple[Row, Action, str]]:
    own = (row for department in policy.departments.values() for row in department.respond)
    for response in (*own, *policy.respond):
        for step in (response.reply, response.apologise, response.resolve):
            if step.kind == "do":
                yield from ((response, action, "respond") for action in step.actions if _hides(action))
    for rule in policy.rules:
        yield from ((rule, action, "rules") for action in rule.actions if _hides(action))


def _hides(action: Action) -> bool:
    return "suppresses" in action.spec.effects and action.approval is None


PROPERTY = Property("P9", "no words of a customer are hidden without a person", check)
