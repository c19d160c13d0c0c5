"""One of several words to look for is found whenever another is.

What it finds
In a list under `contains`, `starts_with` or `ends_with`, a text that holds another text of the list in the same way.

Why it matters
It changes nothing, and the next reader wonders what it is for.

Avoid
```yaml
classify:
  - {id: money, when: {text: {contains: [返金, 返金してください]}}, set: {kind: question}}
```

Prefer
```yaml
classify:
  - {id: money, when: {text: {contains: [返金, 払い戻し]}}, set: {kind: question}}
```
"""

from collections.abc import Callable, Iterator, Mapping

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.removing import without_item
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.fold import fold
from playbook_engine.text.document import Path, Value

_COVERS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda short, long: short in long,
    "starts_with": lambda short, long: long.startswith(short),
    "ends_with": lambda short, long: long.endswith(short),
}


def check(subject: Subject) -> Iterator[Found]:
    for row in subject.rows("ignore", "classify"):
        yield from _lists(subject, (*row.path, "when"), row.value.get("when"))


def _lists(subject: Subject, path: Path, value: Value) -> Iterator[Found]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key in _COVERS and isinstance(below, list):
                yield from _items(subject, (*path, key), key, [each for each in below if isinstance(each, str)])
            else:
                yield from _lists(subject, (*path, key), below)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _lists(subject, (*path, index), below)


def _items(subject: Subject, path: Path, operator: str, written: list[str]) -> Iterator[Found]:
    covers, folded = _COVERS[operator], [fold(each) for each in written]
    for index, long in enumerate(folded):
        for other, short in enumerate(folded):
            if index != other and covers(short, long) and (short != long or other < index):
                message = f"`{written[index]}` is found whenever `{written[other]}` is"
                beside = (Beside((*path, other), "finds it too"),)
                fix = without_item(subject, (*path, index), f"take out `{written[index]}`")
                yield Found((*path, index), message, "take it out", beside=beside, fix=fix)
                break


RULE = Rule("PB507", "list-item-redundant", "info", check, tier="S", profile="audit")
