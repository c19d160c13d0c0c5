"""A machine is answered by a machine.

What it finds
A message that its source has marked as automatic, that no row of `ignore` takes, and that gets an automatic reply. It
is shown as the engine has replayed it.

Why it matters
An auto-responder answers our automatic reply, which answers the auto-responder. See RFC 3834 on what such replies do.

Avoid
```yaml
ignore:
  - {id: machines, when: {automatic: true, channel: email}, because: Newsletters need no answer}
accounts:
  "x:suzuran":
    department: care
    type: both
    purpose: {ja: お問い合わせ・不具合, en: "Questions, faults"}
    profile: {ja: 平日9-18時・土曜10-16時, en: "Mon-Fri 9-18, Sat 10-16"}
    silent_after: 12h
```

Prefer
```yaml
ignore:
  - {id: machines, when: {automatic: true}, because: Auto-responders need no answer}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.proofs import broken
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.prove.properties import p08_machines


def check(subject: Subject) -> Iterator[Found]:
    path = ("ignore",) if "ignore" in subject.document.value else ("respond",)
    help = "ignore what is `automatic`, with a reason"
    yield from broken(p08_machines.check(subject.case), path, help)


RULE = Rule("PB702", "machines-answer-machines", "error", check, confidence="proven", tier="V", locked=True)
