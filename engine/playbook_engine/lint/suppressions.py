"""What a playbook asks lint not to say: comments and entries under `lint.ignore`, each with a reason, a person, an end.

A comment covers the smallest part with a name that it stands in or right above; an entry names the part. Both silence
a finding at any of its places. What lacks a reason, is over or names a locked rule silences nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from playbook_engine.lint.comments import Comment, comments
from playbook_engine.lint.nodes import node_name
from playbook_engine.model.span import Span
from playbook_engine.text.document import Path

if TYPE_CHECKING:
    from playbook_engine.lint.subject import Subject

LONGEST_DAYS = 180
"""How far ahead a suppression may end."""

_DIRECTIVE = re.compile(r"playbook\s*:\s*(?P<rest>.*)")
_IGNORE = re.compile(r"ignore\[(?P<codes>[^\]]*)\](?P<fields>.*)")
_FIELD = re.compile(r"\s+(?P<name>[a-z_]+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>\S+))")
_CODE = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True)
class Suppression:
    """One wish that findings of `codes` at `node` be not reported. `until` is the last day it holds, as written.

    `wrong` is what keeps it from being understood at all: "" for most. `path` is where it is written, () for a comment.
    """

    codes: tuple[str, ...]
    node: str
    reason: str
    by: str
    until: str
    span: Span
    path: Path = ()
    wrong: str = ""

    @property
    def last_day(self) -> date | None:
        """`until` as a date; None for anything else."""
        try:
            return date.fromisoformat(self.until)
        except ValueError:
            return None

    def missing(self) -> tuple[str, ...]:
        """Which of reason, person and end are not given."""
        given = {"reason": self.reason, "by": self.by, "until": self.last_day}
        return tuple(name for name, value in given.items() if not value)

    def days_left(self, now: int) -> int:
        """Days until it ends, at `now` (ms UTC); below 0 when it is over, 0 without an end."""
        return (self.last_day - day_of(now)).days if self.last_day is not None else 0

    def holds(self, now: int) -> bool:
        """Whether it is complete and not over."""
        return not self.wrong and not self.missing() and 0 <= self.days_left(now) <= LONGEST_DAYS


def day_of(now: int) -> date:
    """The day in UTC."""
    return datetime.fromtimestamp(now / 1000, UTC).date()


def suppressions(subject: Subject) -> tuple[Suppression, ...]:
    """Every one of a playbook, in the order of the files."""
    return (*_written_as_comments(subject), *_written_as_entries(subject))


def _written_as_comments(subject: Subject) -> Iterator[Suppression]:
    for file, lines in subject.document.lines.items():
        for comment in comments(lines):
            said = _DIRECTIVE.match(comment.text)
            if said is not None:
                yield _of_comment(subject, file, comment, said["rest"].strip())


def _of_comment(subject: Subject, file: str, comment: Comment, said: str) -> Suppression:
    span = Span(file, comment.line, comment.column, comment.column + len(comment.written))
    node = node_name(subject.document, subject.part_at(file, comment.covers))
    found = _IGNORE.fullmatch(said)
    if found is None:
        return Suppression((), node, "", "", "", span, wrong=f"`{said}` is nothing that can be asked of lint")
    codes = tuple(code.strip() for code in found["codes"].split(",") if code.strip())
    fields = {each["name"]: each["quoted"] or each["bare"] or "" for each in _FIELD.finditer(found["fields"])}
    left = _FIELD.sub("", found["fields"]).strip()
    unknown = next((name for name in fields if name not in ("reason", "by", "until")), left)
    odd = next((code for code in codes if not _CODE.fullmatch(code)), "")
    wrong = f"`{unknown}` is not understood" if unknown else f"`{odd}` is no code of a rule" if odd else ""
    wrong = wrong or ("" if codes else "no rule is named between the brackets")
    return Suppression(
        codes, node, fields.get("reason", ""), fields.get("by", ""), fields.get("until", ""), span, wrong=wrong
    )


def _written_as_entries(subject: Subject) -> Iterator[Suppression]:
    entries = subject.value("lint", "ignore")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict):
            continue
        path = ("lint", "ignore", index)
        said = {key: value for key, value in entry.items() if isinstance(value, str)}
        node = said.get("at", "")
        wrong = "" if node in subject.parts else f"nothing in this playbook is called `{node}`"
        yield Suppression(
            (said.get("code", ""),),
            node,
            said.get("reason", ""),
            said.get("by", ""),
            said.get("until", ""),
            subject.document.span(*path, "at" if wrong else "code"),
            path,
            wrong,
        )
