"""Handing over at closing time helps nobody.

What it finds
Departments that hand over to each other in a circle when they are closed, a hand-over to one that is never open when
the first is closed, and `when_closed` of a department that never closes.

Why it matters
The customer is told that somebody else answers, and nobody does before the morning.

Avoid
```yaml
departments:
  night: {name: {ja: 夜間窓口, en: Night desk}, calendar: desk, on_duty: yoru, lead: head}
  care:
    name: {ja: お客様係, en: Customer care}
    calendar: desk
    on_duty: mori
    lead: head
    when_closed: {hand_over: {department: night}}
    may_spend:
      coupon: {per_incident: 1000 JPY, per_day: 20000 JPY}
```

Prefer
```yaml
departments:
  night: {name: {ja: 夜間窓口, en: Night desk}, calendar: night, on_duty: yoru, lead: head}
  care:
    name: {ja: お客様係, en: Customer care}
    calendar: desk
    on_duty: mori
    lead: head
    when_closed: {hand_over: {department: night}}
    may_spend:
      coupon: {per_incident: 1000 JPY, per_day: 20000 JPY}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB408", "route-bounce", "error", loads=("hand-over-circle", "no-use", "never-closed"), tier="X", profile="draft"
)
