"""A customer may be told the same words twice by machine.

What it finds
One text that can leave without a person in two steps of the same row (but the reply that is also the apology), in a row
and in a rule, or in a rule that fires on every message of a conversation. Texts with `{{ answer }}` differ each time.

Why it matters
The second time shows that nobody has read the first answer to it. It is the reply that people take a picture of.

Avoid
```yaml
rules:
  still-here:
    when: {topics: delivery}
    do: [{send: ack}]
```

Prefer
```yaml
templates:
  on-its-way: {ja: "お荷物を確認しております。", en: "We are looking for your parcel."}
rules:
  still-here:
    when: {topics: delivery}
    once_per: incident
    do: [{send: on-its-way}]
```
"""

from collections.abc import Iterator

from playbook_engine.lint.deducing import demanded
from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import RULE as BY_RULE
from playbook_engine.lint.uses import WHEN_CLOSED, Use
from playbook_engine.policy.compile.rules import RECEIVED
from playbook_engine.policy.compile.templates import names_of
from playbook_engine.policy.policy import Rule as PolicyRule

_OF_PROGRESS = ("incident.messages", "incident.public_turns", "incident.stage")
"""Facts that differ from one message of a conversation to the next."""


def check(subject: Subject) -> Iterator[Found]:
    for template, uses in subject.uses_of.items():
        alone = [use for use in uses if use.alone and use.verb != "post"]
        if "answer" not in names_of(subject.policy.templates[template]):
            yield from _within_a_row(template, alone)
            yield from _row_and_rule(template, alone)
            yield from (_every_time(template, use) for use in alone if _fires_every_time(use))


def _within_a_row(template: str, uses: list[Use]) -> Iterator[Found]:
    first: dict[object, Use] = {}
    for use in uses:
        if use.step in (BY_RULE, WHEN_CLOSED) or use.step == "apologise":
            continue
        earlier = first.setdefault(use.place.row and use.place.row.span, use)
        if earlier.step != use.step:
            yield _twice(template, use, earlier)


def _row_and_rule(template: str, uses: list[Use]) -> Iterator[Found]:
    rules = [use for use in uses if use.step == BY_RULE]
    steps = [use for use in uses if use.step not in (BY_RULE, WHEN_CLOSED)]
    for rule in rules:
        both = [use for use in steps if use.cells & rule.cells]
        if both:
            yield _twice(template, rule, both[0])


def _twice(template: str, use: Use, earlier: Use) -> Found:
    message = f"`{template}` may already have been said to the same customer, word for word"
    return Found(use.path, message, "write another text for the second time", beside=(Beside(earlier.path, "first"),))


def _fires_every_time(use: Use) -> bool:
    rule = use.place.row
    if use.step != BY_RULE or not isinstance(rule, PolicyRule) or rule.event != RECEIVED or rule.once_per:
        return False
    return not any(test.fact in _OF_PROGRESS for test in demanded(use.place.when))


def _every_time(template: str, use: Use) -> Found:
    message = f"`{template}` is said again at every message of the conversation that matches"
    return Found(use.path, message, "write `once_per: incident` in the rule")


RULE = Rule("PB608", "robotic-repetition", "warning", check, tier="R")
