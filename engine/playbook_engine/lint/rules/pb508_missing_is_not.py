"""A `not` is true of what is missing.

What it finds
A test below `not` of a fact that may be missing, such as `author.followers` where the platform does not say, in a
condition that does not ask whether it `exists`.

Why it matters
A missing fact makes its test false, hence `not` of it true: `not: {author.followers: {lt: 1000}}` holds of everybody
whose followers nobody knows.

Avoid
```yaml
targets:
  - {id: heard, when: {not: {author.followers: {lt: 1000}}}, reply: 15m, apologise: 1h, resolve: 8h, escalate: standard}
```

Prefer
```yaml
targets:
  - {id: heard, when: {author.followers: {gte: 1000}}, reply: 15m, apologise: 1h, resolve: 8h, escalate: standard}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.policy import FactType
from playbook_engine.text.document import Path, Value

_MAY_BE_MISSING = ("author.followers", "author.verified")


def check(subject: Subject) -> Iterator[Found]:
    missing = {name for name, fact in subject.policy.facts.items() if _may_be_missing(name, fact)}
    for row in subject.rows("ignore", "classify", "route", "targets", "respond", "rules"):
        when = row.value.get("when")
        asked = set(_asked(when))
        for path, fact in _denied((*row.path, "when"), when, below_not=False):
            if fact.removeprefix("message.") in missing and fact not in asked:
                message = f"`not` is true of `{fact}` also where it is missing"
                yield Found(path, message, f"say it without `not`, or add `{fact}: {{exists: true}}`", key=True)


def _may_be_missing(name: str, fact: FactType) -> bool:
    if fact.built_in:
        return name in _MAY_BE_MISSING
    return bool(fact.enriched_by) and fact.kind != "set" and fact.default is None


def _denied(path: Path, value: Value, below_not: bool) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key in ("all", "any"):
                yield from _denied((*path, key), below, below_not)
            elif key == "not":
                yield from _denied((*path, key), below, not below_not)
            elif below_not and not (isinstance(below, dict) and "exists" in below):
                yield (*path, key), key
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _denied((*path, index), below, below_not)


def _asked(value: Value) -> Iterator[str]:
    """The facts of which a condition asks whether they exist."""
    if isinstance(value, dict):
        for key, below in value.items():
            if isinstance(below, dict) and "exists" in below:
                yield key
            yield from _asked(below)
    elif isinstance(value, list):
        for below in value:
            yield from _asked(below)


RULE = Rule("PB508", "missing-is-not", "warning", check, tier="X")
