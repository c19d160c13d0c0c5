"""Whatever is done to a playbook, compiling it ends, with a policy or with reasons."""

from __future__ import annotations

import copy
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_engine.policy.compile.places import STRUCTURE
from playbook_engine.policy.compile.playbook import compile_policy
from playbook_engine.policy.holidays import LOCK_FILE, read_lock
from playbook_engine.runtime.playbooks import load_texts, playbook_schema
from playbook_engine.text.document import Document, Path, Value
from playbook_engine.text.read import read
from playbook_engine.text.validate import validate
from small_playbook import FILE, SMALL, holiday_lock

WHOLE, _ = read({FILE: SMALL.encode()})
LOCK = holiday_lock()
PLACES: list[Path] = sorted((path for path in WHOLE.spans if path), key=str)
WORDS = sorted(
    {word.strip("{}[],:\"'") for word in SMALL.split()}
    | {
        "always",
        "none",
        "by_hand",
        "0h",
        "1d",
        "0",
        "-1",
        "true",
        "100%",
        "1 JPY",
        "9.99 USD",
        "",
        "{{",
        "~",
        "祝",
        "a:b",
    }
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.sampled_from(WORDS) | st.text(max_size=4),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.sampled_from(WORDS), held, max_size=3),
    max_leaves=4,
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["drop", "put", "copy", "rename"]), st.sampled_from(PLACES), VALUES, st.sampled_from(PLACES)
    ),
    min_size=1,
    max_size=4,
)
"""What is done, where, and with which value or with what stands where else."""

Change = tuple[str, Path, Value, Path]


def at(value: Value, path: Path) -> Value:
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def changed(changes: list[Change]) -> Document:
    value = copy.deepcopy(WHOLE.value)
    for kind, path, new, other in changes:
        if kind == "copy":
            new = copy.deepcopy(at(value, other))
        change(value, kind, path, new)
    return replace(WHOLE, value=value)


def change(value: dict[str, Value], kind: str, path: Path, new: Value) -> None:
    """Changes what stands at a path, where it still stands there."""
    outer, step = at(value, path[:-1]), path[-1]
    if isinstance(outer, list) and isinstance(step, int) and step < len(outer):
        outer[step : step + 1] = [] if kind == "drop" else [new]
    elif isinstance(outer, dict) and isinstance(step, str) and step in outer:
        held = outer.pop(step)
        if kind == "rename":
            outer[str(new)] = held
        elif kind != "drop":
            outer[step] = new


@given(CHANGES)
@settings(max_examples=60)
def test_a_changed_document_gives_a_policy_or_reasons(changes: list[Change]) -> None:
    policy, problems = compile_policy(changed(changes), LOCK, {})
    assert (policy is None) == bool(problems)
    assert list(problems) == sorted(set(problems))


@given(CHANGES)
@settings(max_examples=60)
def test_what_the_schema_lets_pass_is_explained_in_words_of_its_own(changes: list[Change]) -> None:
    document = changed(changes)
    if validate(document, playbook_schema()):
        return
    _, problems = compile_policy(document, LOCK, {})
    assert [problem for problem in problems if problem.code == STRUCTURE] == []


@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.sampled_from(WORDS) | st.text(max_size=6))
@settings(max_examples=60)
def test_a_text_with_a_piece_replaced_never_ends_the_loader(start: int, length: int, piece: str) -> None:
    text = SMALL[:start] + piece + SMALL[start + length :]
    found = load_texts({FILE: text.encode("utf-8", "replace")}, LOCK)
    assert (found.policy is None) == bool(found.problems)


@given(VALUES)
@settings(max_examples=50)
def test_any_document_at_all_is_a_lock_or_has_reasons(value: Value) -> None:
    document, _ = read({LOCK_FILE: b""})
    lock, problems = read_lock(replace(document, value={"JP": value}))
    assert problems or lock.dates("JP") is not None
