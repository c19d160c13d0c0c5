"""A target does not say how fast the first reply is.

What it finds
A row of `targets` without `reply`.

Why it matters
The first step is to be fast. Without a deadline nothing is owed, nobody is told, and no report shows that nobody
answered.

Avoid
```yaml
targets:
  - {id: praise, when: {kind: praise}, resolve: 3d, counts: human, escalate: standard}
```

Prefer
```yaml
targets:
  - {id: praise, when: {kind: praise}, reply: 1d, resolve: 3d, counts: human, escalate: standard}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB203", "first-reply-deadline-missing", "error", loads=("missing-reply",), profile="draft", locked=True)
