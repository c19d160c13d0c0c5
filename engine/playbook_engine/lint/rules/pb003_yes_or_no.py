"""A word stands where only `true` or `false` can.

What it finds
`yes`, `no`, `on`, `off`, `はい` or anything else, also a `true` in quotes, where a flag is wanted. Everywhere else
these are texts: a template may say `no`, and a country may be `NO`.

Why it matters
YAML readers disagree about these words. One of them takes `no` for false, the next for a text, and a text is never
false.

Avoid
```yaml
ignore:
  - {id: machines, when: {automatic: yes}, because: Auto-responders need no answer}
```

Prefer
```yaml
ignore:
  - {id: machines, when: {automatic: true}, because: Auto-responders need no answer}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB003", "yes-or-no", "error", loads=("flag",), profile="draft")
