"""What was found by listening is to be answered by a machine.

What it finds
A step or a rule that only messages with `origin: listening` reach, and that says `send` without `approve`.

Why it matters
Whoever is overheard did not write to us. Platforms forbid automatic answers to them, and the engine makes a draft of
every one; a row that says `send` promises a speed that a person has to keep.

Avoid
```yaml
respond:
  - {id: overheard, when: {origin: listening}, reply: {send: ack}, apologise: none, resolve: none}
```

Prefer
```yaml
respond:
  - {id: overheard, when: {origin: listening}, reply: {draft: ack}, apologise: none, resolve: none}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Edit, Fix, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.settled import only_overheard
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.unseen import unseen
from playbook_engine.text.document import Path


def check(subject: Subject) -> Iterator[Found]:
    for each in unseen(subject):
        if only_overheard(each.when):
            yield Found(
                each.path,
                f"`{each.template}` would answer what was found by listening, and no machine may",
                "write `draft:` in place of `send:`, or let a person approve it",
                key=True,
                fix=_fix(subject, each.path),
            )


def _fix(subject: Subject, path: Path) -> Fix | None:
    """A step's own `send`; where an action sends, a person has to choose another form."""
    span = subject.document.key_spans.get(path)
    if span is None or isinstance(path[-2], int):
        return None
    edit = Edit(span.file, (span.line, span.column), (span.line, span.end_column), "draft")
    return Fix("let a person finish it", (edit,), safe=False)


RULE = Rule("PB714", "listening-answered-by-machine", "error", check, tier="X", locked=True)
