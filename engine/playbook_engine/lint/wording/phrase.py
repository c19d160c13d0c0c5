"""A phrase that a rule looks for in texts of one language, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_QUOTES = str.maketrans("’‘＇“”", "'''\"\"")
_EVERY = ""


@dataclass(frozen=True)
class Phrase:
    """`pattern` is a regular expression without regard to capitals; `language` is the text's, "" for every language.

    A space in the pattern stands for any run of white space, ` ?` for one that may be absent. `why` completes the
    message.
    """

    language: str
    pattern: str
    why: str


def phrases(language: str, why: str, *patterns: str) -> tuple[Phrase, ...]:
    """Several phrases of one language with one reason."""
    return tuple(Phrase(language, pattern, why) for pattern in patterns)


@dataclass(frozen=True)
class Hit:
    """A phrase found, as it stands in the text."""

    phrase: Phrase
    text: str
    start: int


def hits(phrases: tuple[Phrase, ...], text: str, languages: tuple[str, ...]) -> Iterator[Hit]:
    """Every stretch of the text that one of the phrases of these languages matches, the first phrase at each place."""
    own = frozenset((_EVERY, *(language.partition("-")[0].casefold() for language in languages)))
    searcher, spoken = _searcher(phrases, own)
    for found in searcher.finditer(text.translate(_QUOTES)):
        number = next(number for number in range(len(spoken)) if found[f"p{number}"] is not None)
        yield Hit(spoken[number], text[found.start() : found.end()], found.start())


@cache
def _searcher(phrases: tuple[Phrase, ...], languages: frozenset[str]) -> tuple[re.Pattern[str], tuple[Phrase, ...]]:
    spoken = tuple(phrase for phrase in phrases if phrase.language in languages)
    parts = (f"(?P<p{number}>{_loose(phrase.pattern)})" for number, phrase in enumerate(spoken))
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE), spoken


def _loose(pattern: str) -> str:
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")
