"""The step that apologises does not apologise.

What it finds
A text of the step `apologise` that has no word of apology of its language, out of the list by which the engine itself
tells apologies (Japanese, English, German, French, Spanish, Chinese, Korean). Where a person finishes the text, it is a
warning: the word may stand in what they write. Texts in other languages are not judged.

Why it matters
The step is met when its text has been delivered, whatever it says. A customer who had a fault is owed the word itself,
and the record would claim an apology that nobody can find in the message.

Avoid
```yaml
templates:
  late: {ja: お届けは明日となります。, en: Your parcel comes tomorrow. Sorry for that.}
respond:
  - {id: late, when: {topics: delivery}, reply: {send: late}, apologise: {send: late}, resolve: by_hand}
```

Prefer
```yaml
templates:
  late: {ja: お届けが遅れ、申し訳ございません。明日のお届けとなります。, en: We are sorry. Your parcel comes tomorrow.}
respond:
  - {id: late, when: {topics: delivery}, reply: {send: late}, apologise: {send: late}, resolve: by_hand}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import named, said_by
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.apologies import APOLOGIES, apologises


def check(subject: Subject) -> Iterator[Found]:
    for wording in subject.said:
        uses = [use for use in subject.uses_of[wording.template] if use.step == "apologise"]
        language = wording.language.partition("-")[0]
        judged = language in APOLOGIES if language else all(each in APOLOGIES for each in subject.policy.languages)
        if not uses or wording.part != "text" or not judged or apologises(wording.plain, language):
            continue
        alone = any(use.alone for use in uses)
        yield Found(
            wording.path,
            f"{named(wording)} is sent as the apology and has no word of apology",
            _help(language or subject.policy.languages[0]),
            beside=said_by(uses),
            severity="error" if alone else "warning",
        )


def _help(language: str) -> str:
    example = {"ja": "申し訳ございません", "en": "We are sorry"}.get(language, APOLOGIES[language][0])
    return f"say it in so many words, such as `{example}`"


RULE = Rule("PB604", "apology-missing", "error", check, confidence="heuristic", tier="R", locked=True)
