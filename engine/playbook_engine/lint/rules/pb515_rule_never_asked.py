"""A rule waits for a type of event on which rules are never asked.

What it finds
A rule whose `event` is a type that changes an incident without asking the rules, such as `duty.waived` or
`approval.granted`.

Why it matters
The rule is read, checked and never fires. Whoever wrote it believes that something happens.

Avoid
```yaml
rules:
  thank-again:
    event: duty.waived
    when: always
    do: [{notify: head}]
```

Prefer
```yaml
rules:
  thank-again:
    event: incident.resolved
    when: always
    do: [{notify: head}]
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.prove.termination import RULES_FIRE_ON


def check(subject: Subject) -> Iterator[Found]:
    for rule in subject.policy.rules:
        if rule.event not in RULES_FIRE_ON:
            yield Found(
                ("rules", rule.id, "event"),
                f"rules are never asked at `{rule.event}`, so `{rule.id}` never fires",
                "name an event at which rules are asked",
                legal=tuple(sorted(RULES_FIRE_ON)),
            )


RULE = Rule("PB515", "rule-never-asked", "error", check, tier="X")
