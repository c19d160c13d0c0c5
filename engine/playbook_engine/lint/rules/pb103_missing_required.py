"""Something that must be said is missing.

What it finds
A section that every playbook has, or a key that its place cannot do without. The message shows the smallest entry
that would do.

Why it matters
There is no default for what a company has to decide: who gets what nobody else does, in which time zone a day begins.

Avoid
```yaml
undecided:
```

```yaml
limits:
  - {id: some, of: send, per: author, max: 3, then: hold}
```

Prefer
```yaml
limits:
  - {id: some, of: send, per: author, max: 3, in: 10m, then: hold}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB103",
    "missing-required",
    "error",
    loads=("missing-required", "missing-section", "missing-department", "missing-parameter"),
    profile="draft",
)
