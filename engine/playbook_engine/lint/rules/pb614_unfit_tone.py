"""A light tone where somebody has been harmed.

What it finds
A template whose `tone` is light (playful, funny, カジュアル) or whose text laughs (😂, haha, （笑）), in the step that
apologises or in a row for what is severe: an ordered fact above its lowest value, or a matter of law or of health.

Why it matters
A joke that is charming under praise is what gets passed on under a complaint. Nobody reads the whole conversation; they
read the joke and the burn.

Avoid
```yaml
templates:
  sorry:
    tone: playful
    ja: "申し訳ございません。{{ personal }} {{ approver.initials }}"
    en: "Sorry! {{ personal }} ^{{ approver.initials }}"
```

Prefer
```yaml
templates:
  sorry:
    tone: sober
    ja: "申し訳ございません。{{ personal }} {{ approver.initials }}"
    en: "We are sorry. {{ personal }} ^{{ approver.initials }}"
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.deducing import demanded, written
from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import at_words, in_wordings, said_by
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Use
from playbook_engine.lint.wording.liability import RESERVED
from playbook_engine.lint.wording.tones import LAUGHTER, LIGHT

_WORD = re.compile(r"[\w-]+")


def check(subject: Subject) -> Iterator[Found]:
    grave = {
        template: found
        for template, uses in subject.uses_of.items()
        if (found := [use for use in uses if _is_grave(subject, use)])
    }
    for template, uses in grave.items():
        tone = subject.policy.templates[template].tone
        light = [word for word in _WORD.findall(tone.casefold()) if word in LIGHT]
        if light:
            message = f"`{template}` is `{light[0]}` where somebody has been harmed"
            path = ("templates", template, "tone")
            yield Found(path, message, "write another text for this, in a sober tone", beside=said_by(uses))
    said = [wording for wording in subject.said if wording.template in grave]
    for wording, hit in in_wordings(subject, said, LAUGHTER):
        message = f"`{hit.text}` {hit.phrase.why} where somebody has been harmed"
        yield at_words(subject, wording, hit.text, message, "take it out", grave[wording.template])


def _is_grave(subject: Subject, use: Use) -> bool:
    if use.step == "apologise":
        return True
    for test in demanded(use.place.when):
        fact = subject.policy.facts.get(test.fact.removeprefix("message."))
        if test.kind == "ordered" and fact is not None and not fact.built_in:
            passing = test.operand if isinstance(test.operand, tuple) else (test.operand,)
            if fact.values[0] not in passing:
                return True
        elif written(test) <= RESERVED and test.kind in ("set", "name"):
            return True
    return False


RULE = Rule("PB614", "unfit-tone", "warning", check, confidence="heuristic", tier="R")
