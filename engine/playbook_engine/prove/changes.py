"""What is written otherwise in a playbook, in its own terms: which entry, by its id, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy, Row
from playbook_engine.prove._content import content

What: TypeAlias = Literal["added", "removed", "changed", "moved"]

_LISTS = ("ignore", "classify", "route", "targets", "respond", "rules", "limits", "proofs")
_MAPPINGS = ("facts", "calendars", "people", "departments", "accounts", "templates", "links", "ladders", "modes")
_SINGLE = (
    *("name", "timezone", "languages", "fallback", "human_only", "reopen_within", "close_after", "answer_within_max"),
    *("undecided", "renamed", "owner", "approved_by", "review_by"),
)
_WRITTEN = {
    **{"ladders": "escalations", "proofs": "prove", "name": "playbook", "reopen_within": "incidents.reopen_within"},
    **{"close_after": "incidents.close_after", "answer_within_max": "answer_within"},
}
"""The keys of a playbook that are named otherwise here."""


@dataclass(frozen=True)
class Change:
    """One entry that is `what`. `place` is where it stands in the new playbook, or stood in the old; None for some."""

    section: str
    id: str
    what: What
    place: Span | None = None


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Every entry that is written otherwise, section by section."""
    return tuple(_changes(old, new))


def _changes(old: Policy, new: Policy) -> Iterator[Change]:
    for name in _SINGLE:
        if content(getattr(old, name)) != content(getattr(new, name)):
            yield Change(_WRITTEN.get(name, name), "", "changed")
    for section in _MAPPINGS:
        mine, theirs = getattr(old, section), getattr(new, section)
        yield from _entries(_WRITTEN.get(section, section), mine, theirs)
    for section in _LISTS:
        mine, theirs = ({row.id: row for row in getattr(policy, section)} for policy in (old, new))
        yield from _entries(_WRITTEN.get(section, section), mine, theirs)
        yield from _moved(section, mine, theirs)
    for name in dict.fromkeys((*old.departments, *new.departments)):
        own = [policy.departments[name].respond if name in policy.departments else () for policy in (old, new)]
        mine, theirs = ({row.id: row for row in listed} for listed in own)
        yield from _entries(f"departments.{name}.respond", mine, theirs)
        yield from _moved(f"departments.{name}.respond", mine, theirs)


def _entries(section: str, mine: Mapping[str, object], theirs: Mapping[str, object]) -> Iterator[Change]:
    for name in dict.fromkeys((*mine, *theirs)):
        if name not in theirs:
            yield Change(section, name, "removed", _place(mine[name]))
        elif name not in mine:
            yield Change(section, name, "added", _place(theirs[name]))
        elif content(mine[name], ("respond",)) != content(theirs[name], ("respond",)):
            yield Change(section, name, "changed", _place(theirs[name]))


def _moved(section: str, mine: Mapping[str, Row], theirs: Mapping[str, Row]) -> Iterator[Change]:
    """The entries of a list that stand elsewhere among those that are in both."""
    before, after = [name for name in mine if name in theirs], [name for name in theirs if name in mine]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = {name for block in matcher.get_matching_blocks() for name in before[block.a : block.a + block.size]}
    yield from (Change(section, name, "moved", _place(theirs[name])) for name in after if name not in kept)


def _place(entry: object) -> Span | None:
    place = getattr(entry, "span", None)
    return place if isinstance(place, Span) else None
