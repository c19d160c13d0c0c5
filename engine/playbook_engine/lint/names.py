"""Every name that a playbook gives, and how names can be taken for each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from playbook_engine.lint.nodes import LISTS
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.fold import IGNORABLE
from playbook_engine.text.document import Path, Value

SECTIONS = (
    "accounts",
    "calendars",
    "departments",
    "escalations",
    "facts",
    "links",
    "modes",
    "people",
    "rules",
    "templates",
)
"""Mappings whose keys are names."""

_VALUES = ("one_of", "ordered", "many_of")

_LOOKS = str.maketrans(
    # Cyrillic and Greek letters that are drawn as Latin ones, and kana that are drawn as kanji.
    "асԁеһіјӏорԛѕԝхуАВЕНІЈКМОРЅТХУԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαονρ力口ニ工夕卜ハへべぺ一",
    "acdehijlopqswxyABEHIJKMOPSTXYQWABEZHIKMNOPTYXaovpカロ二エタト八ヘベペー",
)
"""After https://www.unicode.org/reports/tr39/#Confusable_Detection, as far as names are likely to hold them."""

_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts whose letters can be taken for each other; kanji, kana and Latin letters stand together in Japanese."""


@dataclass(frozen=True)
class Name:
    """A name where it is given. Names of one `group` tell things of one kind apart."""

    text: str
    path: Path
    key: bool
    group: Path


def names(subject: Subject) -> Iterator[Name]:
    """In the order of the sections, then of the rows, levels and values of facts."""
    for section in SECTIONS:
        for name, _ in subject.entries(section):
            yield Name(name, (section, name), key=True, group=(section,))
    for row in subject.rows(*LISTS):
        yield from _id((*row.path, "id"), row.id, (row.section,))
    for ladder, levels in subject.entries("escalations"):
        for index, level in enumerate(levels if isinstance(levels, list) else ()):
            named = level.get("id") if isinstance(level, dict) else None
            yield from _id(("escalations", ladder, index, "id"), named, ("escalations", ladder))
    for fact, declared in subject.entries("facts"):
        yield from _values(fact, declared)


def _id(path: Path, text: Value, group: Path) -> Iterator[Name]:
    if isinstance(text, str) and text:
        yield Name(text, path, key=False, group=group)


def _values(fact: str, declared: Value) -> Iterator[Name]:
    for kind in _VALUES if isinstance(declared, dict) else ():
        listed = declared.get(kind) if isinstance(declared, dict) else None
        for index, value in enumerate(listed if isinstance(listed, list) else ()):
            yield from _id(("facts", fact, kind, index), value, ("facts", fact))


def looks(name: str) -> str:
    """The same for two names that people cannot tell apart by looking at them.

    >>> looks("сare") == looks("care")
    True
    """
    return IGNORABLE.sub("", unicodedata.normalize("NFC", name)).translate(_LOOKS)


def is_borrowed(letter: str) -> bool:
    """Whether a letter is drawn as one of another alphabet."""
    return letter != letter.translate(_LOOKS)


def alphabets(word: str) -> tuple[str, ...]:
    """The alphabets of a word's letters, each once, in the order in which they come."""
    called = (unicodedata.name(letter, "").removeprefix("FULLWIDTH ").split(" ")[0] for letter in word)
    return tuple(dict.fromkeys(each for each in called if each in _ALPHABETS))
