"""A matter is settled without a word to the customer.

What it finds
A `resolve` that runs actions at once, none of which says anything to the customer. An offer and `by_hand` are given by
a person, who writes.

Why it matters
A ticket is closed, a refund is paid, and the customer goes on telling everybody that nothing happens.

Avoid
```yaml
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {do: [{ticket: carrier}]}
```

Prefer
```yaml
templates:
  traced: {ja: "調査を依頼しました。（自動返信）", en: "The carrier is looking for it. (automatic reply)"}
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {do: [{ticket: {queue: carrier, send: traced}}]}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.steps import reaches_customer, responses
from playbook_engine.lint.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    for row, path in responses(subject):
        if row.resolve.kind == "do" and not any(map(reaches_customer, row.resolve.actions)):
            named = " and ".join(f"`{each.name}`" for each in row.resolve.actions)
            message = f"`{row.id}` resolves by {named}, and nobody tells the customer"
            yield Found((*path, "resolve"), message, "add `send:` with a template, or `{send: T}` after it", key=True)


RULE = Rule("PB207", "no-closing-confirmation", "warning", check, tier="P")
