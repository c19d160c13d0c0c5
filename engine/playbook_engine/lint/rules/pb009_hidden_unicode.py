r"""Something stands in the text that people cannot see, or take for something else.

What it finds
Control characters and signs that turn the direction of a text, anywhere in a file; characters without a width inside
a name; a word of a name that mixes letters of two alphabets which look the same; two names of one kind that look the
same.

Why it matters
A reviewer approves another text than the one that is used. Two departments that look alike are told apart by the engine
and by nobody else.

Avoid
```yaml
templates:
  thanks:
    ja: "ありがとうございます。{{ personal }} {{ approver.initials }}"
    en: "Thank you!\u0007 {{ personal }} ^{{ approver.initials }}"
```
```yaml
departments:
  cаre: {name: {ja: 本店, en: Main shop}, calendar: desk, on_duty: mori, lead: head}
route:
  - {id: rest, when: always, to: cаre}
```

Prefer
```yaml
departments:
  shop: {name: {ja: 本店, en: Main shop}, calendar: desk, on_duty: mori, lead: head}
route:
  - {id: faults, when: {kind: fault}, to: shop}
  - {id: rest, when: always, to: care}
```
"""

import re
import unicodedata
from collections.abc import Iterator

from playbook_engine.lint.finding import Beside, Found
from playbook_engine.lint.names import Name, alphabets, is_borrowed, looks, names
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.fold import IGNORABLE
from playbook_engine.text.document import Path

_WORD = re.compile(r"[^\W\d_]+")


def check(subject: Subject) -> Iterator[Found]:
    first: dict[tuple[Path, str], Name] = {}
    for name in names(subject):
        like = first.setdefault((name.group, looks(name.text)), name)
        if unseen := IGNORABLE.search(name.text):
            yield _unseen(name, unseen[0][0])
        elif like.text != name.text:
            yield _alike(name, like)
        else:
            yield from _mixed(name)


def _unseen(name: Name, sign: str) -> Found:
    called = f"the {unicodedata.name(sign, 'character').lower()} U+{ord(sign):04X}"
    message = f"{called} stands unseen in the name `{IGNORABLE.sub(chr(0xFFFD), name.text)}`"
    return Found(name.path, message, "type the name anew, and wherever it is named", key=name.key)


def _alike(name: Name, like: Name) -> Found:
    seen = ", ".join(
        f"`{one}` is U+{ord(one):04X} and U+{ord(other):04X}"
        for one, other in zip(like.text, name.text, strict=False)
        if one != other
    )
    message = f"`{name.text}` looks like `{like.text}` and is another name"
    beside = (Beside(like.path, "the other name", like.key),)
    remedy = "rename one of them so that people can tell them apart"
    return Found(name.path, message, remedy, key=name.key, beside=beside, evidence=(seen,) if seen else ())


def _mixed(name: Name) -> Iterator[Found]:
    for word in _WORD.findall(name.text):
        found = alphabets(word)
        foreign = [letter for letter in word if alphabets(letter) not in ((), ("LATIN",))]
        if len(found) > 1 and "LATIN" in found and all(map(is_borrowed, foreign)):
            mixed = " and ".join(each.capitalize() for each in found)
            message = f"`{name.text}` mixes {mixed} letters that look the same"
            shown = f"`{foreign[0]}` is the {unicodedata.name(foreign[0]).lower()} U+{ord(foreign[0]):04X}"
            yield Found(name.path, message, "write the name in one alphabet", key=name.key, evidence=(shown,))
            return


RULE = Rule("PB009", "hidden-unicode", "error", check, loads=("hidden-unicode",), profile="draft", locked=True)
