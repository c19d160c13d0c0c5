"""A file is not read, or not to its end.

What it finds
A file that is not UTF-8, that cannot be opened, that a link leads out of the playbook to, or that ends in `.yml`; a
file or playbook that is too large; brackets in brackets deeper than any playbook needs; more faults in one file than
can be told.

Why it matters
What is not read is not part of the policy, though it lies beside it. The bounds keep a hostile file from stopping the
machine that reads it.

Avoid
```yaml
links:
  deep: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
```

Prefer
```yaml
links:
  shop: https://suzuran.example
templates:
  ack: {ja: "ありがとうございます。{{ link.shop }}", en: "Thank you. {{ link.shop }}"}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB011",
    "unreadable-file",
    "error",
    loads=("too-large", "too-deep", "more-problems", "not-utf-8", "not-read", "unreadable"),
    profile="draft",
)
