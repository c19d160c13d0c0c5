"""A file holds a second document, a tag or a directive.

What it finds
`---` or `...` with more after it, a tag such as `!!str`, a line that begins with `%`.

Why it matters
Many readers stop at the second document and leave the rest unread. Tags ask a reader to make something else of a
value; here the place alone decides what a value is.

Avoid
```yaml
undecided: !!map {to: head, within: 30m}
```

Prefer
```yaml
undecided: {to: head, within: 30m}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB010", "document-or-tag", "error", loads=("tag", "second-document", "directive"), profile="draft")
