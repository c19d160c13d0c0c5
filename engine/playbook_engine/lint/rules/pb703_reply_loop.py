"""Nothing ends an exchange of two machines.

What it finds
A playbook that answers by itself and bounds its `send` nowhere: no row of `limits` counts it. Answers that only the
first message of a conversation gets, or that leave once per incident, need no bound.

Why it matters
An auto-responder that is not marked as one answers our answer, which is a message, which is answered. Each side is
right each time, and by the morning there are thousands, in public.

Avoid
```yaml
limits:
  - {id: pager, of: notify, per: person, max: 10, in: 10m, then: digest}
  - {id: one-person, of: post, per: account, max: 3, in: 10m, then: hold}
```

Prefer
```yaml
limits:
  - {id: one-person, of: send, per: author, max: 3, in: 10m, then: hold}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.deducing import demanded
from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import said_by
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import RULE as BY_RULE
from playbook_engine.lint.uses import Use
from playbook_engine.policy.compile.rules import RECEIVED
from playbook_engine.policy.policy import Rule as PolicyRule

_ENDS = ("incident.messages", "incident.public_turns", "incident.stage")
"""Facts by which a row can stop after some messages."""


def check(subject: Subject) -> Iterator[Found]:
    policy = subject.policy
    if any(limit.action == "send" for limit in policy.limits):
        return
    endless = [use for use in subject.uses if _is_endless(use)]
    if endless:
        yield Found(
            ("limits",) if "limits" in subject.document.value else ("playbook",),
            f"`{endless[0].template}` answers every message by itself, and nothing bounds how often",
            "write under `limits`: {id: one-person, of: send, per: author, max: 3, in: 10m, then: hold}",
            key=True,
            beside=said_by(endless),
        )


def _is_endless(use: Use) -> bool:
    """Whether it leaves again at every message: a reply, or a rule without an end of its own."""
    rule = use.place.row
    if not use.alone or any(test.fact in _ENDS for test in demanded(use.place.when)):
        return False
    if use.step == BY_RULE:
        return isinstance(rule, PolicyRule) and rule.event == RECEIVED and not rule.once_per and use.verb != "post"
    return use.step == "reply"


RULE = Rule("PB703", "reply-loop", "error", check, tier="X", locked=True)
