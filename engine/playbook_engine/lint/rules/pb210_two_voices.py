"""Two messages would leave for one.

What it finds
A response whose reply and apology would both leave without a person, with different texts.

Why it matters
For one message a customer hears one voice. Of two that leave in the same second the second one would have to be
dropped.

Avoid
```yaml
respond:
  - {id: fault, when: {kind: fault}, reply: {send: ack}, apologise: {send: sent}, resolve: by_hand}
templates:
  sent: {ja: 申し訳ございません。, en: We are sorry.}
```

Prefer
```yaml
respond:
  - {id: fault, when: {kind: fault}, reply: {send: sent}, apologise: {send: sent}, resolve: by_hand}
templates:
  sent:
    ja: "申し訳ございません。{{ reply.due }}までにご連絡します。"
    en: "We are sorry. We will be back by {{ reply.due }}. (automatic reply)"
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB210", "two-voices", "error", loads=("two-voices",), tier="X", profile="draft", locked=True)
