"""The baseline holds a finding that is not there any more.

What it finds
An entry of the file given by `--baseline` that no rule finds any more, although its rule was asked.

Why it matters
The baseline only ever gets shorter. An entry that stays behind would hide the fault when somebody makes it again.

Avoid
```yaml
links: {returns: "https://suzuran.example/returns"}
```

Prefer
```yaml
owner: community-lead
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.silencing import Outcome
from playbook_engine.lint.subject import Subject


def review(subject: Subject, outcome: Outcome) -> Iterator[Found]:
    for known in outcome.stale:
        message = f"the baseline holds `{known.code}` at `{known.node}`, which is not found any more: {known.message}"
        yield Found(("playbook",), message, "run it with --prune-baseline, and commit the shorter file")


RULE = Rule("PB904", "stale-baseline", "error", review=review, locked=True)
