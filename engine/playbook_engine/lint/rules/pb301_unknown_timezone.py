"""A time zone does not exist.

What it finds
A zone that is not in the time zone database by its area and place.

Why it matters
Letters such as `EST` or `GMT+9` know no summer time, or mean two places. A deadline would be counted an hour off for
half the year.

Avoid
```yaml
timezone: Asia/Tokio
```

Prefer
```yaml
timezone: Asia/Tokyo
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB301", "unknown-timezone", "error", loads=("unknown-time-zone",), tier="C", profile="draft")
