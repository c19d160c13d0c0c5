"""A text argues, blames or makes excuses.

What it finds
Words in what customers read that take an apology back: on a condition (`sorry if`, 〜のであれば申し訳), for feelings
instead of what happened (`sorry you feel`), without anybody who did it (`mistakes were made`, 誤解を招いた), with the
customer or a third party to blame (お客様の勘違い, 配送業者の都合), with an excuse or a rule of ours
(`beyond our control`, 不可抗力, 規約に記載). The lists are for Japanese and English and hold what is plain; irony is
beyond them.

Why it matters
In public thousands read along, and such a sentence is what they pass on. Even where the company has a case, arguing it
there loses: say what happened, say sorry, say what is done.

Avoid
```yaml
templates:
  sorry:
    ja: "誤解を招く表現がございましたこと、お詫びいたします。{{ personal }} {{ approver.initials }}"
    en: "We are sorry if you were offended. {{ personal }} ^{{ approver.initials }}"
```

Prefer
```yaml
templates:
  sorry:
    ja: "説明が足りず、お詫びいたします。{{ personal }} {{ approver.initials }}"
    en: "We are sorry for what we wrote. {{ personal }} ^{{ approver.initials }}"
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import at_words, in_wordings
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wording.non_apologies import NON_APOLOGIES


def check(subject: Subject) -> Iterator[Found]:
    for wording, hit in in_wordings(subject, subject.said, NON_APOLOGIES):
        yield at_words(
            subject,
            wording,
            hit.text,
            f"`{hit.text}` {hit.phrase.why}",
            "say what happened and what is done about it, without a condition or a reason",
            subject.uses_of[wording.template],
        )


RULE = Rule("PB605", "non-apology", "warning", check, confidence="heuristic", tier="R")
