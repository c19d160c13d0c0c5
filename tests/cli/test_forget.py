"""`playbook forget` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audited import MINIMAL, call
from playbook_engine.runtime.store import open_store


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    path = tmp_path / "kept.db"
    events = ["--events", MINIMAL / "events.jsonl", "--clock", "events", "--until", "+2d", "--quiet"]
    assert call("run", MINIMAL, *events, "--store", f"sqlite:{path}").exit_code in (0, 1)
    return path


def test_a_person_is_named_by_channel_and_handle(ran: Path) -> None:
    assert b"jasmine tin" in ran.read_bytes()
    result = call("forget", "x:Leaf_and_Letter", "--store", ran)

    assert (result.exit_code, result.output.startswith("forgotten: 1 incidents, ")) == (0, True)
    assert b"jasmine tin" not in ran.read_bytes()
    assert b"leaf_and_letter" not in ran.read_bytes().lower()


def test_afterwards_the_audit_is_fine_and_says_what_is_gone(ran: Path) -> None:
    call("forget", "x:leaf_and_letter", "--store", ran)
    result = call("audit", "verify", ran)

    assert result.exit_code == 0
    assert "texts are gone in 1 incident: 608cb63715db5b1f" in result.output
    assert "made again from what the record says was read, the texts being gone" in result.output


def test_a_decision_about_a_forgotten_text_is_not_explained_as_if_it_had_been_empty(ran: Path) -> None:
    words = ["explain", MINIMAL, "--store", ran, "--decision", "plain:x/lanterntea#l01"]
    assert call(*words).exit_code == 0
    call("forget", "x:leaf_and_letter", "--store", ran)

    assert "what was said in the incident `608cb63715db5b1f` was forgotten" in str(call(*words).exception)


def test_nobody_of_that_name_gives_exit_code_4(ran: Path) -> None:
    result = call("forget", "x:nobody", "--store", ran)
    assert (result.exit_code, "nothing is known of them" in result.output) == (4, True)


def test_everything_old_enough_goes(ran: Path) -> None:
    result = call("forget", "--older-than", "1d", "--store", ran, "--format", "json")
    found = json.loads(result.output)

    assert result.exit_code == 0
    assert len(found["incidents"]) > 1
    assert call("audit", "verify", ran).exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say whom"),
        (["x:a", "--older-than", "1d"], "say whom"),
        (["leaf_and_letter"], "`leaf_and_letter` names nobody; write `channel:handle`"),
        (["--older-than", "soon"], "--older-than: "),
    ],
)
def test_what_cannot_be_understood_is_told(ran: Path, words: list[str], said: str) -> None:
    assert said in str(call("forget", *words, "--store", ran).exception)


def test_while_an_engine_works_nobody_is_forgotten(ran: Path) -> None:
    store = open_store(f"sqlite:{ran}")
    store.only_engine()
    result = call("forget", "x:leaf_and_letter", "--store", ran)
    store.close()

    assert "another process works on" in str(result.exception)
    assert b"jasmine tin" in ran.read_bytes()
