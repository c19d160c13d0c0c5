"""A ladder never asks whether anybody has seen it.

What it finds
A ladder in which no level has `acknowledge_within`.

Why it matters
A notification that was delivered has not been read. With `acknowledge_within` the next level speaks at once when nobody
answers; without, it waits for its own time, and after the last level nothing happens any more.

Avoid
```yaml
escalations:
  urgent:
    - {id: now, at: 0%, notify: department.on_duty}
    - {id: chief, at: 50%, notify: head}
```

Prefer
```yaml
escalations:
  urgent:
    - {id: now, at: 0%, notify: department.on_duty, acknowledge_within: 5m}
    - {id: chief, at: 50%, notify: head}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Fix, Found
from playbook_engine.lint.inserting import entry_added
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.policy import Level

WITHIN = "30m"


def check(subject: Subject) -> Iterator[Found]:
    for name, levels in subject.policy.ladders.items():
        if not any(level.acknowledge_within for level in levels):
            yield Found(
                ("escalations", name),
                f"no level of `{name}` has to be acknowledged",
                f"write how long somebody has to answer, such as `acknowledge_within: {WITHIN}`",
                key=True,
                fix=_fix(subject, name, levels),
            )


def _fix(subject: Subject, name: str, levels: tuple[Level, ...]) -> Fix | None:
    """At the first level that speaks at the deadline or after it, else at the last."""
    at = next((index for index, level in enumerate(levels) if level.percent in (None, 100)), len(levels) - 1)
    edit = entry_added(subject.document, ("escalations", name, at), "acknowledge_within", WITHIN)
    title = f"have `{levels[at].id}` acknowledged within {WITHIN}"
    return Fix(title, (edit,), safe=False) if edit is not None else None


RULE = Rule("PB407", "acknowledgement-not-required", "warning", check, tier="X")
