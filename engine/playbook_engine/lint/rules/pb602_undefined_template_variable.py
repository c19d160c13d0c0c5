"""A template names a value that nobody fills, or cannot be read.

What it finds
A variable or link that does not exist, one that is not there in every message and not asked for, one that only a
person can fill in a text that no person sees, and everything in a template that is not a value, an `if` or a filter
of the language.

Why it matters
The customer would get a gap, or nothing.

Avoid
```yaml
templates:
  thanks:
    ja: "ありがとうございます。{{ personal }} {{ approver.initials }}"
    en: "Thank you, {{ autor.name }}! {{ personal }} ^{{ approver.initials }}"
```

```yaml
respond:
  - {id: praise, when: {kind: praise}, reply: {send: thanks}, apologise: none, resolve: none}
```

Prefer
```yaml
templates:
  thanks:
    ja: "ありがとうございます。{{ personal }} {{ approver.initials }}"
    en: "Thank you, {{ author.name }}! {{ personal }} ^{{ approver.initials }}"
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB602", "undefined-template-variable", "error", loads=("template", "variable-not-here"), tier="R", profile="draft"
)
