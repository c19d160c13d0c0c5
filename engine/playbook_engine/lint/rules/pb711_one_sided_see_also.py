"""An account names another in `see_also`, which does not name it.

What it finds
Two accounts of which only one has the other in its `see_also`.

Why it matters
Customers find a company's accounts by going from one to the next. Whoever comes in by the account that names no other
ends there, and a false account that claims to be one of ours is not told apart.

Avoid
```yaml
accounts:
  "x:suzuran_news":
    department: care
    purpose: {ja: お知らせ, en: News}
    see_also: ["x:suzuran"]
```

Prefer
```yaml
accounts:
  "x:suzuran_news":
    department: care
    purpose: {ja: お知らせ, en: News}
    see_also: ["x:suzuran"]
  "x:suzuran":
    department: care
    purpose: {ja: お問い合わせ, en: Questions}
    see_also: ["x:suzuran_news"]
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Fix, Found
from playbook_engine.lint.inserting import element_added, entry_added
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    accounts = subject.policy.accounts
    for name, account in accounts.items():
        for number, other in enumerate(account.see_also):
            if name not in accounts[other].see_also:
                yield Found(
                    ("accounts", name, "see_also", number),
                    f"`{name}` names `{other}`, which does not name it",
                    f'add "{name}" to the `see_also` of `{other}`',
                    beside=(Beside(("accounts", other), "does not name it", key=True),),
                    fix=_fix(subject, name, other),
                )


def _fix(subject: Subject, name: str, other: str) -> Fix | None:
    path = ("accounts", other)
    if isinstance(subject.value(*path, "see_also"), list):
        edit = element_added(subject.document, (*path, "see_also"), f'"{name}"')
    else:
        edit = entry_added(subject.document, path, "see_also", f'["{name}"]')
    return Fix(f"let `{other}` name `{name}`", (edit,)) if edit is not None else None


RULE = Rule("PB711", "one-sided-see-also", "warning", check, tier="X")
