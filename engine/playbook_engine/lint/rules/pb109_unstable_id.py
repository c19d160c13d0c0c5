"""A name is given twice, or does not stay with its thing.

What it finds
An id that stands twice in a list, a name that means something else already, a value that a list holds twice, a name
under `renamed` that is still in use; two names of one kind that differ by upper case, width or dashes only; an id that
only says at which place its row stands.

Why it matters
Incidents, records and baselines hold ids for years. Where two things share one, or a row's id moves to another row with
the next insertion, the record says something that did not happen.

Avoid
```yaml
classify:
  - {id: late, when: {text: {words: [delayed]}}, set: {topics: delivery}}
  - {id: late, when: {text: {words: [waiting]}}, set: {topics: delivery}}
```
```yaml
classify:
  - {id: late, when: {text: {words: [delayed]}}, set: {topics: delivery}}
  - {id: Late, when: {text: {words: [waiting]}}, set: {topics: delivery}}
```
```yaml
route:
  - {id: row-1, when: {kind: fault}, to: care}
```

Prefer
```yaml
classify:
  - {id: late, when: {text: {words: [delayed]}}, set: {topics: delivery}}
  - {id: waiting, when: {text: {words: [waiting]}}, set: {topics: delivery}}
route:
  - {id: faults, when: {kind: fault}, to: care}
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.names import Name, looks, names
from playbook_engine.lint.nodes import LISTS
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.fold import fold
from playbook_engine.text.document import Path

_PLACE = re.compile(
    r"(?:row|rule|item|entry|line|step|level|id|no|行|項目|その|ルール|規則)?[-_]?[0-9]+(?:番目?|行目?)?"
)
_ROWS = frozenset({*LISTS, "rules", "escalations"})


def check(subject: Subject) -> Iterator[Found]:
    first: dict[tuple[Path, str], Name] = {}
    for name in names(subject):
        like = first.setdefault((name.group, _plain(name.text)), name)
        if like.text != name.text and looks(like.text) != looks(name.text):
            message = f"`{name.text}` and `{like.text}` differ by case, width or dashes only"
            beside = (Beside(like.path, "the other name", like.key),)
            yield Found(name.path, message, "rename one of them", key=name.key, beside=beside)
        elif name.group[0] in _ROWS and len(name.path) > 1 and _PLACE.fullmatch(fold(name.text)):
            message = f"`{name.text}` says only at which place the row stands"
            remedy = "name it after what it is for; list the old name under `renamed`"
            yield Found(name.path, message, remedy, key=name.key, confidence="heuristic", severity="info")


def _plain(name: str) -> str:
    return fold(name).replace("_", "-").replace("--", "-").replace("-", "")


LOADS = ("duplicate-id", "repeated-value", "renamed")
RULE = Rule("PB109", "unstable-id", "warning", check, loads=LOADS, profile="draft")
