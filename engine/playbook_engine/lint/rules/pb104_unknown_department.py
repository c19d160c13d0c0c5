"""A department that does not exist is named.

What it finds
A route, a hand-over, an account or a condition that names a department which stands under no such name in
`departments`. The message lists the departments there are, and the one that was probably meant.

Why it matters
Messages would be given to nobody. A playbook with such a name is not accepted by any command.

Avoid
```yaml
route:
  - {id: rest, when: always, to: caer}
```

Prefer
```yaml
route:
  - {id: rest, when: always, to: care}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB104", "unknown-department", "error", loads=("unknown-department",), tier="X", profile="draft")
