"""P6: nothing is offered that nobody may give: beyond what a department may spend and its approver may allow.

What a department may spend without a word in `may_spend` is put before a person each time (SEMANTICS 8.2).
"""

from collections.abc import Iterator

from playbook_engine.policy.money import Money, say_money
from playbook_engine.policy.policy import Action, Authority, Policy, Response, Row
from playbook_engine.prove.case import Case
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.verdict import Detail, Property


def check(case: Case) -> Iterator[Detail]:
    for row, action, section in _spending(case.policy):
        amount = action.parameters.get("amount")
        if not isinstance(amount, Money):
            continue
        for name, department in case.policy.departments.items():
            most = _most(department.may_spend.get(action.name))
            if most is None or amount.amount <= most.amount:
                continue
            answers = case.prover.first.department.when(name)
            wins = _wins(case, row, section)
            given = case.condition(action.when, section)
            money, least = (say_money(each.amount, each.currency) for each in (amount, most))
            said = f"`{row.id}` offers no {action.name} of {money} where `{name}` answers and nobody there may give it"
            broken = f"`{row.id}` offers a {action.name} of {money} where `{name}` answers, which may give {least}"
            yield case.never(said, answers, wins, given, broken=broken, place=action.span)


def _wins(case: Case, row: Row, section: str) -> Formula:
    found = [each for each in case.prover.rows(section) if each.id == row.id]
    return case.prover.formulas.any(case.prover.wins(each) for each in found)


def _most(authority: Authority | None) -> Money | None:
    """The most that may be given in one incident, with an approval; None without a bound."""
    if authority is None or authority.per_incident is None:
        return None
    return authority.up_to if authority.approver else authority.per_incident


def _spending(policy: Policy) -> Iterator[tuple[Row, Action, str]]:
    own = (row for department in policy.departments.values() for row in department.respond)
    for response in (*own, *policy.respond):
        for action in _steps(response):
            yield response, action, "respond"
    for rule in policy.rules:
        for action in rule.actions:
            if "spends" in action.spec.effects and rule.event == "message.received" and not rule.after:
                yield rule, action, "rules"


def _steps(response: Response) -> Iterator[Action]:
    for step in (response.reply, response.apologise, response.resolve):
        yield from (action for action in step.actions if "spends" in action.spec.effects)


PROPERTY = Property("P6", "nothing is offered beyond the authority of the department and its approver", check)
