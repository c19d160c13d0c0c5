"""The last level of a ladder reaches nobody.

What it finds
A ladder whose last level names only roles, while a department has nobody in them.

Why it matters
The ladder is what makes a promise more than a wish. Its end is a person who has a name.

Avoid
```yaml
escalations:
  standard:
    - {id: warn, at: 75%, notify: department.on_duty}
    - {id: lead, at: 100%, notify: department.lead}
departments:
  press: {name: {ja: 広報, en: Press}}
route:
  - {id: legal, when: {topics: legal}, to: press}
```

Prefer
```yaml
escalations:
  standard:
    - {id: warn, at: 75%, notify: department.on_duty}
    - {id: lead, at: 100%, notify: head, acknowledge_within: 30m}
```
"""

from playbook_engine.lint.rule import Rule

RULE = Rule("PB404", "ends-nowhere", "error", loads=("ends-nowhere",), tier="X", profile="draft", locked=True)
