"""A limit does what its action cannot.

What it finds
A `digest` of anything but notifications, a count per `person` of what goes to customers, an `ask` about a
notification.

Why it matters
Above the limit something has to happen that is possible: messages to customers wait, are asked about or are dropped;
notices to our people can be gathered into one.

Avoid
```yaml
limits:
  - {id: one-person, of: send, per: author, max: 3, in: 10m, then: digest}
```

Prefer
```yaml
limits:
  - {id: one-person, of: send, per: author, max: 3, in: 10m, then: hold}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB121", "limit-cannot-hold", "error", loads=("ask", "digest", "per-person"), profile="draft")
