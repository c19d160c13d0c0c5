"""A row stands below one that takes everything.

What it finds
Rows of a first-match list after the one with `when: always`.

Why it matters
They are never asked. Most of them were added at the end of the list by somebody who took it for a list without an
order.

Avoid
```yaml
route:
  - {id: rest, when: always, to: care}
  - {id: faults, when: {kind: fault}, to: care}
```

Prefer
```yaml
route:
  - {id: faults, when: {kind: fault}, to: care}
  - {id: rest, when: always, to: care}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB509", "catch-all-not-last", "error", loads=("unreachable-row",), tier="X", profile="draft")
