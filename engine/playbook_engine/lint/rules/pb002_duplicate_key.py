"""A key stands twice.

What it finds
A key that stands twice in one mapping, in one file or in two: of people, departments, templates and other named
things each name stands once in the whole playbook.

Why it matters
Most YAML readers keep the last one and say nothing, so that half a rule disappears without a trace. Here neither is
used until one of them is gone.

Avoid
```yaml
undecided: {to: head, within: 30m, within: 2h}
```

Prefer
```yaml
undecided: {to: head, within: 2h}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB002", "duplicate-key", "error", loads=("duplicate-key",), profile="draft", locked=True)
