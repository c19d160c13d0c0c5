"""A value is borrowed from another place.

What it finds
Anchors (`&name`), aliases (`*name`) and merge keys (`<<`).

Why it matters
A reader of the row does not see what it says, and a change at the anchor changes rows that nobody looked at. Ten
lines of aliases of aliases can also stand for more values than any machine has room for.

Avoid
```yaml
undecided: &late {to: head, within: 30m}
```

```yaml
undecided: {<<: {to: head}, within: 30m}
```

Prefer
```yaml
undecided: {to: head, within: 30m}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB008", "alias-or-merge", "error", loads=("alias-or-anchor", "merge-key"), profile="draft", locked=True)
