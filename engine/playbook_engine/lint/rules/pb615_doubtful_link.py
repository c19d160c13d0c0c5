"""An address that customers are sent to is doubtful.

What it finds
In `links` and in texts: `http:` instead of `https:`, a host that exists only in examples or inside a network
(`example.com`, `localhost`, `10.0.0.7`), and an address shortened by somebody else's service. Nothing is looked up:
whether the page is there is not asked. The hosts of examples are left in peace in playbooks whose own addresses stand
there, too.

Why it matters
The address is the whole answer in many a reply. A customer who finds nothing behind it writes again, angrier; one who
cannot see where it leads does not press it.

Avoid
```yaml
links: {returns: "http://www.suzuran.co.jp/returns"}
templates:
  ack: {ja: "返品はこちらです {{ link.returns }}", en: "Returns are here: {{ link.returns }}"}
```

Prefer
```yaml
links: {returns: "https://www.suzuran.co.jp/returns"}
templates:
  ack: {ja: "返品はこちらです {{ link.returns }}", en: "Returns are here: {{ link.returns }}"}
```
"""

import re
from collections.abc import Iterator

from playbook_engine.lint.finding import Edit, Fix, Found
from playbook_engine.lint.rule import Rule
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.wordings import PLACE_FOR_VALUE, place_of
from playbook_engine.policy.policy import Policy
from playbook_engine.text.document import Path

_ADDRESS = re.compile(r"https?://[^\s、。「」（）<>\"']+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?\[?(?P<host>[^/?#:\]]+)", re.IGNORECASE)
_EXAMPLE = re.compile(r"(?:^|\.)(?:example|example\.(?:com|net|org|jp|co\.jp)|test|invalid)$", re.IGNORECASE)
"""Names that lead nowhere: https://www.rfc-editor.org/rfc/rfc2606 and the examples of JPRS."""
_INSIDE = re.compile(
    r"localhost|.*\.(?:local|localhost|internal|lan)|127\.[0-9.]+|10\.[0-9.]+|192\.168\.[0-9.]+"
    r"|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]+|::1",
    re.IGNORECASE,
)
"""Hosts that nobody outside reaches: RFC 1918, RFC 6762 and custom."""
_SHORTENED = frozenset(
    {"bit.ly", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly", "cutt.ly", "x.gd"}
)
_HELP = "write the address that customers can open, on a host of your own"


def check(subject: Subject) -> Iterator[Found]:
    own_is_example = _lives_in_examples(subject.policy)
    places: list[tuple[Path, str]] = [(("links", name), address) for name, address in subject.policy.links.items()]
    for wording in subject.said:
        plain = PLACE_FOR_VALUE.sub(" ", wording.source)
        places += ((wording.path, found[0].rstrip(".,!?)")) for found in _ADDRESS.finditer(plain))
    for path, address in places:
        yield from _doubts(subject, path, address, own_is_example)


def _doubts(subject: Subject, path: Path, address: str, own_is_example: bool) -> Iterator[Found]:
    span = place_of(subject.document, path, address)
    found = _HOST.match(address)
    if found is None:
        return
    host = found["host"]
    if _INSIDE.fullmatch(host):
        yield Found(path, f"nobody outside can reach `{host}`", _HELP, span=span)
    elif _EXAMPLE.search(host) and not own_is_example:
        yield Found(path, f"`{host}` exists only in examples", _HELP, span=span)
    elif host.casefold() in _SHORTENED:
        yield Found(path, f"`{address}` does not show where it leads", _HELP, span=span)
    elif address[:7].casefold() == "http://":
        start = (span.line, span.column) if span is not None else None
        edit = (
            Edit(span.file, (span.line, span.column), (span.line, span.column + 4), "https") if span and start else None
        )
        yield Found(
            path,
            f"`{address}` is not encrypted, and browsers warn of it",
            "write `https:`, once you have seen that it opens",
            span=span,
            fix=Fix("write `https:`", (edit,), safe=False) if edit else None,
        )


def _lives_in_examples(policy: Policy) -> bool:
    """Whether the company itself is one of an example: its mail or its accounts are at such a host."""
    addresses = [way.value for person in policy.people.values() for way in person.via]
    return any(_EXAMPLE.search(each) for each in (*addresses, *policy.accounts))


RULE = Rule("PB615", "doubtful-link", "warning", check, tier="X")
