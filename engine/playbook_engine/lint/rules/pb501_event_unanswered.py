"""A message would be decided by no row.

What it finds
A list that decides (`route`, `targets`, `respond`) and does not end with a row that takes the rest, and a row of
`ignore` that takes everything.

Why it matters
Silence is never a default. What no row foresees is answered by the last one, which says `when: always`.

Avoid
```yaml
route:
  - {id: faults, when: {kind: fault}, to: care}
  - {id: rest, when: {kind: [praise, question, other]}, to: care}
```

```yaml
ignore:
  - {id: all, when: always, because: We are on holiday}
```

Prefer
```yaml
route:
  - {id: faults, when: {kind: fault}, to: care}
  - {id: rest, when: always, to: care}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB501",
    "event-unanswered",
    "error",
    loads=("missing-catch-all", "ignores-everything"),
    profile="draft",
    locked=True,
)
