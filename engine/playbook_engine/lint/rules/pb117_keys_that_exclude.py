"""Two things stand together of which only one can hold.

What it finds
A level with both `at` and `overdue`, a hand-over to two places, `text` beside languages, two actions in one entry, an
`offer` outside `resolve`.

Why it matters
One of them would have to win, and readers would differ about which.

Avoid
```yaml
rules:
  out: {when: {personal_data: true}, do: [{hand_over: {channel: direct, department: care}}]}
```

Prefer
```yaml
rules:
  out: {when: {personal_data: true}, once_per: incident, do: [{hand_over: {channel: direct}}]}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB117",
    "keys-that-exclude",
    "error",
    loads=("exclusive-keys", "two-texts", "when-closed", "offer"),
    profile="draft",
)
