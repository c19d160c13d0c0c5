"""Two rules that fire on one message give it to different places.

What it finds
Two rules, both of which hand over, to different departments, accounts or channels, and a message on which both fire.
The message is shown as the engine has replayed it.

Why it matters
All rules that match fire, and a matter can be in one place only. Which of the two has it then is an accident of names.

Avoid
```yaml
rules:
  to-private: {when: {personal_data: true}, do: [{hand_over: {channel: direct}}]}
  to-care: {when: {topics: damage}, do: [{hand_over: {department: care}}]}
```

Prefer
```yaml
rules:
  to-private: {when: {personal_data: true, not: {topics: damage}}, do: [{hand_over: {channel: direct}}]}
  to-care: {when: {topics: damage}, do: [{hand_over: {department: care}}]}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import broken
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.prove.properties import p04_exclusive

_HELP = "let the condition of one of them exclude the other"


def check(subject: Subject) -> Iterator[Found]:
    for detail in p04_exclusive.check(subject.case):
        path = subject.path_at(detail.place) if detail.place is not None else ("rules",)
        yield from broken([detail], path, _HELP)


RULE = Rule("PB505", "rule-conflict", "error", check, confidence="proven", tier="V")
