"""Money leaves for good without a person.

What it finds
A refund, or an action of a plugin that spends, under `do`, where the department may give the amount by itself: it is
paid as soon as the row matches. A coupon is not meant: it can be withdrawn. Where nobody may spend, a person is asked
in any case.

Why it matters
What decided is a list of words in a message from a stranger. A refund cannot be called back, and word gets around.

Avoid
```yaml
departments:
  care:
    name: {ja: お客様係, en: Customer care}
    calendar: desk
    on_duty: {desk: mori, night: yoru}
    lead: head
    may_spend: {refund: {per_incident: 1000 JPY}, coupon: {per_incident: 1000 JPY}}
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {do: [{refund: 500 JPY}]}
```

Prefer
```yaml
departments:
  care:
    name: {ja: お客様係, en: Customer care}
    calendar: desk
    on_duty: {desk: mori, night: yoru}
    lead: head
    may_spend: {refund: {per_incident: 1000 JPY}, coupon: {per_incident: 1000 JPY}}
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {offer: [{refund: 500 JPY}]}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Acted, may_leave_alone
from playbook_engine.policy.policy import Department
from playbook_engine.policy.policy import Money as Amount

_CAN_BE_WITHDRAWN = ("coupon",)


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    for each in subject.acted:
        action = each.action
        if "spends" not in action.spec.effects or action.name in _CAN_BE_WITHDRAWN or each.kind == "offer":
            continue
        if action.approval is None and may_leave_alone(policy, each.place):
            paying = [one for one in policy.departments.values() if _pays(one, each)]
            if paying:
                yield Found(
                    each.path,
                    f"`{action.name}` is paid as soon as this matches, and no person sees it",
                    "write it under `offer` in `resolve`, so that a person gives it",
                    key=True,
                    beside=(Beside(("departments", paying[0].id, "may_spend", action.name), "may give it by itself"),),
                )


def _pays(department: Department, each: Acted) -> bool:
    """Whether the department gives it without asking anybody."""
    if each.place.department not in ("", department.id):
        return False
    amount, allowed = each.action.parameters.get("amount"), department.may_spend.get(each.action.name)
    if not isinstance(amount, Amount):
        return True
    if allowed is None:
        return False
    return allowed.per_incident is None or amount.amount <= allowed.per_incident.amount


RULE = Rule("PB708", "irreversible-unapproved", "error", check, tier="P", locked=True)
