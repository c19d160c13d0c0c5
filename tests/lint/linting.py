"""Playbooks for the tests of lint: a complete one, and parts laid over it."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from pathlib import Path

from playbook_engine.lint.baseline import Known
from playbook_engine.lint.catalogue import built_in
from playbook_engine.lint.finding import Finding
from playbook_engine.lint.history import Arrival, History
from playbook_engine.lint.lint import Selection, lint
from playbook_engine.lint.subject import Subject
from playbook_engine.model.action import ActionSpec
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.holidays import HolidayLock, read_lock
from playbook_engine.registry import Registry
from playbook_engine.runtime.playbooks import load_texts
from playbook_engine.text.read import read

HERE = Path(__file__).parent
BASE = (HERE / "base.yaml").read_text("utf-8")
NOW = 1_795_600_000_000
"""In November 2026: the base playbook's review is not due, and its holidays are locked far ahead."""

OF_A_PLUGIN = {"hide": ActionSpec("hide", effects=("suppresses",), sentence="hides what somebody wrote")}
"""Beside the built-in actions: what a stranger's plugin might offer."""

MORNING = History.of([Arrival(1_795_654_800_000 + n * 3_000, "x:suzuran") for n in range(20)], pace=30)
"""Twenty messages within a minute, on a Thursday from ten in the morning on."""

sys.path.append(str(HERE.parents[1] / "docs"))
_overlay = importlib.import_module("overlay")


@cache
def base_lock() -> HolidayLock:
    lock, problems = read_lock(read({"holidays.lock.yaml": (HERE / "base.lock.yaml").read_bytes()})[0])
    assert not problems
    return lock


@cache
def registry() -> Registry:
    return Registry.build(third_party=False)


def laid_over(fragment: str) -> dict[str, bytes]:
    """The base playbook with a fragment of another laid over it."""
    files: dict[str, bytes] = _overlay.lay_over(BASE, fragment)
    return files


def subject_of(files: dict[str, bytes], now: int = NOW, lock: HolidayLock | None = None) -> Subject:
    actions = {**registry().actions, **OF_A_PLUGIN, **ACTIONS}
    loaded = load_texts(files, lock or base_lock(), actions)
    codes = frozenset(name for rule in built_in() for name in (rule.code, rule.name))
    return Subject(loaded.document, loaded.policy, loaded.problems, loaded.lock, now, actions, codes, history=MORNING)


def findings(
    fragment: str, profile: str = "audit", only: tuple[str, ...] = (), baseline: tuple[Known, ...] = ()
) -> tuple[Finding, ...]:
    """What lint says of the base playbook with a fragment laid over it."""
    return lint(subject_of(laid_over(fragment)), built_in(), Selection(profile, frozenset(only)), baseline).findings
