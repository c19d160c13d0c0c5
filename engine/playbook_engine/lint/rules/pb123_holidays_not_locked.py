"""A calendar counts with holidays that nobody has reviewed.

What it finds
A country or region under `holidays` of which the lock file beside the playbook has no dates, or that is no country.

Why it matters
Dates of holidays change by law and with every release of the library that knows them. What a promise is counted with
is written down, reviewed and part of the playbook's version.

Avoid
```yaml
calendars:
  desk:
    open: {mon-fri: [09:00-18:00], sat: [10:00-16:00]}
    holidays: KR
```

Prefer
```yaml
calendars:
  desk:
    open: {mon-fri: [09:00-18:00], sat: [10:00-16:00]}
    holidays: JP
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB123", "holidays-not-locked", "error", loads=("unlocked-holidays", "region"), tier="X", profile="draft")
