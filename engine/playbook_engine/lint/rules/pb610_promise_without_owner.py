"""A message promises what nobody is going to do.

What it finds
A text that leaves without a person and promises money back, a replacement or an answer within a time, in a row whose
`resolve` has nothing of the kind: no refund for a refund, no step at all for an answer. A person who resolves
(`by_hand`) or a ticket can do whatever was promised.

Why it matters
`resolve: none` means that nobody owes anything more. The three days pass, no ladder warns anybody, and what the
customer holds is a promise in writing.

Avoid
```yaml
templates:
  ack: {ja: "3日以内に返金いたします。", en: "We will refund you within 3 days."}
respond:
  - {id: late, when: {topics: delivery}, reply: {send: ack}, apologise: {draft: sorry}, resolve: none}
```

Prefer
```yaml
templates:
  ack: {ja: "3日以内に返金いたします。", en: "We will refund you within 3 days."}
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {offer: [{refund: 1000 JPY}]}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.phrasing import at_words, in_wordings
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Use
from playbook_engine.lint.wording.promises import MONEY, PROMISES, WORD
from playbook_engine.policy.policy import Response

_BY_PEOPLE = ("ticket", "webhook", "hand_over", "notify")
"""Actions after which somebody or something else sees to it."""


def check(subject: Subject) -> Iterator[Found]:
    for wording, hit in in_wordings(subject, subject.said, PROMISES):
        promised = hit.phrase.why
        broken = [use for use in subject.uses_of[wording.template] if _broken(subject, use, promised)]
        if broken:
            row = broken[0].place.path
            found = at_words(
                subject,
                wording,
                hit.text,
                f"`{hit.text}` promises a{'n' if promised == WORD else ''} {promised} that no step brings about",
                "let `resolve` do it or leave it to a person (`by_hand`), or promise nothing",
                broken,
            )
            beside = (*found.beside, Beside((*row, "resolve"), "this resolves nothing of the kind"))
            yield Found(found.path, found.message, found.help, span=found.span, beside=beside)


def _broken(subject: Subject, use: Use, promised: str) -> bool:
    row = use.place.row
    if not use.alone or use.step != "reply" or not isinstance(row, Response):
        return False
    if row.resolve.kind == "none":
        return promised != WORD or not _owed(subject, row)
    names = {action.name: action for action in row.resolve.actions}
    if row.resolve.kind == "by_hand" or promised == WORD or {*_BY_PEOPLE} & names.keys():
        return False
    if promised == MONEY:
        return not any("spends" in action.spec.effects for action in names.values())
    return not any(action.name not in ("coupon", "refund", "send", "tag") for action in names.values())


def _owed(subject: Subject, row: Response) -> bool:
    """Whether a person still owes an answer after an automatic one: where only people count, or an apology is due."""
    if row.apologise.kind in ("draft", "by_hand"):
        return True
    return any(target.counts == "human" for target in subject.policy.targets)


RULE = Rule("PB610", "promise-without-owner", "warning", check, confidence="heuristic", tier="R")
