"""A fact is declared as what it cannot be.

What it finds
A fact with no kind or two, a set with a `default`, a flag whose kind is written as its default, an unknown way to
keep one.

Why it matters
What a fact is decides how the messages of one incident add up: the first name stays, the highest rank stays, sets
grow.

Avoid
```yaml
facts:
  vip: {flag: false, from: crm}
```

```yaml
facts:
  topics: {many_of: [delivery, damage, injury, legal], default: delivery}
```

Prefer
```yaml
facts:
  vip: {flag: true, default: false, from: crm}
route:
  - {id: vip, when: {vip: true}, to: care}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB118", "fact-declaration", "error", loads=("fact-kind", "fact-default", "keep"), profile="draft")
