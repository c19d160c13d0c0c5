"""An outage would make the playbook speak without end.

What it finds
A post of our own at every message that matches, with nobody's approval and no row of `limits` for `post` (an error). A
rule that tells our people at every message, without `once_per` and without a limit of `notify`. Automatic answers in
rows for a mode, without a limit of `send` per account, platform or all.

Why it matters
A mode is on when thousands write at once. What was one kind answer becomes thousands from one account in an hour, and
the platform locks the account on the day it is needed.

Avoid
```yaml
templates:
  status: {ja: 障害が発生しております。お詫びいたします。, en: We have an outage and apologise.}
rules:
  tell-all: {when: {topics: delivery}, do: [{post: {account: "x:suzuran", template: status}}]}
```

Prefer
```yaml
templates:
  status: {ja: 障害が発生しております。お詫びいたします。, en: We have an outage and apologise.}
rules:
  tell-all: {when: {topics: delivery}, do: [{post: {account: "x:suzuran", template: status}}]}
limits:
  - {id: statements, of: post, per: account, max: 2, in: 6h, then: ask}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.deducing import demanded
from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Acted, Use
from playbook_engine.policy.compile.rules import RECEIVED
from playbook_engine.policy.policy import Rule as PolicyRule

_OF_ALL = ("account", "platform", "all")


def check(subject: Subject) -> Iterator[Found]:
    limited = {limit.action for limit in subject.policy.limits}
    for each in subject.acted:
        if each.action.name == "post" and "post" not in limited and each.action.approval is None and _by_message(each):
            yield Found(
                each.path,
                "this is posted again for every message that matches",
                "write under `limits`: {id: statements, of: post, per: account, max: 2, in: 6h, then: ask}",
                key=True,
                severity="error",
            )
        elif each.action.name == "notify" and "notify" not in limited and _by_message(each) and not _once(each):
            yield Found(
                each.path,
                "our people are told at every message that matches",
                "write `once_per: incident` in the rule, or bound `notify` per person under `limits`",
                key=True,
                severity="warning",
            )
    if not any(limit.action == "send" and limit.per in _OF_ALL for limit in subject.policy.limits):
        yield from (_in_a_mode(use) for use in subject.uses if _is_of_a_mode(use))


def _by_message(each: Acted) -> bool:
    """Whether a customer's message sets it off: a step, or a rule without another event."""
    rule = each.place.row
    return not isinstance(rule, PolicyRule) or rule.event == RECEIVED


def _once(each: Acted) -> bool:
    rule = each.place.row
    return isinstance(rule, PolicyRule) and bool(rule.once_per)


def _is_of_a_mode(use: Use) -> bool:
    return use.alone and use.verb != "post" and any(test.fact == "mode" for test in demanded(use.place.when))


def _in_a_mode(use: Use) -> Found:
    message = f"`{use.template}` goes to everybody who writes while the mode is on, and nothing bounds how fast"
    help = "write under `limits`: {id: one-account, of: send, per: account, max: 80, in: 15m, then: hold}"
    return Found(use.path, message, help, severity="warning")


RULE = Rule("PB709", "mass-action-unthrottled", "error", check, tier="X")
