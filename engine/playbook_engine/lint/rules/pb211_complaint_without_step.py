"""A response says nothing at all, or does not say sorry for a fault.

What it finds
A row of `respond` in which all three steps are `none`, and one for complaints alone that apologises for nothing. What a
complaint is called is guessed from words such as `fault`, `complaint`, `不具合` and `苦情`.

Why it matters
Where no step is needed, customers are ignored by the back door: only `ignore` does that with a reason on record.
Whoever reports a fault wants to hear that somebody is sorry before hearing what is done.

Avoid
```yaml
respond:
  - {id: praise, when: {kind: praise}, reply: none, apologise: none, resolve: none}
```
```yaml
respond:
  - {id: fault, when: {kind: fault}, reply: {send: ack}, apologise: none, resolve: by_hand}
```

Prefer
```yaml
respond:
  - {id: praise, when: {kind: praise}, reply: {draft: thanks}, apologise: none, resolve: none}
  - {id: fault, when: {kind: fault}, reply: {send: ack}, apologise: by_hand, resolve: by_hand}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.steps import responses
from playbook_engine.lint.subject import Subject
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.conditions import All, Condition, Test
from playbook_engine.policy.fold import fold

COMPLAINTS = frozenset(
    map(fold, ("fault", "complaint", "defect", "failure", "不具合", "苦情", "クレーム", "故障", "不良", "不良品"))
)
"""What playbooks call a message that something is wrong."""


def check(subject: Subject) -> Iterator[Found]:
    for row, path in responses(subject):
        if all(row.step(name).kind == "none" for name in STEPS):
            message = f"`{row.id}` does nothing in all three steps"
            yield Found(path, message, "say in `ignore` which messages need no answer, and why; or answer")
        elif row.apologise.kind == "none" and (complaint := _complaint(row.when)):
            message = f"`{row.id}` answers `{complaint}` and apologises for nothing"
            remedy = "draft an apology, or leave it to a person with `apologise: by_hand`"
            yield Found((*path, "apologise"), message, remedy, confidence="heuristic", key=True)


def _complaint(when: Condition) -> str:
    """The fact and value by which a row is for complaints alone; "" for any other."""
    parts = when.parts if isinstance(when, All) else (when,)
    for part in parts:
        named = isinstance(part, Test) and part.operator == "equals" and part.kind == "name"
        if isinstance(part, Test) and named and fold(str(part.written)) in COMPLAINTS:
            return f"{part.fact}: {part.written}"
    return ""


RULE = Rule("PB211", "complaint-without-step", "warning", check, tier="X")
