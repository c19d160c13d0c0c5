"""Something is defined and never used.

What it finds
A template, calendar, department, ladder, link, mode or fact of the playbook that no other part of it names.

Why it matters
Whoever reads the playbook takes it for a part of the policy. Often it is the trace of a row that was taken out, or of a
name that was changed in one place only.

Avoid
```yaml
templates:
  ack-old: {ja: ありがとうございます。, en: Thank you.}
```

Prefer
```yaml
templates:
  ack-old: {ja: ありがとうございます。, en: Thank you.}
respond:
  - {id: question, when: {kind: question}, reply: {send: ack-old}, apologise: none, resolve: by_hand}
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.compile.places import NOUNS
from playbook_engine.text.document import Value

SECTIONS = ("calendars", "departments", "escalations", "facts", "links", "modes", "templates")
_NAME = re.compile(r"[^\W_][\w.-]*")


def check(subject: Subject) -> Iterator[Found]:
    said = _words(subject)
    for section in SECTIONS:
        for name, _ in subject.entries(section):
            if name not in said:
                noun = NOUNS[section]
                message = f"the {noun} `{name}` is never used"
                yield Found((section, name), message, f"use it, or take it out of `{section}`", key=True)


def _words(subject: Subject) -> frozenset[str]:
    """Every name that stands somewhere but where it is defined: as a value, as a key, or inside a text."""
    found: set[str] = set()
    for section, value in subject.document.value.items():
        if section in ("lint", "renamed"):
            continue
        defined = value.values() if section in SECTIONS and isinstance(value, dict) else (value,)
        for each in defined:
            _gather(each, found)
    return frozenset(found)


def _gather(value: Value, found: set[str]) -> None:
    if isinstance(value, dict):
        for key, below in value.items():
            _gather(key, found)
            _gather(below, found)
    elif isinstance(value, list):
        for below in value:
            _gather(below, found)
    elif isinstance(value, str):
        found.add(value)
        for word in _NAME.findall(value):
            found.update((word, word.rpartition(".")[2], word.partition(".")[2]))


RULE = Rule("PB110", "unused-definition", "warning", check, tier="X")
