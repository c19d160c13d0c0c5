"""Parts of playbooks laid over a whole one, as text, so that comments and layout stay."""

from __future__ import annotations

import re

REST, OWN = "playbook.yaml", "example.yaml"

_SECTION = re.compile(r"^(?=[\w]+:)", re.MULTILINE)
_NOTHING = re.compile(r"\w+:\s*")
_ENTRY = re.compile(r"^(?=  [^\s#])", re.MULTILINE)
_CATCH_ALL = re.compile(r"when: always")
_ID = re.compile(r"\bid: ([^\s,}]+)")


def lay_over(base: str, fragment: str) -> dict[str, bytes]:
    """The files of a playbook: the fragment, and the base without what the fragment replaces.

    Of mappings the fragment replaces entries of the same name. Its rows go before those of a list, and stand
    alone where one of them takes the rest. A section with nothing in it takes the base's away.
    """
    rest, own = _sections(base), _sections(fragment)
    for name in [name for name in own if _NOTHING.fullmatch(own[name])]:
        del own[name]
        rest.pop(name, None)
    for name in [name for name in own if name in rest]:
        written, held = rest.pop(name), own[name]
        if _is_list(held):
            own[name] = held + _rows_left(written, held)
        elif len(_ENTRY.split(held)) > 1:
            rest[name] = _entries_left(written, held)
    return {REST: _joined(rest), OWN: _joined(own)}


def _sections(text: str) -> dict[str, str]:
    return {part.partition(":")[0]: part.rstrip() + "\n" for part in _SECTION.split(text) if _SECTION.match(part)}


def _joined(sections: dict[str, str]) -> bytes:
    return "".join(text for text in sections.values() if text).encode()


def _is_list(section: str) -> bool:
    return re.match(r"\w+:[^\n]*\n(?:\s*#[^\n]*\n)*  - ", section) is not None


def _rows_left(written: str, held: str) -> str:
    if _CATCH_ALL.search(held):
        return ""
    taken = set(_ID.findall(held))
    return "".join(row for row in _ENTRY.split(written)[1:] if not taken & set(_ID.findall(row)[:1]))


def _entries_left(written: str, held: str) -> str:
    head, *entries = _ENTRY.split(written)
    taken = {_name(entry) for entry in _ENTRY.split(held)[1:]}
    left = [entry for entry in entries if _name(entry) not in taken]
    return head + "".join(left) if left else ""


def _name(entry: str) -> str:
    return re.split(r":(?:\s|$)", entry.strip(), maxsplit=1)[0]
