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

from playbook_engine.lint.apart import settable, surely_met
from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import FIRST_MATCH, conditions, rows
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.conditions import Condition, Test


def check(subject: Subject) -> Iterator[Found]:
    case, held, known = subject.case, conditions(subject), settable(subject.policy)
    for written, name in rows(subject, *FIRST_MATCH, "classify", "rules"):
        if surely_met(held[written.path], known) or _is_one_text(held[written.path]):
            continue
        if case.prover.ask_whether(case.prover.first.rows[name].holds, conflicts=case.budget).kind == "no":
            message = f"no message can meet the condition of `{written.id}`"
            yield Found((*written.path, "when"), message, "take out the tests that exclude one another", key=True)


def _is_one_text(condition: Condition) -> bool:
    """One search in a text: the text that is looked for meets it."""
    return isinstance(condition, Test) and condition.kind == "text" and condition.operator in ("contains", "words")


RULE = Rule("PB502", "rule-never-matches", "error", check, confidence="proven", tier="V")
