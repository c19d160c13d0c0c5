"""What is worse is promised more slowly.

What it finds
Two messages alike in everything but a fact that has a rank, such as `severity`, of which the graver is promised a step
later. Both are shown as the engine has replayed them.

Why it matters
The order of the rows decides how fast each matter goes. A row above another can make the grave case the slow one.

Avoid
```yaml
classify:
  - {id: pressing, when: {text: {words: urgent}}, set: {severity: high}}
targets:
  - {id: faults, when: {kind: fault, severity: normal}, reply: 10m, apologise: 10m, resolve: 1h, escalate: standard}
```

Prefer
```yaml
classify:
  - {id: pressing, when: {text: {words: urgent}}, set: {severity: high}}
targets:
  - {id: faults, when: {kind: fault, severity: normal}, reply: 3h, apologise: 3h, resolve: 1d, escalate: standard}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import broken
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.prove.properties import p11_worse_not_slower


def check(subject: Subject) -> Iterator[Found]:
    details = p11_worse_not_slower.check(subject.case)
    yield from broken(details, ("targets",), "give the graver matter the earlier deadline")


RULE = Rule("PB511", "worse-is-slower", "error", check, confidence="proven", tier="V", profile="audit", locked=True)
