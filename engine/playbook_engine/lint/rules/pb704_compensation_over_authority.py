"""An amount can be granted by nobody.

What it finds
An action that gives more than every department, and whoever it asks, may give in one incident, and bounds under
`may_spend` that do not fit together.

Why it matters
The customer would be offered what nobody can give, or the bound would hold nothing.

Avoid
```yaml
respond:
  - id: fault
    when: {kind: fault}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {offer: [{coupon: {amount: 9000 JPY}}]}
```

Prefer
```yaml
respond:
  - id: fault
    when: {kind: fault}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {offer: [{coupon: {amount: 5000 JPY, send: done}}]}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule(
    "PB704",
    "compensation-over-authority",
    "error",
    loads=("over-authority", "authority"),
    tier="X",
    profile="draft",
    locked=True,
)
