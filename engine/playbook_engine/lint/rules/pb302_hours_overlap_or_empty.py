"""Opening hours overlap, are given twice, or never come.

What it finds
Shifts of one day that overlap or cannot be read, a day that two keys give hours to, a calendar that never opens.

Why it matters
Open time is counted: where it is counted twice or never comes, no deadline in it means anything.

Avoid
```yaml
calendars:
  night:
    open: {daily: [18:00-21:00, 20:00-24:00]}
```

```yaml
calendars:
  night:
    open: {daily: closed}
```

Prefer
```yaml
calendars:
  night:
    open: {daily: [18:00-09:00]}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB302",
    "hours-overlap-or-empty",
    "error",
    loads=("shift", "overlap", "day", "duplicate-day", "never-opens"),
    tier="C",
    profile="draft",
)
