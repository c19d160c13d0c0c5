"""A text says that we are liable, in a matter for lawyers.

What it finds
Words that admit fault in law or promise compensation, in Japanese and English, in texts of rows for what lawyers answer
for: topics such as `legal`, `injury`, `safety`, 事故, 怪我. An apology is not among them.

Why it matters
What is said in public on the first day is read out in court. That we are sorry may be said, and should; whose fault it
was is for those who have looked.

Avoid
```yaml
templates:
  hurt:
    ja: "弊社の過失により、誠に申し訳ございません。{{ personal }}"
    en: "We are sorry, this was our fault. {{ personal }}"
respond:
  - {id: hurt, when: {topics: injury}, reply: {draft: hurt}, apologise: {draft: sorry}, resolve: by_hand}
```

Prefer
```yaml
templates:
  hurt:
    ja: "お怪我の具合を案じております。誠に申し訳ございません。{{ personal }}"
    en: "We are sorry that you were hurt, and want to hear how you are. {{ personal }}"
respond:
  - {id: hurt, when: {topics: injury}, reply: {draft: hurt}, apologise: {draft: sorry}, resolve: by_hand}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.deducing import demanded, written
from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import at_words, in_wordings
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Use
from playbook_engine.lint.wording.liability import ADMISSIONS, RESERVED


def check(subject: Subject) -> Iterator[Found]:
    reserved = {
        template: found
        for template, uses in subject.uses_of.items()
        if (found := [use for use in uses if _is_reserved(use)])
    }
    said = [wording for wording in subject.said if wording.template in reserved]
    for wording, hit in in_wordings(subject, said, ADMISSIONS):
        yield at_words(
            subject,
            wording,
            hit.text,
            f"`{hit.text}` {hit.phrase.why} in a matter that is for lawyers",
            "say that you are sorry and what happens next, and leave fault and money to those who look into it",
            reserved[wording.template],
        )


def _is_reserved(use: Use) -> bool:
    return any(written(test) & RESERVED for test in demanded(use.place.when) if test.kind in ("set", "name"))


RULE = Rule("PB707", "admission-of-liability", "warning", check, confidence="heuristic", tier="R")
