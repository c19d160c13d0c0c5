"""An action that nothing carries out is named.

What it finds
An action that is neither one of the language nor of an installed plugin. Under `may_spend` and `limits` only actions
stand that can be bounded so.

Why it matters
Whoever reads the playbook believes that it happens. Where a plugin is missing, install it where lint runs too.

Avoid
```yaml
rules:
  call: {when: {severity: critical}, do: [{notfy: {to: head}}]}
```

Prefer
```yaml
rules:
  call: {when: {severity: critical}, once_per: incident, do: [{notify: {to: head, text: Somebody may be hurt}}]}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB106", "unknown-action", "error", loads=("unknown-action",), tier="P", profile="draft")
