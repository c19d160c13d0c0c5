"""A line cannot be read as YAML.

What it finds
A quote or bracket that is never closed, a tab as indentation, a text that begins with `{{` or `@` or holds `: ` and
is not in quotes, a full-width sign where YAML's own is meant. The place is that of the cause, which often stands
above the line where a YAML reader gives up.

Why it matters
The part of the file that holds the fault is left out, so that nothing below it can be trusted either. Reading goes on
at the next key that begins a line, so that other faults are told in the same run.

Avoid
```yaml
playbook: suzuran: the shop
```

```yaml
links:
  shop： https://suzuran.example
```

```yaml
templates:
  ack: {{ author.name }}, thank you.
```

Prefer
```yaml
playbook: suzuran
```

```yaml
links:
  shop: https://suzuran.example
templates:
  ack: {ja: "ありがとうございます。{{ link.shop }}", en: "Thank you. {{ link.shop }}"}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB001",
    "yaml-syntax",
    "error",
    loads=("yaml-syntax", "tab-indentation", "unquoted-template", "full-width-syntax", "key-not-text"),
    profile="draft",
)
