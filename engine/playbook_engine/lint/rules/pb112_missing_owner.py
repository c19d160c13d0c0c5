"""Nobody answers for the playbook, or nobody has approved it.

What it finds
A playbook without `owner`, `approved_by` or `review_by`.

Why it matters
A policy that many departments agreed on needs somebody who may change it, names of those who agreed, and a day on
which they look at it again. They are the first thing an auditor asks for.

Avoid
```yaml
owner:
```

Prefer
```yaml
owner: community-lead
approved_by: [head-of-care, legal]
review_by: 2027-05-01
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject

WANTED = {
    "owner": "write who may change it, such as `owner: community-lead`",
    "approved_by": "write who has agreed to it, such as `approved_by: [head-of-care, legal]`",
    "review_by": "write when it is looked at again, such as `review_by: 2027-05-01`",
}


def check(subject: Subject) -> Iterator[Found]:
    for key, remedy in WANTED.items():
        if key not in subject.document.value:
            yield Found(("playbook",), f"`{key}` is missing", remedy)


RULE = Rule("PB112", "missing-owner", "warning", check)
