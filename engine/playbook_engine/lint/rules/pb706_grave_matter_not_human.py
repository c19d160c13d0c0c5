"""A matter of injury, danger or law may be answered by a machine.

What it finds
A value that `classify` sets and whose name speaks of injury, danger, law, minors or the press, with a message of that
kind that gets an automatic reply. The message is shown as the engine has replayed it. What the name means is a guess.

Why it matters
What a machine says to somebody who is hurt, or to a lawyer, is remembered. `human_only` keeps machines silent.

Avoid
```yaml
human_only: {severity: critical}
```

Prefer
```yaml
human_only: {topics: [injury, legal], severity: critical}
```
"""

from collections.abc import Iterator

from playbook_engine.decide.releasing import leaves_by_itself
from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import broken
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wording.dangers import GRAVE
from playbook_engine.policy.conditions import make_test
from playbook_engine.policy.fold import fold
from playbook_engine.policy.policy import Policy
from playbook_engine.text.document import Path


def check(subject: Subject) -> Iterator[Found]:
    case = subject.case
    first, formulas = case.prover.first, case.prover.formulas
    speaking = formulas.any(when for row, when in first.response_rows() if leaves_by_itself(row.reply))
    for fact, value, path in _grave(subject.policy, subject):
        meant = case.condition(make_test(fact, subject.policy.facts[fact], value), "respond")
        claim = f"a message of `{fact}: {value}` may get an automatic reply"
        detail = case.never("", meant, speaking, -first.human_only, broken=claim)
        yield from broken([detail], path, f"add `{fact}: {value}` to `human_only`")


def _grave(policy: Policy, subject: Subject) -> Iterator[tuple[str, str, Path]]:
    """The facts and values with such a name that some row sets, each at the first row that does."""
    seen: set[tuple[str, str]] = set()
    for row in policy.classify:
        for fact, values in row.sets.items():
            for value in values if isinstance(values, tuple) else (values,):
                known = isinstance(value, str) and any(fold(word) in fold(value) for word in GRAVE)
                if isinstance(value, str) and known and (fact, value) not in seen:
                    seen.add((fact, value))
                    yield fact, value, (*subject.path_of(row), "set")


RULE = Rule("PB706", "grave-matter-not-human", "warning", check, confidence="heuristic", tier="V", locked=True)
