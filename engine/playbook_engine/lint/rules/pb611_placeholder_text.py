"""A text still holds what was to be filled in.

What it finds
`TODO`, `lorem ipsum`, 〇〇, `[your name]` and the like in a template, and in what customers read of accounts and
departments. What is nearly always left over but could be meant (`XXX`, ××) is a warning.

Why it matters
It is sent exactly as it stands, to everybody whom the row matches.

Avoid
```yaml
templates:
  ack: {ja: "〇〇様、ご連絡ありがとうございます。", en: "Dear [customer name], thank you for writing."}
```

Prefer
```yaml
templates:
  ack: {ja: "{{ author.name }}様、ご連絡ありがとうございます。", en: "Dear {{ author.name }}, thank you for writing."}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wording.phrase import Hit, hits
from playbook_engine.lint.wording.placeholders import LIKELY, UNMISTAKABLE
from playbook_engine.lint.wordings import PLACE_FOR_VALUE, place_of, strings
from playbook_engine.text.document import Path

_NOT_SAID = ("asks_for", "tone")
_OF_ACCOUNT = ("profile", "purpose")
_OF_DEPARTMENT = ("name", "signature")


def check(subject: Subject) -> Iterator[Found]:
    written = subject.value("languages")
    languages = tuple(each for each in written if isinstance(each, str)) if isinstance(written, list) else ()
    for path, text in _read_by_customers(subject):
        spoken = tuple(step for step in path if step in languages) or languages
        plain = PLACE_FOR_VALUE.sub(lambda place: " " * len(place[0]), text)
        certain = list(hits(UNMISTAKABLE, plain, tuple(map(str, spoken))))
        for hit in certain:
            yield _found(subject, path, hit, "error")
        for hit in hits(LIKELY, plain, tuple(map(str, spoken))):
            if not any(each.start <= hit.start < each.start + len(each.text) for each in certain):
                yield _found(subject, path, hit, "warning")


def _read_by_customers(subject: Subject) -> Iterator[tuple[Path, str]]:
    for path, text in strings(subject.value("templates"), ("templates",)):
        if not {*path[2:3]} & {*_NOT_SAID}:
            yield path, text
    for section, parts in (("accounts", _OF_ACCOUNT), ("departments", _OF_DEPARTMENT)):
        for name, _ in subject.entries(section):
            for part in parts:
                yield from strings(subject.value(section, name, part), (section, name, part))


def _found(subject: Subject, path: Path, hit: Hit, severity: str) -> Found:
    return Found(
        path,
        f"`{hit.text}` {hit.phrase.why}, and would be sent as it stands",
        "write what is meant, or take it out",
        span=place_of(subject.document, path, hit.text),
        severity=severity,
        confidence="certain" if severity == "error" else "heuristic",
    )


RULE = Rule("PB611", "placeholder-text", "error", check, tier="S", profile="draft")
