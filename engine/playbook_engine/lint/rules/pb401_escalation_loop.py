"""A chain of names leads back to its beginning.

What it finds
Deputies who stand in for each other in a circle, and an account that names itself under `see_also`.

Why it matters
While all of them are off duty the notice would go round for ever, and in the end to the first one again.

Avoid
```yaml
people:
  head: {name: 加藤, via: [{email: kato@suzuran.example}], deputy: mori, initials: KT}
```

Prefer
```yaml
people:
  head: {name: 加藤, via: [{email: kato@suzuran.example}], initials: KT}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB401", "escalation-loop", "error", loads=("circle",), tier="X", profile="draft", locked=True)
