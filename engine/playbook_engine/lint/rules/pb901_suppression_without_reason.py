"""A finding is silenced without a reason, a person or an end.

What it finds
A comment `# playbook: ignore[…]` or an entry of `lint.ignore` that lacks `reason`, `by` or `until`, or whose `until` is
no day or lies more than 180 days ahead.

Why it matters
Whoever reads the playbook next year must be able to tell why a warning was put aside and whom to ask. Such a
suppression silences nothing.

Avoid
```yaml
templates:
  # playbook: ignore[PB110]
  old: {ja: ありがとうございます。, en: Thank you.}
```

Prefer
```yaml
templates:
  # playbook: ignore[PB110] reason="needed again in spring" by=mori until=2027-04-30
  old: {ja: ありがとうございます。, en: Thank you.}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.suppressions import LONGEST_DAYS, Suppression

_EXAMPLE = 'reason="what for" by=somebody until=2026-12-31'


def check(subject: Subject) -> Iterator[Found]:
    for wish in subject.suppressions:
        if not wish.wrong and (fault := _fault(wish, subject.now)):
            yield Found(wish.path or subject.parts.get(wish.node, ()), fault[0], fault[1], span=wish.span)


def _fault(wish: Suppression, now: int) -> tuple[str, str] | None:
    """What is wrong with a suppression, and what to do; None where nothing is."""
    if missing := wish.missing():
        given = f"`{wish.until}` is not a day such as 2026-12-31" if wish.until and "until" in missing else ""
        lacking = f"{' and '.join(f'`{name}`' for name in missing)} {'is' if len(missing) == 1 else 'are'} missing"
        return given or lacking, f"write {_EXAMPLE}"
    if wish.days_left(now) > LONGEST_DAYS:
        said = f"`{wish.until}` is {wish.days_left(now)} days ahead; {LONGEST_DAYS} are the most"
        return said, "name an earlier day, on which it is looked at again"
    return None


RULE = Rule("PB901", "suppression-without-reason", "error", check, locked=True, profile="draft")
