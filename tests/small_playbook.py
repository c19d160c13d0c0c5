"""A small valid playbook, and what becomes of it when some of its text is replaced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Problem
from playbook_engine.policy.holidays import LOCK_FILE, HolidayLock, read_lock
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.playbooks import Loaded, load_texts
from playbook_engine.text.read import read

FOLDER = Path(__file__).parent / "cases" / "shop"
FILE = "shop.yaml"
SMALL = (FOLDER / FILE).read_text("utf-8")


def edited(*edits: tuple[str, str]) -> str:
    """The small playbook with texts replaced, each of which stands in it exactly once."""
    text = SMALL
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the small playbook"
        text = text.replace(old, new)
    return text


def holiday_lock() -> HolidayLock:
    lock, problems = read_lock(read({LOCK_FILE: (FOLDER / LOCK_FILE).read_bytes()})[0])
    assert not problems
    return lock


def loaded(text: str, actions: Mapping[str, ActionSpec] | None = None) -> Loaded:
    return load_texts({FILE: text.encode()}, holiday_lock(), actions)


def policy_of(text: str, actions: Mapping[str, ActionSpec] | None = None) -> Policy:
    found = loaded(text, actions)
    assert found.policy is not None, found.problems
    return found.policy


def blamed(problem: Problem, text: str) -> str:
    """The text that a problem points at."""
    line = text.splitlines()[problem.span.line - 1]
    return line[problem.span.column - 1 : problem.span.end_column - 1]
