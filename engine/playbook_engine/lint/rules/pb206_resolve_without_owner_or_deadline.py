"""A matter is to be resolved, and nobody has to do it, or not by any time.

What it finds
The last response resolves and the last target says no time for it; a department that is given messages and has nobody
on duty and no lead.

Why it matters
A duty exists where the response has the step and the target has its deadline. Without it no ladder watches, no report
counts, and the matter is settled when somebody happens to think of it. Without a person all of it goes to whoever is
named under `undecided`.

Avoid
```yaml
targets:
  - {id: rest, when: always, reply: 1h, apologise: 4h, counts: human, escalate: standard}
```
```yaml
departments:
  press: {name: {ja: 広報, en: Press office}, calendar: desk}
route:
  - {id: lawyers, when: {topics: legal}, to: press}
```

Prefer
```yaml
targets:
  - {id: rest, when: always, reply: 1h, apologise: 4h, resolve: 2d, counts: human, escalate: standard}
departments:
  press: {name: {ja: 広報, en: Press office}, calendar: desk, on_duty: mori, lead: head}
route:
  - {id: lawyers, when: {topics: legal}, to: press}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    response, target = policy.respond[-1], policy.targets[-1]
    if response.resolve.kind != "none" and "resolve" not in target.deadlines:
        message = f"`{target.id}` gives no time for `resolve`, and `{response.id}` resolves what no other row does"
        beside = (Beside((*subject.path_of(response), "resolve"), "what is to be done", key=True),)
        yield Found(
            subject.path_of(target), message, "add a deadline, such as `resolve: {open_days: 3}`", beside=beside
        )
    routed = {row.department: row for row in reversed(policy.route)}
    for name, row in sorted(routed.items()):
        department = policy.departments[name]
        if not department.on_duty and not department.lead:
            message = f"nobody is on duty in `{name}`, and it has no lead"
            beside = (Beside((*subject.path_of(row), "to"), "messages are given to it here"),)
            remedy = f"name a person: `on_duty`, `lead` or both; else all goes to `{policy.undecided.person}`"
            yield Found(("departments", name), message, remedy, key=True, beside=beside)


RULE = Rule("PB206", "resolve-without-owner-or-deadline", "warning", check, tier="X")
