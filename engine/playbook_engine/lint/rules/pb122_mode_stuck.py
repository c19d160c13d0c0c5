"""A mode can never start, or never end.

What it finds
A mode that no count starts and nobody may switch, or that starts by counting and is ended by nothing and nobody.

Why it matters
A storm that never ends answers every later customer as if it still raged.

Avoid
```yaml
modes:
  storm: {starts: {messages: 50, in: 10m}}
```

Prefer
```yaml
modes:
  storm: {starts: {messages: 50, in: 10m}, ends: {messages: 10, in: 30m}, may_switch: [head]}
targets:
  - {id: storm, when: {mode: storm}, reply: 4h, apologise: 8h, resolve: 2d, counts: human, escalate: standard}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB122", "mode-stuck", "error", loads=("never-starts", "never-ends"), profile="draft")
