"""Language or fame alone changes what somebody gets.

What it finds
Two messages alike in everything but the language, or the number of followers, that get another target, ladder or offer.
Followers may change the pace, and never the money.

Why it matters
Customers compare what they are given. What a company gives to those who are heard, it owes to the others.

Avoid
```yaml
targets:
  - {id: english, when: {lang: en}, reply: 2d, apologise: 2d, resolve: 9d, escalate: standard}
```

Prefer
```yaml
targets:
  - {id: praise, when: {kind: praise}, reply: 1d, escalate: standard}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import broken
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.prove.properties import p12_equal


def check(subject: Subject) -> Iterator[Found]:
    yield from broken(p12_equal.check(subject.case), ("targets",), "decide by what was written, not by who wrote it")


RULE = Rule("PB512", "unequal-treatment", "warning", check, confidence="proven", tier="V", profile="audit")
