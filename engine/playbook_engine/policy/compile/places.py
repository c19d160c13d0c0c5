"""A cursor over the document: what stands at a place, and the complaint about it.

Every reader of a section gets a `Place` and returns a value in any case, empty where the text is at fault:
the complaint is kept, and no policy is made while there is one. What the playbook schema already refuses
(a list where a mapping is wanted, a required key that is absent) is noted as `structure` only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playbook_engine.model.span import Problem, Span
from playbook_engine.text.document import Document, Path, Value
from playbook_engine.text.nearest import nearest
from playbook_engine.text.scalars import kind_of, shown

STRUCTURE = "structure"
"""The code of a fault that `validate` explains better: dropped wherever it has found anything."""

NOUNS = {
    "accounts": "account",
    "calendars": "calendar",
    "departments": "department",
    "escalations": "ladder",
    "facts": "fact",
    "links": "link",
    "modes": "mode",
    "people": "person",
    "rules": "rule",
    "templates": "template",
}
"""Sections that name things, and what one of them is called."""


@dataclass
class Collector:
    """One document while it is compiled, and every problem found in it.

    `currencies` notes in which currency each action was first seen to be counted.
    """

    document: Document
    found: set[Problem] = field(default_factory=set)
    currencies: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the files."""
        return tuple(sorted(self.found))

    def top(self) -> Place:
        return Place(self, (), self.document.value)

    def section(self, name: str) -> Place:
        """A top-level section; one that is absent has nothing in it."""
        return Place(self, (name,), self.document.value.get(name))

    def entries(self, name: str) -> Iterator[Place]:
        """What stands in a top-level mapping; of one that is absent or empty, nothing."""
        section = self.section(name)
        return section.entries() if section.value is not None else iter(())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the playbook, as far as they can be read."""
        value = self.document.value.get("languages")
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()

    def names(self, section: str) -> tuple[str, ...]:
        """What a section names, whether or not it is named without fault."""
        value = self.document.value.get(section)
        return tuple(value) if isinstance(value, dict) else ()

    def texts(self, section: str) -> dict[str, str]:
        """The texts that a section holds, by name."""
        value = self.document.value.get(section)
        pairs = value.items() if isinstance(value, dict) else ()
        return {name: text for name, text in pairs if isinstance(text, str)}


@dataclass(frozen=True)
class Place:
    """One value of the document. Its methods read it, or complain and return what is empty."""

    collector: Collector
    path: Path
    value: Value

    @property
    def key(self) -> str:
        """The key, or the position in its list, under which the value stands."""
        return str(self.path[-1]) if self.path else ""

    @property
    def span(self) -> Span:
        return self.collector.document.span(*self.path)

    @property
    def key_span(self) -> Span:
        return self.collector.document.key_span(*self.path)

    @property
    def quoted(self) -> bool:
        return self.path in self.collector.document.quoted

    def refuse(self, code: str, message: str, known: Iterable[str] = (), word: str = "") -> None:
        """Complains about the value. `known` are the values that would do; the nearest to `word` is offered."""
        self._add(self.span, code, message, tuple(known), word)

    def refuse_key(self, code: str, message: str, known: Iterable[str] = (), word: str = "") -> None:
        """Complains about the key of the value."""
        self._add(self.key_span, code, message, tuple(known), word)

    def _add(self, span: Span, code: str, message: str, known: tuple[str, ...], word: str) -> None:
        near = nearest(word, known) if word else ""
        self.collector.found.add(Problem(span, code, message, known, near))

    def unfit(self, expected: str) -> None:
        """Complains that something of another shape stands here."""
        self.refuse(STRUCTURE, f"{expected} is wanted here, not {kind_of(self.value)}")

    def entry(self, key: str) -> Place | None:
        """The value under `key` of a mapping; None without one."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        return Place(self.collector, (*self.path, key), self.value[key])

    def need(self, key: str) -> Place | None:
        """The same, where the mapping must have the key."""
        found = self.entry(key)
        if found is None and isinstance(self.value, dict):
            self.refuse_key(STRUCTURE, f"`{key}` is missing here")
        elif found is None:
            self.unfit("a mapping")
        return found

    def entries(self) -> Iterator[Place]:
        """The values of a mapping."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield Place(self.collector, (*self.path, key), value)
        else:
            self.unfit("a mapping")

    def elements(self) -> Iterator[Place]:
        """The entries of a list."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Place(self.collector, (*self.path, index), value)
        else:
            self.unfit("a list")

    def one_or_more(self) -> Iterator[Place]:
        """The entries of a list, or the scalar that stands for a list of one."""
        if isinstance(self.value, str):
            yield self
        else:
            yield from self.elements()

    def text(self) -> str:
        """A scalar's source text."""
        if isinstance(self.value, str):
            return self.value
        self.unfit("a text")
        return ""

    def one_of(self, known: Iterable[str], code: str, noun: str) -> str:
        """A text out of a closed list; "" for any other."""
        text, legal = self.text(), tuple(known)
        if text in legal or not isinstance(self.value, str):
            return text
        self.refuse(code, f"`{shown(text)}` is not {noun}", legal, text)
        return ""

    def name_of(self, section: str) -> str:
        """The name of something that `section` holds; "" for any other."""
        text, legal = self.text(), self.collector.names(section)
        if text in legal or not isinstance(self.value, str):
            return text
        noun = NOUNS[section]
        message = f"no {noun} is called `{shown(text)}`"
        if not legal:
            message += f"; `{section}` holds none, add it there"
        self.refuse(f"unknown-{noun}", message, legal, text)
        return ""
