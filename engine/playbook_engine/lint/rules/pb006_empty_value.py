"""Nothing stands where something is wanted.

What it finds
A key with nothing after it, an empty text, an empty list or an empty mapping, in a place that needs one.

Why it matters
What is empty was mostly left to be filled in later. A condition without tests would hold always, a list of values
with none never; neither is guessed here.

Avoid
```yaml
undecided: {to: head, within: }
```

```yaml
ignore:
  - {id: machines, when: {automatic: true}, because: ""}
```

Prefer
```yaml
ignore:
  - {id: machines, when: {automatic: true}, because: Newsletters need no answer}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB006", "empty-value", "error", loads=("empty-value", "empty"), profile="draft")
