"""A draft leaves a person nothing to write.

What it finds
A text under `draft` without `{{ personal }}`. In the step that apologises it is a warning, elsewhere a remark.

Why it matters
A draft can be sent as it stands, so every customer gets the same words with somebody's initials under them. That is
taken for a machine, and an apology from a machine is none. `{{ personal }}` keeps the draft back until a person has
written about this customer, and about what is done so that it does not happen again.

Avoid
```yaml
templates:
  sorry: {ja: "誠に申し訳ございません。{{ approver.initials }}", en: "We are sorry. ^{{ approver.initials }}"}
```

Prefer
```yaml
templates:
  sorry:
    ja: "誠に申し訳ございません。{{ personal }} {{ approver.initials }}"
    en: "We are sorry. {{ personal }} ^{{ approver.initials }}"
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.phrasing import named, said_by
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.template_engine import names_read
from playbook_engine.policy.templates import PERSONAL


def check(subject: Subject) -> Iterator[Found]:
    for wording in subject.said:
        drafts = [use for use in subject.uses_of[wording.template] if use.verb == "draft"]
        if not drafts or wording.part != "text" or PERSONAL in names_read(wording.source):
            continue
        yield Found(
            wording.path,
            f"{named(wording)} is a draft in which nothing is left to write",
            "write `{{ personal }}` where the person who sends it says something of this customer",
            beside=said_by(drafts),
            severity="warning" if any(use.step == "apologise" for use in drafts) else "info",
        )


RULE = Rule("PB613", "boilerplate-draft", "warning", check, tier="R")
