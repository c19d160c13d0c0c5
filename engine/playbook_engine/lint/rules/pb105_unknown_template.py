"""A template that does not exist is named.

What it finds
A step, an action or a department that sends a text which stands under no such name in `templates`.

Why it matters
There would be nothing to say to the customer.

Avoid
```yaml
respond:
  - {id: rest, when: always, reply: {send: akc}, apologise: none, resolve: by_hand}
```

Prefer
```yaml
respond:
  - {id: question, when: {kind: question}, reply: {send: ack}, apologise: none, resolve: by_hand}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB105", "unknown-template", "error", loads=("unknown-template",), tier="X", profile="draft")
