"""A secret stands in the playbook.

What it finds
Anywhere in the files, comments included: keys and tokens in the shapes of well-known services, private keys, addresses
with a password in them. Under `do` and `offer`: a value whose key says that it is a secret. A token in an address, and
a long run that looks drawn by lot, are a warning. A reference such as `${env:NAME}` is no secret. What was found is not
printed in full.

Why it matters
A playbook is read by many and kept for ever: in the repository, in its history, in every copy. Whoever has the key can
do what the engine can.

Avoid
```yaml
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {do: [{webhook: {url: "https://suzuran.example/in?token=AKIAIOSFODNN7EXAMPLE"}}]}
```

Prefer
```yaml
respond:
  - id: late
    when: {topics: delivery}
    reply: {send: ack}
    apologise: {draft: sorry}
    resolve: {do: [{webhook: {name: orders}}]}
```
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from playbook_engine.lint.finding import Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wording.secrets import DENSE, KINDS, LEAST_ENTROPY, SECRET_KEYS, SECRET_QUERY, SHAPES
from playbook_engine.lint.wordings import place_of, strings
from playbook_engine.model.span import Span
from playbook_engine.text.document import Path

_HELP = "take it out, withdraw it where it was given, and write `${env:NAME}` or keep it in the settings"
_ACTED = ("do", "offer")
_SHORTEST = 6
"""Characters of a value that may be a secret."""


def check(subject: Subject) -> Iterator[Found]:
    said = tuple(strings(subject.document.value))
    told: set[str] = set()
    for span, text, kind in _by_shape(subject):
        told.add(text)
        path = next((path for path, value in said if text in value), ())
        found = Found(path, f"`{_masked(text)}` is {kind}, for everybody who reads this file", _HELP, span=span)
        yield found if kind in KINDS else replace(found, severity="warning", confidence="heuristic")
    for path, value in said:
        if not any(text in value for text in told):
            yield from _by_name_or_look(subject, path, value)


def _by_shape(subject: Subject) -> Iterator[tuple[Span, str, str]]:
    for file, lines in subject.document.lines.items():
        for number, line in enumerate(lines, 1):
            shapes = list(SHAPES.finditer(line))
            for found in shapes:
                kind = KINDS[int(str(found.lastgroup)[1:])]
                yield Span(file, number, found.start() + 1, found.end() + 1), found[0], kind
            for query in SECRET_QUERY.finditer(line):
                if any(found.start() < query.end() and query.start(1) < found.end() for found in shapes):
                    continue
                yield Span(file, number, query.start(1) + 1, query.end(1) + 1), query[1], "a secret in an address"


def _by_name_or_look(subject: Subject, path: Path, value: str) -> Iterator[Found]:
    if "${" in value or not {*path} & {*_ACTED}:
        return
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if SECRET_KEYS.search(key) and len(value) >= _SHORTEST and not any(map(str.isspace, value)):
        message = f"`{key}` says that `{_masked(value)}` is a secret, for everybody who reads this file"
        yield Found(path, message, _HELP)
        return
    for found in DENSE.finditer(value):
        if _is_drawn(found[0]):
            yield Found(
                path,
                f"`{_masked(found[0])}` looks like a key",
                _HELP,
                span=place_of(subject.document, path, found[0]),
                severity="warning",
                confidence="heuristic",
            )


def _masked(text: str) -> str:
    return f"{text[:4]}…"


def _is_drawn(text: str) -> bool:
    """Whether the letters look drawn by lot, by Shannon's entropy."""
    kinds = (str.isdigit, str.isupper, str.islower)
    if not all(any(map(kind, text)) for kind in kinds):
        return False
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts) >= LEAST_ENTROPY


RULE = Rule("PB801", "secret-in-yaml", "error", check, profile="draft", locked=True)
