"""The day on which the playbook was to be looked at again has passed.

What it finds
A `review_by` before today, in the playbook's own time zone, and one that is more than two years away.

Why it matters
Prices, laws, people and platforms change; a policy that nobody has read for a year is the commonest thing that an audit
finds.

Avoid
```yaml
review_by: 2026-04-01
```
```yaml
review_by: 2030-01-01
```

Prefer
```yaml
review_by: 2027-05-01
```
"""

from collections.abc import Iterator
from datetime import date, timedelta

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.zones import load_zone, local_day

FARTHEST = 731
"""Days: two years, one of them a leap year."""


def check(subject: Subject) -> Iterator[Found]:
    if not subject.policy.review_by:
        return
    review = date.fromisoformat(subject.policy.review_by)
    today = date.fromordinal(local_day(load_zone(subject.policy.timezone), subject.now))
    if review < today:
        late = (today - review).days
        message = f"the review was due on {review}, {late} day{'s' if late > 1 else ''} ago"
        yield Found(("review_by",), message, "read the playbook with those who approved it, then set the next day")
    elif review - today > timedelta(FARTHEST):
        message = f"the next review is {(review - today).days} days away"
        yield Found(("review_by",), message, "set a day within two years", severity="info")


RULE = Rule("PB113", "review-overdue", "warning", check, tier="X")
