"""A playbook from disk: the files of its directory, its locked holidays, and everything wrong with them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from playbook_engine.errors import NoPolicy, StoreError, UsageError
from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Problem, Span
from playbook_engine.policy.compile.places import STRUCTURE
from playbook_engine.policy.compile.playbook import compile_policy, stood_for
from playbook_engine.policy.digest import canonical
from playbook_engine.policy.holidays import LOCK_FILE, HolidayLock, read_lock
from playbook_engine.policy.policy import Policy
from playbook_engine.resources import shipped
from playbook_engine.runtime.store import Store
from playbook_engine.text.document import Document
from playbook_engine.text.read import read
from playbook_engine.text.validate import validate

MOST_FILES = 500
MOST_BYTES = 8 << 20
"""Of all files of a playbook together; a playbook of 2,000 rules has a third of a megabyte."""

_NOT_READ = (".test.yaml", ".lock.yaml")
_ABSENCE = ("unknown-", "missing-", "unlocked-", "template")
"""How the codes of problems begin that may conclude something from what is not there."""


@dataclass(frozen=True)
class Loaded:
    """A playbook as far as it could be read. `policy` is None where `problems` say why.

    The keys of `document.lines` are the display names of the files, in order.
    """

    policy: Policy | None
    document: Document
    lock: HolidayLock
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Sources:
    """What a playbook is read from: the bytes of its files by their display names, and its locked holidays.

    `refused` says what was not read, and what is wrong with the lock.
    """

    files: Mapping[str, bytes]
    lock: HolidayLock
    refused: tuple[Problem, ...] = ()
    wrong_dates: tuple[Problem, ...] = ()


def load(path: Path | str, actions: Mapping[str, ActionSpec] | None = None, engine_mark: str = "") -> Loaded:
    """The playbook in a directory, or in a single file. Raises UsageError where there is none.

    A directory's playbook is every `*.yaml` in it and below but for tests, locks and what begins with a dot.
    """
    return load_sources(sources(path), actions, engine_mark)


def sources(path: Path | str) -> Sources:
    """The files of a playbook as they stand on disk. Raises UsageError where there is none."""
    path = Path(path)
    files, refused = _contents(path)
    lock, wrong_dates = _lock(path)
    return Sources(files, lock, tuple(refused), wrong_dates)


def load_sources(read: Sources, actions: Mapping[str, ActionSpec] | None = None, engine_mark: str = "") -> Loaded:
    """The playbook in files that were read."""
    loaded = load_texts(read.files, read.lock, actions, engine_mark, read.refused)
    problems = (*loaded.problems, *read.wrong_dates)
    return replace(loaded, policy=None if problems else loaded.policy, problems=problems)


def load_texts(
    files: Mapping[str, bytes],
    lock: HolidayLock,
    actions: Mapping[str, ActionSpec] | None = None,
    engine_mark: str = "",
    refused: Iterable[Problem] = (),
) -> Loaded:
    """The playbook in the contents of files, by their display names; `refused` says what was not read.

    Each fault is told once: at a place that the schema complains of, nothing else is said, and while a file
    could not be read, nothing is concluded from what is absent.
    """
    document, unreadable = read(files)
    unread = [*refused, *unreadable]
    faults = [*unread, *validate(document, playbook_schema())]
    policy, problems = compile_policy(document, lock, actions or {}, engine_mark)
    explained = {_begin(problem) for problem in faults}
    faults += [
        problem
        for problem in problems
        if _begin(problem) not in explained
        and not (faults and problem.code == STRUCTURE)
        and not (unread and problem.code.startswith(_ABSENCE))
    ]
    order = {file: number for number, file in enumerate(document.lines)}
    ordered = sorted(set(faults), key=lambda problem: (order.get(problem.span.file, len(order)), problem))
    return Loaded(None if ordered else policy, document, lock, tuple(ordered))


def kept_text(loaded: Loaded) -> str:
    """What a store keeps of a playbook: all that its digest is the SHA-256 of, "" where it has problems."""
    return stood_for(loaded.document, loaded.lock, loaded.policy).decode() if loaded.policy is not None else ""


def recompiled(text: str, name: str, actions: Mapping[str, ActionSpec], engine_mark: str = "") -> Policy | None:
    """The policy of a text that a store keeps; its places stand in `name`. None where it has problems.

    Holidays and the specs of its actions are those of then; `actions` are those that plugins offer now. In canonical
    text all that was written is in quotes, so they say nothing of what a value is.
    """
    try:
        written = json.loads(text)
        lock = HolidayLock(
            {
                region: {date.fromisoformat(day): name for day, name in dates.items()}
                for region, dates in written["lock"]["holidays"].items()
            }
        )
        specs = {name: _spec(said) for name, said in written["actions"].items()}
        document, problems = read({name: canonical(written["playbook"])})
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    policy, more = compile_policy(replace(document, quoted=frozenset()), lock, {**actions, **specs}, engine_mark)
    return None if problems or more else policy


def _spec(said: Mapping[str, Any]) -> ActionSpec:
    return ActionSpec(
        name=said["name"],
        parameters=said["parameters"],
        main=said["main"],
        effects=tuple(said["effects"]),
        channels=tuple(said["channels"]),
        idempotent=said["idempotent"],
    )


def _begin(problem: Problem) -> tuple[str, int, int]:
    return problem.span.file, problem.span.line, problem.span.column


@cache
def playbook_schema() -> Mapping[str, object]:
    """The JSON Schema of a playbook that ships with the engine."""
    schema = json.loads((shipped("schemas") / "playbook.schema.json").read_text("utf-8"))
    assert isinstance(schema, dict)
    return schema


def _contents(path: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """The bytes of every file by its display name, and what was not read and why."""
    problems: list[Problem] = []
    if path.is_dir():
        files = list(_files(path, path.resolve(), problems))
    elif path.is_file():
        files = [path]
    else:
        raise UsageError(f"`{path}` is not there; name a directory of YAML files, or one YAML file")
    if not files and not problems:
        raise UsageError(f"`{path}` holds no playbook; its files end in .yaml")
    found: dict[str, bytes] = {}
    room = MOST_BYTES
    for number, file in enumerate(files):
        if number >= MOST_FILES or room < 0:
            problems.append(Problem(Span(file.as_posix()), "too-large", _too_large(number)))
            break
        content = _read(file, problems)
        room -= len(content)
        found[file.as_posix()] = content
    return found, problems


def _too_large(number: int) -> str:
    bounds = f"a playbook has at most {MOST_FILES} files and {MOST_BYTES} bytes"
    return f"{bounds}; nothing was read from file {number + 1} on; split it in two, or move what is no playbook"


def _read(file: Path, problems: list[Problem]) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        problems.append(Problem(Span(file.as_posix()), "unreadable", f"this file cannot be read: {why}"))
        return b""


def _files(folder: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    """The playbook's files below a folder, by name. Links that lead out of the root are refused."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        why = error.strerror or type(error).__name__
        problems.append(Problem(Span(folder.as_posix()), "unreadable", f"this folder cannot be read: {why}"))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if os.path.isdir(entry) and entry.is_symlink():
            problems.append(_refused(entry, "is a link to a folder; put the files themselves here"))
        elif os.path.isdir(entry):
            yield from _files(entry, root, problems)
        elif entry.name.endswith(".yml"):
            problems.append(_refused(entry, f"is not read; rename it to {entry.stem}.yaml"))
        elif not entry.name.endswith(".yaml") or entry.name.endswith(_NOT_READ):
            continue
        elif not entry.resolve().is_relative_to(root):
            problems.append(_refused(entry, "is a link out of the playbook; put the file itself here"))
        else:
            yield entry


def _refused(entry: Path, why: str) -> Problem:
    return Problem(Span(entry.as_posix()), "not-read", f"`{entry.name}` {why}")


def _lock(path: Path) -> tuple[HolidayLock, tuple[Problem, ...]]:
    """The locked holidays beside the playbook; of a playbook without a lock, none."""
    file = (path if path.is_dir() else path.parent) / LOCK_FILE
    if not file.is_file():
        return HolidayLock(), ()
    problems: list[Problem] = []
    document, unreadable = read({file.as_posix(): _read(file, problems)})
    lock, wrong = read_lock(document)
    return lock, (*problems, *unreadable, *wrong)


def policies_kept(store: Store, actions: Mapping[str, ActionSpec]) -> Callable[[str], Policy]:
    """Makes the policy of a digest from the text that the store keeps of it.

    That raises NoPolicy where there is none or it cannot be compiled here, and StoreError where the text is not what
    the digest stands for.
    """

    @cache
    def policy_of(digest: str) -> Policy:
        text = store.policy(digest)
        if not text:
            raise NoPolicy(f"the store keeps no text of the policy {digest}")
        if sha256(text.encode()).hexdigest() != digest:
            raise StoreError(f"the text of the policy {digest} is not the one that this digest stands for")
        policy = recompiled(text, f"policy {digest[:12]}", actions)
        if policy is None or policy.digest != digest:
            raise NoPolicy(f"the policy {digest} cannot be compiled by this release and its plugins")
        return policy

    return policy_of
