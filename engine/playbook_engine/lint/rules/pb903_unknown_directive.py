"""A comment to lint that cannot be understood.

What it finds
A comment that begins with `playbook:` and is nothing that lint knows, an entry of `lint.ignore` that names a part or a
rule that is not there.

Why it matters
A slip of the pen in a suppression would silence nothing while its writer believes it does, or the other way round.

Avoid
```yaml
templates:
  # playbook: ingore[PB110] reason="needed again in spring" by=mori until=2027-04-30
  thanks: {ja: "ありがとうございます。{{ personal }}", en: "Thank you! {{ personal }}"}
```
```yaml
lint:
  ignore:
    - {code: PB110, at: templates.akk, reason: needed again in spring, by: mori, until: 2027-01-31}
```

Prefer
```yaml
templates:
  # playbook: ignore[PB110] reason="needed again in spring" by=mori until=2027-04-30
  old: {ja: ありがとうございます。, en: Thank you.}
```
"""

from collections.abc import Iterator

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.text.nearest import nearest

_EXAMPLE = '# playbook: ignore[PB604] reason="what for" by=somebody until=2026-12-31'


def check(subject: Subject) -> Iterator[Found]:
    for wish in subject.suppressions:
        path = wish.path or subject.parts.get(wish.node, ())
        if wish.wrong:
            near = nearest(wish.node, subject.parts) if wish.path else ""
            yield Found(path, wish.wrong, f"write {_EXAMPLE}", span=wish.span, nearest=near)
        for code in wish.codes if not wish.wrong else ():
            if code not in subject.codes:
                near = nearest(code, subject.codes)
                yield Found(path, f"no lint rule is called `{code}`", "name a rule", span=wish.span, nearest=near)


RULE = Rule("PB903", "unknown-directive", "error", check, locked=True, profile="draft")
