"""A response leaves a step out.

What it finds
A row of `respond` without `reply`, `apologise` or `resolve`, and a step that is none: neither `none`, `by_hand`, a
text, an action nor an offer.

Why it matters
Reply fast, apologise, resolve: whoever writes a response decides about all three. Where a step is not needed, `none`
says so, and an auditor can tell it from one that was forgotten.

Avoid
```yaml
respond:
  - {id: praise, when: {kind: praise}, reply: {draft: thanks}, resolve: none}
```

Prefer
```yaml
respond:
  - {id: praise, when: {kind: praise}, reply: {draft: thanks}, apologise: none, resolve: none}
```
"""

from playbook_engine.lint.rule import Rule

LOADS = ("missing-step", "step")
RULE = Rule("PB201", "step-missing", "error", loads=LOADS, profile="draft", locked=True)
