"""A key means nothing where it stands.

What it finds
A key that the language does not know in this place. The nearest known key is named, and all that could stand there.

Why it matters
A misspelt key that was ignored would take its meaning with it: a deadline that is not there, a limit that never
holds.

Avoid
```yaml
undecided: {to: head, wihtin: 30m}
```

Prefer
```yaml
undecided: {to: head, within: 30m}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB101", "unknown-field", "error", loads=("unknown-field", "unknown-parameter"), profile="draft")
