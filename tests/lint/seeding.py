"""Defects planted in valid playbooks, one at a random place, each with the rule that has to find it and the line.

A kind of defect is one function with `@defect(CODE)`: it is given chance and a playbook, and gives the playbook with
one defect, or None where it can hold none of this kind. More kinds stand in modules beside this one.
"""

from __future__ import annotations

import random  # noqa: TID251 - a seed makes every planting the same again
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as File

from lint.linting import BASE, base_lock, subject_of
from playbook_engine.lint.subject import Subject
from playbook_engine.policy.holidays import LOCK_FILE, HolidayLock, read_lock
from playbook_engine.text.document import Path, Value
from playbook_engine.text.read import read

PLAYBOOKS = File(__file__).parents[2] / "playbooks"


@dataclass(frozen=True)
class Planted:
    """A playbook with one defect, and the line (from 1) where it is to be found."""

    files: dict[str, bytes]
    file: str
    line: int


@dataclass(frozen=True)
class Kind:
    """A kind of defect: the rule that finds it, and what plants it."""

    code: str
    name: str
    plant: Callable[[random.Random, Playbook], Planted | None]


KINDS: list[Kind] = []

Planter = Callable[[random.Random, "Playbook"], Planted | None]


def defect(code: str) -> Callable[[Planter], Planter]:
    """Adds a function to the kinds of defects, with the rule that has to find them."""

    def add(plant: Planter) -> Planter:
        KINDS.append(Kind(code, plant.__name__.replace("_", " "), plant))
        return plant

    return add


@dataclass(frozen=True)
class Playbook:
    """A valid playbook as its files, and where each of its values stands."""

    name: str
    files: dict[str, bytes]
    lock: HolidayLock

    @cached_property
    def subject(self) -> Subject:
        return subject_of(self.files, lock=self.lock)

    def paths(self, pattern: str, *, keys: bool = False) -> list[Path]:
        """Places of values that stand on one line, by a pattern such as `route/*/to` or `templates/**`.

        `*` is one step and `**` one or more. With `keys` those whose key can be changed, whatever the value.
        """
        form = re.escape(pattern).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
        spans = self.subject.document.key_spans if keys else self.subject.document.spans
        found = [path for path in spans if re.fullmatch(form, "/".join(map(str, path)))]
        return found if keys else [path for path in found if self.is_whole(path)]

    def value(self, path: Path) -> Value:
        return self.subject.value(*path)

    def is_whole(self, path: Path) -> bool:
        """Whether a value begins and ends on one line."""
        said, value = self.said(path), self.value(path)
        if isinstance(value, str):
            return said[:1] not in ("|", ">") and (said[:1] not in "'\"" or (len(said) > 1 and said[-1] == said[0]))
        return bool(said) and (said[0], said[-1]) in (("{", "}"), ("[", "]"))

    def said(self, path: Path) -> str:
        """The text of a value, as far as it stands on its first line."""
        span = self.subject.document.span(*path)
        return self.line(span.file, span.line)[span.column - 1 : span.end_column - 1]

    def line(self, file: str, number: int) -> str:
        return self.subject.document.lines[file][number - 1]

    def put(self, path: Path, text: str, *, key: bool = False) -> Planted:
        """The playbook with another text in place of a value, or of its key."""
        document = self.subject.document
        span = document.key_spans[path] if key else document.spans[path]
        return self.changed(span.file, span.line, span.column, span.end_column, text)

    def drop(self, path: Path) -> Planted | None:
        """The playbook without an entry of a mapping; found where the mapping begins. None for the last of one."""
        document = self.subject.document
        held = self.value(path[:-1])
        key, begin = document.key_spans[path], document.span(*path[:-1])
        if not isinstance(held, dict) or len(held) < 2 or not self.is_whole(path) or key.file != begin.file:
            return None
        line, end = self.line(key.file, key.line), document.spans[path].end_column - 1
        before, after = line[: key.column - 1], line[end:]
        if after[:1] == ",":
            changed = before + after[1:].lstrip(" ")
        elif before.rstrip().endswith(","):
            changed = before.rstrip()[:-1] + after
        elif before.strip() or after.strip() or key.line == begin.line:
            return None
        else:
            changed = "#"
        return Planted(self.with_line(key.file, key.line, changed), begin.file, begin.line)

    def changed(self, file: str, line: int, begin: int, end: int, text: str) -> Planted:
        """The playbook with columns `begin` (from 1) to `end` (excluded) of a line replaced."""
        before = self.line(file, line)
        return Planted(self.with_line(file, line, before[: begin - 1] + text + before[end - 1 :]), file, line)

    def with_line(self, file: str, number: int, text: str) -> dict[str, bytes]:
        lines = list(self.subject.document.lines[file])
        lines[number - 1] = text
        return {**self.files, file: ("\n".join(lines) + "\n").encode()}

    def with_row(self, section: str, index: int, text: str) -> Planted:
        """The playbook with a row more before the one at `index`, which there must be."""
        span = self.subject.document.span(section, index)
        indent = self.line(span.file, span.line)[: span.column - 1]
        assert indent.strip() == "-", (self.name, section, index)
        lines = list(self.subject.document.lines[span.file])
        lines.insert(span.line - 1, f"{indent}{{{text}}}")
        return Planted({**self.files, span.file: ("\n".join(lines) + "\n").encode()}, span.file, span.line)

    def channel(self, chance: random.Random) -> str:
        """A platform of which the playbook has an account."""
        return chance.choice(sorted({each.platform for each in self.subject.policy.accounts.values()}))

    def with_more(self, text: str) -> Planted:
        """The playbook with a file more, found on its first line."""
        return Planted({**self.files, "zz-more.yaml": text.encode()}, "zz-more.yaml", 1)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that stands anywhere, so that a misspelt one can be none of them."""
        return frozenset(re.findall(r"[\w.:-]+", b"\n".join(self.files.values()).decode()))

    def misspelt(self, chance: random.Random, word: str) -> str:
        """The word with two letters swapped, one doubled or one left out, such that nothing is called so."""
        for _ in range(50):
            at = chance.randrange(1, max(2, len(word)))
            pair = word[at - 1 : at + 1]
            wrong = chance.choice(
                (word[: at - 1] + pair[::-1] + word[at + 1 :], word[:at] + word[at - 1 :], word[:at] + word[at + 1 :])
            )
            if wrong not in self.words and wrong.strip("-.") == wrong and wrong:
                return wrong
        return word + "-x"

    def put_misspelt(self, chance: random.Random, *patterns: str, keys: bool = False) -> Planted | None:
        """The playbook with one name misspelt where one of the patterns finds it."""
        found = [path for pattern in patterns for path in self.paths(pattern, keys=keys)]
        found = [path for path in found if keys or isinstance(self.value(path), str)]
        if not found:
            return None
        path = chance.choice(found)
        word = str(path[-1]) if keys else str(self.value(path))
        wrong = self.misspelt(chance, word)
        return self.put(path, f'"{wrong}"' if ":" in wrong else wrong, key=keys)

    def put_one(self, chance: random.Random, pattern: str, text: str, when: str = ".*") -> Planted | None:
        """The playbook with a text in place of one of the values that a pattern finds and whose text looks so."""
        found = [path for path in self.paths(pattern) if re.fullmatch(when, self.said(path))]
        return self.put(chance.choice(found), text) if found else None

    def drop_one(self, chance: random.Random, pattern: str) -> Planted | None:
        dropped = [planted for path in self.paths(pattern) if (planted := self.drop(path)) is not None]
        return chance.choice(dropped) if dropped else None


def playbooks() -> list[Playbook]:
    """The base of the tests, and the three that are shipped."""
    found = [Playbook("base", {"playbook.yaml": BASE.encode()}, base_lock())]
    for folder in sorted(each for each in PLAYBOOKS.iterdir() if each.is_dir()):
        files = sorted(each for each in folder.rglob("*.yaml") if not each.name.endswith((".lock.yaml", ".test.yaml")))
        texts = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
        found.append(Playbook(folder.name, texts, _lock(folder / LOCK_FILE)))
    return found


def _lock(file: File) -> HolidayLock:
    return read_lock(read({LOCK_FILE: file.read_bytes()})[0])[0] if file.is_file() else HolidayLock()
