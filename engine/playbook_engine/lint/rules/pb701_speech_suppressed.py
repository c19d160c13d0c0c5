"""An action hides or deletes what somebody wrote, and no person has looked.

What it finds
An action of a plugin that declares the effect `suppresses` (it hides, deletes, blocks or reports), in a step or a rule
and without `approve`.

Why it matters
Hiding a complaint makes a second one, with a picture of the first. It may be right where the law demands it, such as
under a threat or where an address stands; a word list cannot tell that.

Avoid
```yaml
rules:
  clean: {when: {topics: delivery}, once_per: incident, do: [{hide: {}}]}
```

Prefer
```yaml
rules:
  clean: {when: {topics: legal}, once_per: incident, do: [{hide: {approve: {by: head, within: 1h, else: mori}}}]}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    for each in subject.acted:
        seen = each.action.approval is not None or each.kind == "offer"
        if "suppresses" in each.action.spec.effects and not seen:
            message = f"`{each.action.name}` hides what customers wrote, and no person looks first"
            yield Found(each.path, message, "answer instead, or put `approve` beside it", key=True)


RULE = Rule("PB701", "speech-suppressed", "error", check, tier="P", locked=True)
