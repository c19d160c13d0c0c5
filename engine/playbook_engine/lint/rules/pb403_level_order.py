"""A level of a ladder is not later than the one above it.

What it finds
Levels of one ladder that do not rise in time: shares of the deadline first, then the time since it has passed.

Why it matters
Whoever reads the ladder from the top takes the next level for the later one; the head of the house would be told
first.

Avoid
```yaml
escalations:
  standard:
    - {id: lead, at: 100%, notify: department.lead}
    - {id: warn, at: 75%, notify: department.on_duty}
    - {id: chief, overdue: 1h, notify: head}
```

Prefer
```yaml
escalations:
  standard:
    - {id: warn, at: 75%, notify: department.on_duty}
    - {id: lead, at: 100%, notify: department.lead, acknowledge_within: 30m}
    - {id: chief, overdue: 1h, notify: head}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB403", "level-order", "error", loads=("level-order",), tier="X", profile="draft")
