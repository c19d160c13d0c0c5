"""A suppression that is over, or that silences nothing.

What it finds
A comment `# playbook: ignore[…]` or an entry of `lint.ignore` whose last day has passed, or whose rules find nothing
where it stands. Locked rules cannot be silenced: a suppression of one is reported here too.

Why it matters
A suppression that outlives its reason hides the next fault of the same kind.

Avoid
```yaml
templates:
  # playbook: ignore[PB110] reason="until the spring sale is over" by=mori until=2026-05-31
  thanks: {ja: "ありがとうございます。{{ personal }}", en: "Thank you! {{ personal }}"}
```
```yaml
lint:
  ignore:
    - {code: PB110, at: templates.ack, reason: never used, by: mori, until: 2027-01-31}
```

Prefer
```yaml
templates:
  # playbook: ignore[PB110] reason="needed again in spring" by=mori until=2027-04-30
  old: {ja: ありがとうございます。, en: Thank you.}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Edit, Fix, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.silencing import Outcome, unused
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.suppressions import Suppression


def check(subject: Subject) -> Iterator[Found]:
    for wish in subject.suppressions:
        if not wish.wrong and wish.last_day is not None and wish.days_left(subject.now) < 0:
            yield _found(subject, wish, f"this suppression ended on {wish.until}")


def review(subject: Subject, outcome: Outcome) -> Iterator[Found]:
    for wish in unused(subject, outcome):
        codes = ", ".join(f"`{code}`" for code in wish.codes)
        yield _found(subject, wish, f"{codes} finds nothing at `{wish.node}` that could be silenced")


def _found(subject: Subject, wish: Suppression, message: str) -> Found:
    path = wish.path or subject.parts.get(wish.node, ())
    return Found(path, message, "take the suppression out", span=wish.span, fix=_fix(subject, wish))


def _fix(subject: Subject, wish: Suppression) -> Fix | None:
    """Takes a comment out, with its line where nothing else stands on it."""
    if wish.path:
        return None
    span, line = wish.span, subject.document.lines[wish.span.file][wish.span.line - 1]
    before = line[: span.column - 1].rstrip()
    start, end = (span.line, len(before) + 1), (span.line, len(line) + 1)
    edit = Edit(span.file, start, end, "") if before else Edit(span.file, (span.line, 1), (span.line + 1, 1), "")
    return Fix("take the comment out", (edit,))


RULE = Rule("PB902", "suppression-unused", "error", check, locked=True, review=review)
