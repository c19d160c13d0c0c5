"""Phrases found in what customers read, as findings at the words themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playbook_engine.lint.finding import Beside, Edit, Fix, Found
from playbook_engine.lint.subject import Subject
from playbook_engine.lint.uses import Use
from playbook_engine.lint.wording.phrase import Hit, Phrase, hits
from playbook_engine.lint.wordings import Wording, place_of

MOST_BESIDE = 3
"""Places named beside a finding; a text may be said in dozens."""


def in_wordings(
    subject: Subject, wordings: Iterable[Wording], phrases: tuple[Phrase, ...]
) -> Iterator[tuple[Wording, Hit]]:
    """Every phrase in the texts, by the languages in which they are read."""
    for wording in wordings:
        for hit in hits(phrases, wording.source, wording.languages(subject.policy)):
            yield wording, hit


def at_words(
    subject: Subject,
    wording: Wording,
    words: str,
    message: str,
    help: str,
    uses: Iterable[Use] = (),
    severity: str = "",
    fix: Fix | None = None,
) -> Found:
    """A finding at the words of a text, with some of the places that say it."""
    span = place_of(subject.document, wording.path, words)
    return Found(wording.path, message, help, span=span, beside=said_by(uses), severity=severity, fix=fix)


def said_by(uses: Iterable[Use]) -> tuple[Beside, ...]:
    return tuple(Beside(use.path, "said here") for use in list(uses)[:MOST_BESIDE])


def replaced(subject: Subject, wording: Wording, words: str, by: str) -> Edit | None:
    """The edit that puts other words in their place; None where they are written otherwise in the file."""
    span = place_of(subject.document, wording.path, words)
    if span is None:
        return None
    return Edit(span.file, (span.line, span.column), (span.line, span.end_column), by)


def named(wording: Wording) -> str:
    """What people call a text, as `sorry` in `ja` for `x`."""
    language = f" in `{wording.language}`" if wording.language else ""
    return f"`{wording.template}`{language}" + (f" for `{wording.channel}`" if wording.channel else "")
