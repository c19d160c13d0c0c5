"""The playbook is written for another version of the language.

What it finds
A `format` that this engine does not know, and keys that are reserved for a later version.

Why it matters
An engine that went on reading would leave out what it does not understand.

Avoid
```yaml
format: 2
```

```yaml
shadow: true
```

Prefer
```yaml
format: 1
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB111", "version-skew", "error", loads=("format", "reserved-key"), profile="draft")
