"""A person cannot be told anything.

What it finds
Somebody without `via` and without a `deputy`, and an address that is empty or no address.

Why it matters
A notice to such a person goes nowhere, and whoever wrote the ladder counts on it.

Avoid
```yaml
people:
  mori: {name: 森, calendar: desk, initials: MR}
```

Prefer
```yaml
people:
  mori: {name: 森, deputy: head, calendar: desk, initials: MR}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB119", "unreachable-person", "error", loads=("unreachable", "address"), tier="X", profile="draft")
