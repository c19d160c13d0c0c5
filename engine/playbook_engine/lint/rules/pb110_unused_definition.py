"""Something is defined and never used.

What it finds
A template, calendar, ladder, link, mode or fact that nothing else names; a department that no route, account or
hand-over gives anything to; a person whom nothing names and who has no initials to sign with; a fact that messages are
given and that nothing asks for.

Why it matters
Whoever reads the playbook takes it for a part of the policy. Often it is the trace of a row that was taken out, or of a
name that was changed in one place only.

Avoid
```yaml
templates:
  ack-new: {ja: ありがとうございます。, en: Thank you.}
  ack-old: {ja: ありがとうございます。, en: Thank you.}
respond:
  - {id: question, when: {kind: question}, reply: {send: ack-new}, apologise: none, resolve: by_hand}
```
```yaml
people:
  ito: {name: 伊藤, via: [{email: ito@suzuran.example}]}
```

Prefer
```yaml
templates:
  ack-old: {ja: "ありがとうございます。{{ personal }}", en: "Thank you. {{ personal }}"}
respond:
  - {id: question, when: {kind: question}, reply: {draft: ack-old}, apologise: none, resolve: by_hand}
```
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from playbook_engine.lint.finding import Found
from playbook_engine.lint.mending import without_entry
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.compile.places import NOUNS
from playbook_engine.text.document import Path, Value

SECTIONS = ("calendars", "departments", "escalations", "facts", "links", "modes", "people", "templates")

_ONLY_IN_TESTS = ("facts", "calendars")
"""Sections whose names conditions use as keys, alone or after a dot."""

_READ_BY_NAME_ONLY = ("calendars", "escalations", "links", "templates")
"""Sections of which nothing matters that is not named; events may name departments and people, facts are recorded."""

_NO_REFERENCE = frozenset(
    {"id", "name", "signature", "purpose", "profile", "because", "initials", "text", "subject", "incident.department"}
)
"""Keys beside which a text that equals a name is not meant as one."""

_LINK = re.compile(r"link\.([^\s}|]+)")


def check(subject: Subject) -> Iterator[Found]:
    used = _used(subject)
    for section in SECTIONS:
        for name, value in subject.entries(section):
            if name in used[section] or (isinstance(value, dict) and value.get("initials")):
                continue
            path: Path = (section, name)
            if section == "facts" and name in used["set"]:
                message = f"the fact `{name}` is set, and no condition asks for it"
                yield Found(path, message, "ask for it in a condition, or set it no more", key=True, severity="info")
                continue
            message = f"the {NOUNS[section]} `{name}` is never used"
            fix = without_entry(subject, path, f"take `{name}` out of `{section}`", section in _READ_BY_NAME_ONLY)
            yield Found(path, message, f"use it, or take it out of `{section}`", key=True, fix=fix)


def _used(subject: Subject) -> Mapping[str, set[str]]:
    """What is named of each section, wherever that is; under `set` the facts that messages are given."""
    used: dict[str, set[str]] = defaultdict(set)
    for section, value in subject.document.value.items():
        defined = value if section in SECTIONS and isinstance(value, dict) else {"": value}
        for below in defined.values():
            _gather(below, section, section, used)
    return used


def _gather(value: Value, section: str, under: str, used: dict[str, set[str]]) -> None:
    if isinstance(value, dict):
        for key, below in value.items():
            _key(key, section, under, used)
            _gather(below, section, key, used)
    elif isinstance(value, list):
        for below in value:
            _gather(below, section, under, used)
    elif isinstance(value, str):
        used["links"].update(_LINK.findall(value))
        if section not in ("templates", "facts", "renamed") and under not in _NO_REFERENCE:
            for each in SECTIONS:
                if each not in _ONLY_IN_TESTS or under == "calendar":
                    used[each].add(value)


def _key(key: str, section: str, under: str, used: dict[str, set[str]]) -> None:
    if section == "facts" or (section == "templates" and under == "templates"):
        return
    if under == "set":
        used["set"].add(key)
        return
    used["facts"].update((key, key.removeprefix("message.")))
    used["calendars"].update((key, key.removeprefix("open.")))


RULE = Rule("PB110", "unused-definition", "warning", check, tier="X")
