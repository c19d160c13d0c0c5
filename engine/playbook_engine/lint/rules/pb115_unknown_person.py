"""A person who does not exist is named.

What it finds
Somebody who is told, asked, on duty, a lead or a deputy, and stands under no such name in `people`. Where a role will
do, `department.on_duty`, `department.lead` and `undecided` are named too.

Why it matters
Nobody would be told, and a deadline would pass in silence.

Avoid
```yaml
undecided: {to: haed, within: 30m}
```

Prefer
```yaml
undecided: {to: head, within: 30m}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB115", "unknown-person", "error", loads=("unknown-person",), tier="X", profile="draft")
