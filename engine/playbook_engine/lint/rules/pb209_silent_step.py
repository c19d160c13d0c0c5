"""A reply or an apology of which the customer sees nothing.

What it finds
`reply` or `apologise` with actions that only work inside the house: a ticket, a notice, a tag.

Why it matters
The step looks done in the playbook. Its duty stays open until a person writes, and the ladder tells who did not.

Avoid
```yaml
respond:
  - {id: praise, when: {kind: praise}, reply: {do: [{tag: pleased}]}, apologise: none, resolve: none}
```

Prefer
```yaml
respond:
  - {id: praise, when: {kind: praise}, reply: {draft: thanks}, apologise: none, resolve: none}
rules:
  pleased: {when: {kind: praise}, once_per: incident, do: [{notify: {to: mori, text: Somebody is pleased}}]}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.steps import reaches_customer, responses
from playbook_engine.lint.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    for row, path in responses(subject):
        for name in ("reply", "apologise"):
            step = row.step(name)
            if step.kind == "do" and not any(map(reaches_customer, step.actions)):
                named = " and ".join(f"`{each.name}`" for each in step.actions)
                message = f"`{name}` of `{row.id}` is {named}, of which the customer sees nothing"
                remedy = "send or draft a text; or write `by_hand`, and put what is done inside under `rules`"
                yield Found((*path, name), message, remedy, key=True)


RULE = Rule("PB209", "silent-step", "warning", check, tier="P")
