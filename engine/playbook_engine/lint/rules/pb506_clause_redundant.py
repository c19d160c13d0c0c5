"""A part of a condition changes nothing.

What it finds
One of several tests of a condition that every message passes which passes the others.

Why it matters
Whoever reads the condition takes the test for a restriction. When the other tests are changed later, it may become one
that nobody wanted.

Avoid
```yaml
respond:
  - {id: here, when: {account: "x:suzuran", channel: x, kind: other}, reply: by_hand, apologise: none, resolve: by_hand}
```

Prefer
```yaml
respond:
  - {id: here, when: {account: "x:suzuran", kind: other}, reply: by_hand, apologise: none, resolve: by_hand}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.apart import TIED, asks_for_hours
from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import FIRST_MATCH, conditions, rows
from playbook_engine.lint.removing import without_test
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject, Written
from playbook_engine.policy.conditions import All, Condition, Test, facts_read
from playbook_engine.prove.encode import RowName

_ONE_VALUE = ("equals", "has")


def check(subject: Subject) -> Iterator[Found]:
    held = conditions(subject)
    for written, name in rows(subject, *FIRST_MATCH, "rules"):
        when, keys = held[written.path], written.value.get("when")
        if isinstance(when, All) and isinstance(keys, dict) and len(keys) == len(when.parts) > 1:
            yield from _redundant(subject, written, name, tuple(zip(keys, when.parts, strict=True)))


def _redundant(
    subject: Subject, written: Written, name: RowName, parts: tuple[tuple[str, Condition], ...]
) -> Iterator[Found]:
    if _plainly_apart(parts):
        return
    prover = subject.case.prover
    formulas = {key: prover.condition(part, name.section) for key, part in parts}
    if prover.ask_whether(*formulas.values()).kind != "yes":
        return
    for key, formula in formulas.items():
        others = [each for other, each in formulas.items() if other != key]
        if prover.ask_whether(*others, -formula).kind == "no":
            message = f"`{key}` changes nothing in the condition of `{written.id}`: the other tests imply it"
            path = (*written.path, "when", key)
            fix = without_test(
                subject, path, f"take out `{key}`", safe=not any(asks_for_hours(part) for _, part in parts)
            )
            yield Found(path, message, "take it out", key=True, fix=fix)
            return


def _plainly_apart(parts: tuple[tuple[str, Condition], ...]) -> bool:
    """Whether each part asks one other fact for one value, none of which says anything about another."""
    if not all(isinstance(part, Test) and part.operator in _ONE_VALUE for _, part in parts):
        return False  # what bounds a number, denies or offers a choice may be true of every message
    facts = [facts_read(part) for _, part in parts]
    asked = frozenset().union(*facts)
    return len(asked) == sum(map(len, facts)) and len(asked & TIED) < 2


RULE = Rule("PB506", "clause-redundant", "warning", check, confidence="proven", tier="V", profile="audit")
