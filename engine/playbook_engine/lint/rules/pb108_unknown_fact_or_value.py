"""A condition asks for what can never be there.

What it finds
A fact that nobody declares, a value that the fact cannot take, an event that nothing sends, a fact that is not known
yet in this section.

Why it matters
The row would never match, and nobody would notice: the rows below answer instead.

Avoid
```yaml
route:
  - {id: legal, when: {topic: legal}, to: care}
```

```yaml
route:
  - {id: legal, when: {topics: lawsuit}, to: care}
```

Prefer
```yaml
route:
  - {id: legal, when: {topics: legal}, to: care}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB108",
    "unknown-fact-or-value",
    "error",
    loads=("unknown-fact", "unknown-value", "unknown-event", "fact-not-here"),
    tier="X",
    profile="draft",
)
