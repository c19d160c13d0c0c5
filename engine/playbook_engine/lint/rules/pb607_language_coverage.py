"""Customers read a language that is not theirs.

What it finds
A text that is written once for all languages of the playbook but stands in one of them only, a text under the key of
another language than it is written in, and a department whose name customers read in such a text. The language is
told by the script: Japanese, Chinese, Korean and others are told apart, languages in Latin letters are not. A text by
language that has none in one of the playbook's `languages`, or a template without a text for the channels it does not
name, keeps the playbook from being used.

Why it matters
Whoever writes in English and is answered in Japanese has not been answered. It is seen late, because those who wrote
the text can read it.

Avoid
```yaml
templates:
  ack: "{{ author.name }}様、ご連絡ありがとうございます。{{ reply.due }}までにお返事いたします。"
```

Or, under the wrong key:
```yaml
templates:
  thanks: {ja: "ありがとうございます。{{ personal }}", en: "ありがとうございます。{{ personal }}"}
```

Prefer
```yaml
templates:
  ack:
    ja: "{{ author.name }}様、ご連絡ありがとうございます。{{ reply.due }}までにお返事いたします。"
    en: "Thank you, {{ author.name }}. We will answer by {{ reply.due }}."
```
"""

import re
from collections.abc import Iterator, Mapping

from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import named, said_by
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.languages import detect
from playbook_engine.policy.template_engine import names_read

_OWN_SCRIPT = frozenset(
    {
        *("ja", "zh", "ko", "ru", "uk", "bg", "sr", "el", "hy", "he", "ar", "fa", "hi", "bn", "ta", "te", "th", "lo"),
        *("my", "ka", "km"),
    }
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile("[A-Za-z\u00c0-\u024f]{2,}")
_ADDRESS = re.compile(r"https?://\S+|[@#]\w+")
_FEW = 3
"""Words in Latin letters that are a sentence; fewer are names of products."""


def check(subject: Subject) -> Iterator[Found]:
    for wording in subject.said:
        uses = subject.uses_of[wording.template]
        text = _ADDRESS.sub(" ", wording.plain)
        if wording.language:
            found = _elsewhere(wording.language, text)
            if found:
                message = f"{named(wording)} is written in {found}"
                yield Found(wording.path, message, f"write it in `{wording.language}`", beside=said_by(uses))
        else:
            left = [each for each in subject.policy.languages if not _serves(each, text)]
            if left and len(left) < len(subject.policy.languages):
                yield Found(
                    wording.path,
                    f"{named(wording)} is one text for all, and customers who write in `{left[0]}` cannot read it",
                    f"write a text for each language, as in {_example(subject)}",
                    beside=said_by(uses),
                )
    yield from _departments(subject)


def _elsewhere(language: str, text: str) -> str:
    """In what a text is written that should be in the language; "" where it may be."""
    own, found = language.partition("-")[0], detect(text)
    if found and found != own and not _LATIN.sub("", text).isascii():
        return f"`{found}`" if {found, own} not in ({"ru", "uk"}, {"ar", "fa"}) else ""
    words = _WORD.findall(text)
    return "Latin letters" if own in _OWN_SCRIPT and text.isascii() and len(words) >= _FEW else ""


def _serves(language: str, text: str) -> bool:
    """Whether something of the text is in the language, as far as its script tells."""
    own = language.partition("-")[0]
    if not any(map(str.isalpha, text)):
        return True
    if own not in _OWN_SCRIPT:
        return len(_WORD.findall(text)) >= _FEW
    others = _LATIN.sub("", text)
    return detect(others) in (own, "") and any(map(str.isalpha, others))


def _departments(subject: Subject) -> Iterator[Found]:
    """Names in a script that not all customers read, where a text says them."""
    named_in = {name: wording for wording in subject.said for name in names_read(wording.source)}
    foreign = [each for each in subject.policy.languages if each.partition("-")[0] not in _OWN_SCRIPT]
    for department in subject.policy.departments.values():
        for part, texts in (("name", department.name), ("signature", department.signature)):
            wording = named_in.get(f"department.{part}")
            if wording is not None and foreign and _foreign(texts):
                yield Found(
                    ("departments", department.id, part),
                    f"customers who write in `{foreign[0]}` read `{texts['']}`, in `{named(wording).strip('`')}`",
                    f"write a name for each language, as in {_example(subject)}",
                )


def _foreign(texts: Mapping[str, str]) -> bool:
    return detect(texts.get("", "")) in _OWN_SCRIPT


def _example(subject: Subject) -> str:
    return "{" + ", ".join(f"{language}: …" for language in subject.policy.languages) + "}"


RULE = Rule(
    "PB607",
    "language-coverage",
    "warning",
    check,
    loads=("missing-language", "missing-text"),
    confidence="heuristic",
    tier="R",
)
