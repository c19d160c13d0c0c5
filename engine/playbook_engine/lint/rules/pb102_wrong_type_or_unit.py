"""A value has another form than its place wants.

What it finds
A text for a number, a list for a mapping, a duration without its unit, an amount without its currency, a date that is
in no calendar, a number out of its bounds.

Why it matters
`within: 15` is fifteen minutes to one reader and fifteen hours to the next. What is written must say it.

Avoid
```yaml
undecided: {to: head, within: 15}
```

```yaml
review_by: 2027-02-30
```

```yaml
facts:
  score: {number: {min: 10, max: 1}}
```

Prefer
```yaml
undecided: {to: head, within: 15m}
review_by: 2027-02-28
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB102",
    "wrong-type-or-unit",
    "error",
    loads=(
        "wrong-type",
        "wrong-form",
        "duration",
        "number",
        "money",
        "currency",
        "percent",
        "date",
        "out-of-range",
        "one-value",
        "open-time",
        "account",
        "url",
        "parameter",
        "structure",
    ),
    profile="draft",
)
