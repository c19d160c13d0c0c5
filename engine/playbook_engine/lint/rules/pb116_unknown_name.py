"""Something that does not exist is named.

What it finds
A calendar, an account, a ladder, a channel or a language that the playbook does not define, and a new name under
`renamed` that nothing has.

Why it matters
Every name is looked up when the playbook is read, so that none can turn out to be missing while customers wait.

Avoid
```yaml
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desks, deputy: head, initials: MR}
```

```yaml
fallback: fr
```

Prefer
```yaml
people:
  mori: {name: 森, via: [{email: mori@suzuran.example}], calendar: desk, deputy: head, initials: MR}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB116",
    "unknown-name",
    "error",
    loads=(
        "unknown-calendar",
        "unknown-account",
        "unknown-ladder",
        "unknown-language",
        "unknown-channel",
        "unknown-name",
    ),
    tier="X",
    profile="draft",
)
