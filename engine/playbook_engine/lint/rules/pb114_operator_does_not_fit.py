"""A test cannot be asked of its fact.

What it finds
An operator that the fact's kind has not, as `gt` of a name, and a value that cannot be compared with it: a number for
a duration, another currency, a pattern that cannot be read, a word of which nothing is left when it is compared.

Why it matters
Conditions are checked before the first message comes, so that no comparison can fail or silently be false later.

Avoid
```yaml
route:
  - {id: late, when: {incident.age: {gte: 3}}, to: care}
```

```yaml
route:
  - {id: faults, when: {kind: {gt: other}}, to: care}
```

Prefer
```yaml
route:
  - {id: late, when: {incident.age: {gte: 3d}}, to: care}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB114",
    "operator-does-not-fit",
    "error",
    loads=("operator", "unknown-operator", "operand"),
    tier="X",
    profile="draft",
)
