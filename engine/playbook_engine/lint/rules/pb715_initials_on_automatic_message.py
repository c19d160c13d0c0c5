"""An automatic message is signed with a person's initials.

What it finds
A template that leaves without a person and closes with initials: those of somebody among `people`, or a sign such as
`^AB` that looks like some.

Why it matters
Initials say that somebody has read what the customer wrote. Under a text that nobody has seen they are a lie, and the
person they name is asked for it.

Avoid
```yaml
templates:
  ack:
    ja: ご連絡ありがとうございます。担当よりお返事いたします。^KT
    en: Thank you. Somebody will answer soon. ^KT
```

Prefer
```yaml
templates:
  ack:
    ja: ご連絡ありがとうございます。担当よりお返事いたします。（自動返信）
    en: Thank you. Somebody will answer soon. (automatic reply)
```
"""

import re
from collections.abc import Iterator, Mapping

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.unseen import Unseen, unseen
from playbook_engine.text.document import Path, Value

_MARKED = re.compile(r"[\^＾]\s?([^\W\d_]{1,4})(?![^\W\d_])")
_CLOSING = re.compile(r"(?:[-–—―/／]\s*|[(（])([^\W\d_]{1,4})[)）]?\s*$")
_WORDING_FREE = ("tone", "asks_for")


def check(subject: Subject) -> Iterator[Found]:
    owners = {person.initials: name for name, person in subject.policy.people.items() if person.initials}
    first: dict[str, Unseen] = {}
    for each in unseen(subject):
        first.setdefault(each.template, each)
    for template, sent in first.items():
        for path, text in _texts(subject.value("templates", template), ("templates", template)):
            yield from _signed(path, text, template, sent, owners)


def _texts(value: Value, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, below in value.items():
            if key not in _WORDING_FREE:
                yield from _texts(below, (*path, key))


def _signed(path: Path, text: str, template: str, sent: Unseen, owners: Mapping[str, str]) -> Iterator[Found]:
    said = f"`{template}` leaves without a person, and"
    remedy = "take them out, or make it a draft with {{ approver.initials }}"
    beside = (Beside(sent.path, "sent from here", key=True),)
    for sign in _MARKED.finditer(text):
        if sign[1] in owners:
            message = f"{said} `{sign[0]}` are the initials of `{owners[sign[1]]}`"
            yield Found(path, message, remedy, beside=beside)
        elif sign[1].isascii() and sign[1].isupper():
            message = f"{said} `{sign[0]}` reads as somebody's initials"
            yield Found(path, message, remedy, beside=beside, severity="warning", confidence="heuristic")
    closing = _CLOSING.search(text)
    if closing and closing[1] in owners:
        message = f"{said} it closes with `{closing[0].strip()}`, as `{owners[closing[1]]}` signs"
        yield Found(path, message, remedy, beside=beside, severity="warning", confidence="heuristic")


RULE = Rule("PB715", "initials-on-automatic-message", "error", check, tier="X")
