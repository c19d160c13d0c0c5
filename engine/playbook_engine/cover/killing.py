"""Every mutant put to the tests: the first that fails kills it. Of those that live it is asked whether they differ."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from playbook_engine.cover.alike import Alike
from playbook_engine.cover.mutant import Mutant
from playbook_engine.cover.mutants import mutants
from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.playbooks import Loaded
from playbook_engine.scenario.judging import judge
from playbook_engine.scenario.reading import Source, read_suite
from playbook_engine.scenario.suite import ForAll, Test

KILLED, EQUIVALENT, SURVIVED = "killed", "equivalent", "survived"
SINCE = 1_767_225_600_000
"""2026-01-01: proofs speak of the year from here on."""


@dataclass(frozen=True)
class Known:
    """A test that passes, as coverage has seen it: its file, its name, the keys it covers and its seconds."""

    file: str
    name: str
    covered: frozenset[str]
    seconds: float


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: `killed` (by the test named), `equivalent` or `survived`."""

    said: str
    span: Span | None
    outcome: str
    by: str = ""


class Killer:
    """One playbook with all its mutants and the tests that pass on it."""

    def __init__(self, loaded: Loaded, tests: Sequence[tuple[Test, Known]]) -> None:
        assert loaded.policy is not None
        self.policy = loaded.policy
        self.mutants = mutants(self.policy, {**loaded.document.spans, **loaded.document.key_spans})
        self._tests = sorted(tests, key=lambda each: (isinstance(each[0].body, ForAll), each[1].seconds))
        self._alike: Alike | None = None

    def fate(self, mutant: Mutant) -> Fate:
        """Of one mutant, by all the tests where none notices it."""
        changed = mutant.change(self.policy)
        for test, known in self._nearest_first(mutant):
            if _fails(changed, _changed(test, mutant)):
                return Fate(mutant.said, mutant.span, KILLED, f"{known.file}::{known.name}")
        if self._alike is None:
            self._alike = Alike(self.policy, SINCE, self.mutants)
        return Fate(mutant.said, mutant.span, EQUIVALENT if self._alike.proved(mutant) else SURVIVED)

    def _nearest_first(self, mutant: Mutant) -> list[tuple[Test, Known]]:
        """Tests that touched what is changed come before all others, claims for every message last."""

        def far(each: tuple[Test, Known]) -> tuple[bool, bool]:
            touched = any(key.startswith(mutant.key) for key in each[1].covered)
            return isinstance(each[0].body, ForAll), not touched

        return sorted(self._tests, key=far)


def _changed(test: Test, mutant: Mutant) -> Test:
    """The test, of which a claim is made of the mutant, too."""
    if isinstance(test.body, ForAll):
        return replace(test, body=replace(test.body, policy=mutant.change(test.body.policy)))
    return test


def _fails(policy: Policy, test: Test) -> bool:
    """Whether the test fails; what does not even run fails as well."""
    try:
        return not judge(policy, test).passed
    except Exception:
        return True


def fates(source: Callable[[], Source], playbook: str, known: Sequence[Known], processes: int) -> Iterator[Fate]:
    """What becomes of every mutant of the playbook at a path, in order. `source` must be importable by its name."""
    killer = _killer(source(), playbook, known)
    if processes == 1:
        yield from (killer.fate(mutant) for mutant in killer.mutants)
        return
    spawning = multiprocessing.get_context("spawn")
    told = (source, playbook, tuple(known))
    with ProcessPoolExecutor(processes, spawning, initializer=_begin, initargs=told) as pool:
        yield from pool.map(_fate, range(len(killer.mutants)), chunksize=4)


_here: dict[str, Killer] = {}
"""In a process of the pool: the one playbook it works at."""


def _begin(source: Callable[[], Source], playbook: str, known: tuple[Known, ...]) -> None:
    _here["it"] = _killer(source(), playbook, known)


def _fate(number: int) -> Fate:
    killer = _here["it"]
    return killer.fate(killer.mutants[number])


def _killer(source: Source, playbook: str, known: Sequence[Known]) -> Killer:
    named: Mapping[tuple[str, str], Known] = {(each.file, each.name): each for each in known}
    tests = [
        (test, named[file, test.name])
        for file in dict.fromkeys(each.file for each in known)
        for test in read_suite(Path(file), source).tests
        if (file, test.name) in named
    ]
    return Killer(source.load(Path(playbook)), tests)


def score(found: Sequence[Fate]) -> float:
    """Killed of all that differ, in percent with one digit, never rounded up; 100 where none differs."""
    counted = [each for each in found if each.outcome != EQUIVALENT]
    return 1000 * sum(each.outcome == KILLED for each in counted) // len(counted) / 10 if counted else 100.0
