"""A playbook from disk: the files of its directory, its locked holidays, and everything wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from playbook_engine.errors import NoPolicy, StoreError
from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Problem
from playbook_engine.policy.compile.places import STRUCTURE
from playbook_engine.policy.compile.playbook import compile_policy, stood_for
from playbook_engine.policy.digest import canonical
from playbook_engine.policy.holidays import HolidayLock, read_lock
from playbook_engine.policy.policy import Policy
from playbook_engine.resources import shipped
from playbook_engine.runtime.playbook_files import contents, lock_content
from playbook_engine.runtime.store import Store
from playbook_engine.text.document import Document
from playbook_engine.text.read import read
from playbook_engine.text.validate import validate

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
    files, refused = contents(path)
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


def _lock(path: Path) -> tuple[HolidayLock, tuple[Problem, ...]]:
    """The locked holidays beside the playbook; of a playbook without a lock, none."""
    problems: list[Problem] = []
    content = lock_content(path, problems)
    if not content:
        return HolidayLock(), ()
    document, unreadable = read(content)
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
