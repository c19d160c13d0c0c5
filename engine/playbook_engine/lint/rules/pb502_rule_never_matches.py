"""A condition contradicts itself.

What it finds
A row whose condition no message can meet, whatever stands before it: a fact that would have to be two things at once,
or a value that no row of `classify` ever sets.

Why it matters
The row is a part of the policy that never happens. Mostly an `any` was meant, or a value was renamed in one place only.

Avoid
```yaml
respond:
  - {id: odd, when: {kind: praise, not: {kind: praise}}, reply: {draft: thanks}, apologise: none, resolve: none}
```

Prefer
```yaml
respond:
  - {id: odd, when: {kind: praise, channel: x}, reply: {draft: thanks}, apologise: none, resolve: none}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import FIRST_MATCH, rows
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    prover = subject.case.prover
    for written, name in rows(subject, *FIRST_MATCH, "classify", "rules"):
        if prover.ask(prover.first.rows[name].holds).kind == "no":
            message = f"no message can meet the condition of `{written.id}`"
            yield Found((*written.path, "when"), message, "take out the tests that exclude one another", key=True)


RULE = Rule("PB502", "rule-never-matches", "error", check, confidence="proven", tier="V")
