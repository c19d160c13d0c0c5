"""A text to customers names somebody who is not the customer.

What it finds
In what customers read: the name of a person of the playbook, an address or a number under which our people are told
(`via`), and a mention of a handle that is none of our accounts. Names of desks and of roles are left in peace.

Why it matters
An employee who is named in an automatic text is blamed in person for what a company did, long after they have changed
desks. A stranger who is mentioned is drawn into somebody else's complaint.

Avoid
```yaml
templates:
  ack:
    ja: "加藤さんに申し伝えます。kato@suzuran.example までどうぞ。"
    en: "Thank you. Write to kato@suzuran.example."
```

Prefer
```yaml
templates:
  ack: {ja: "担当者に申し伝えます。", en: "Thank you. A person will read it."}
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.phrasing import at_words
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wordings import PLACE_FOR_VALUE, Wording
from playbook_engine.policy.policy import Person, Policy

_ROLE = re.compile(
    r"\b(?:desk|team|manager|lead|officer|control|care|support|office|head|duty|staff|shift|service|press|legal|agent)\b"
    r"|[係室部課長]$|窓口|担当|当番|責任者|夜勤|日勤|デスク|チーム|店長|本部|広報|スタッフ",
    re.IGNORECASE,
)
_AFTER = r"(?=さん|様|氏|が|より|から|は|と申|です|まで|に|へ|[、。\s]|$)"
_MENTION = re.compile(r"(?<![\w@.＠/])[@＠](?P<handle>[A-Za-z0-9_][\w.\-]*(?:@[\w.\-]+)?)")
_TOLD_BY = ("email", "sms", "phone")
_LEAST_LATIN = 4
"""Letters of a name in Latin letters; shorter ones are words, too."""


def check(subject: Subject) -> Iterator[Found]:
    handles = {name.partition(":")[2].casefold() for name in subject.policy.accounts}
    names = tuple(_names(subject.policy))
    addresses = tuple(_addresses(subject.policy))
    for wording in subject.said:
        plain = PLACE_FOR_VALUE.sub(lambda place: "\ufffc" * len(place[0]), wording.source)
        for person, address in addresses:
            if address in plain:
                yield _of_person(subject, wording, address, person, "is how our people are told")
        for person, pattern in names:
            if found := pattern.search(plain):
                yield _of_person(
                    subject, wording, found[0], person, "is somebody of ours, who is not to be blamed by name"
                )
        for found in _MENTION.finditer(plain):
            handle = found["handle"].rstrip(".-").casefold()
            if not {handle, handle.partition("@")[0]} & {*handles, *(each.partition("@")[0] for each in handles)}:
                words = found[0].rstrip(".-")
                message = f"`{words}` is none of our accounts, and draws a stranger in"
                help = "name one of our own accounts, or take it out"
                yield at_words(subject, wording, words, message, help, subject.uses_of[wording.template])


def _addresses(policy: Policy) -> Iterator[tuple[Person, str]]:
    for person in policy.people.values():
        for way in person.via:
            if way.kind in _TOLD_BY and "$" not in way.value and not _ROLE.search(way.value.partition("@")[0]):
                yield person, way.value


def _names(policy: Policy) -> Iterator[tuple[Person, re.Pattern[str]]]:
    for person in policy.people.values():
        for name in sorted({*person.name.values()}):
            if _ROLE.search(name):
                continue
            if name.isascii() and len(name) >= _LEAST_LATIN:
                yield person, re.compile(rf"\b{re.escape(name)}\b")
            elif not name.isascii():
                titled = _AFTER if len(name) > 1 else r"(?=さん|と申します|が担当)"
                yield person, re.compile(rf"(?<![一-龠]){re.escape(name)}{titled}")


def _of_person(subject: Subject, wording: Wording, words: str, person: Person, why: str) -> Found:
    help = "name the department, or `{{ approver.initials }}` in a draft"
    found = at_words(subject, wording, words, f"`{words}` {why}", help, subject.uses_of[wording.template])
    beside = (Beside(("people", person.id), "the person"), *found.beside)
    return Found(found.path, found.message, found.help, span=found.span, beside=beside)


RULE = Rule("PB710", "third-party-disclosed", "warning", check, confidence="heuristic", tier="R")
