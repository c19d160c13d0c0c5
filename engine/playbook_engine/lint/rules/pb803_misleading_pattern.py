r"""A pattern does not do what it seems to.

What it finds
Under `matches`: a pattern without a single sign, which is a search for a word; `.*` at either end, which changes
nothing; letters that no text has once it is folded (full-width letters, half-width kana, `ß`); and `\b` beside a letter
that is not English, where it never holds.

Why it matters
The row looks as if it caught the message and never does, or it catches more than anybody sees in it. `contains` and
`words` say what they do, are folded like the text, and can be proved.

Avoid
```yaml
classify:
  - {id: money, when: {text: {matches: '\b返金\b'}}, set: {topics: delivery}}
```

```yaml
classify:
  - {id: money, when: {text: {matches: 返金}}, set: {topics: delivery}}
```

Prefer
```yaml
classify:
  - {id: money, when: {text: {words: [返金, refund]}}, set: {topics: delivery}}
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Edit, Fix, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wordings import strings
from playbook_engine.policy.fold import fold
from playbook_engine.text.document import Path

_SIGN = re.compile(r"[\\.^$*+?{}\[\]|()]")
_ESCAPED = re.compile(r"\\.")
_BESIDE = re.compile(r"\\b[^\x00-\x7f]|[^\x00-\x7f]\\b")
_HEAD, _TAIL = re.compile(r"(?:\.\*\??)+"), re.compile(r"(?<!\\)(?:\.\*\??)+$")
_CONDITIONS = (
    "ignore",
    "classify",
    "prove",
    "route",
    "targets",
    "respond",
    "rules",
    "modes",
    "human_only",
    "departments",
)


def check(subject: Subject) -> Iterator[Found]:
    for section in _CONDITIONS:
        for path, pattern in strings(subject.value(section), (section,)):
            if path[-1] == "matches":
                yield from _of_pattern(subject, path, pattern)


def _of_pattern(subject: Subject, path: Path, pattern: str) -> Iterator[Found]:
    if not _SIGN.search(pattern):
        yield _literal(subject, path, pattern)
        return
    if found := _BESIDE.search(pattern):
        message = (
            f"`{found[0]}`: RE2 knows no border of a word beside `{found[0].strip(chr(92) + 'b')}`, so it never holds"
        )
        yield Found(path, message, "leave `\\b` out, or use `words`")
    lost = [each for each in _ESCAPED.sub("", pattern) if not each.isascii() and fold(each) != each.lower()]
    if lost:
        message = f"`{lost[0]}` is in no text once it is folded; there it is `{fold(lost[0])}`"
        yield Found(path, message, f"write `{fold(lost[0])}`")
    if _HEAD.match(pattern) or _TAIL.search(pattern):
        yield _padded(subject, path, pattern)


def _literal(subject: Subject, path: Path, pattern: str) -> Found:
    key = subject.document.key_spans.get(path)
    edit = Edit(key.file, (key.line, key.column), (key.line, key.end_column), "contains") if key else None
    return Found(
        path,
        f"`{pattern}` is no pattern but a text",
        "write `contains`, or `words` for whole words",
        fix=Fix("write `contains`", (edit,), safe=fold(pattern) == pattern.lower()) if edit else None,
    )


def _padded(subject: Subject, path: Path, pattern: str) -> Found:
    plain = _TAIL.sub("", _HEAD.sub("", pattern, count=1)) if _HEAD.match(pattern) else _TAIL.sub("", pattern)
    span = subject.document.spans[path]
    line = subject.document.lines[span.file][span.line - 1]
    start = line.find(pattern, span.column - 1, span.end_column - 1)
    edit = Edit(span.file, (span.line, start + 1), (span.line, start + 1 + len(pattern)), plain)
    usable = start >= 0 and path in subject.document.quoted and bool(plain)
    return Found(
        path,
        f"`{pattern}` is looked for anywhere, so `.*` at its end changes nothing",
        f"write `{plain}`",
        fix=Fix("take `.*` out", (edit,)) if usable else None,
    )


RULE = Rule("PB803", "misleading-pattern", "warning", check)
