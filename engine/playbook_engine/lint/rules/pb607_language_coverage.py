"""A text is not there in every language.

What it finds
A text by language that has none in one of the playbook's `languages`, or in one that is not among them, and a
template that has no text for the channels it does not name.

Why it matters
A customer who writes in that language would get another one, or nothing at all.

Avoid
```yaml
templates:
  thanks: {ja: ありがとうございます。}
```

Prefer
```yaml
templates:
  thanks: {ja: "ありがとうございます。{{ personal }}", en: "Thank you. {{ personal }}"}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB607", "language-coverage", "error", loads=("missing-language", "missing-text"), tier="X", profile="draft"
)
