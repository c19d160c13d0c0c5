"""The JSON Schema of files of tests: for editors and for the walker alike."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from playbook_engine.scenario import expectations, steps
from playbook_engine.scenario.happenings import KINDS
from playbook_engine.scenario.reading import FORMS, scenario_schema
from playbook_engine.text.read import read
from playbook_engine.text.scalars import flow
from playbook_engine.text.validate import validate

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads(json.dumps(scenario_schema()))
SHIPPED = sorted(
    [
        *(ROOT / "playbooks").rglob("*.test.yaml"),
        *(ROOT / "engine" / "playbook_engine" / "starters").glob("*-tests.yaml"),
    ]
)

_spec = importlib.util.spec_from_file_location("of_playbooks", ROOT / "tests" / "text" / "test_schema.py")
assert _spec is not None
assert _spec.loader is not None
of_playbooks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(of_playbooks)


def test_it_is_a_schema_that_the_walker_understands_in_full() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    written = {keyword for _, shape in of_playbooks.shapes(SCHEMA) for keyword in shape}
    assert written <= of_playbooks.UNDERSTOOD
    assert [name for name, shape in of_playbooks.shapes(SCHEMA) if "pattern" in shape and "says" not in shape] == []


def test_every_key_is_described_in_one_sentence_for_editors() -> None:
    for name, shape in of_playbooks.shapes(SCHEMA):
        for key, inner in shape.get("properties", {}).items():
            told = inner if "$ref" not in inner else SCHEMA["$defs"][inner["$ref"].removeprefix("#/$defs/")] | inner
            assert told.get("description", "").endswith("."), f"{name}/{key}"


def test_every_example_is_legal_where_it_is_offered() -> None:
    offered = 0
    for place, shape in of_playbooks.shapes(SCHEMA):
        for example in shape.get("examples", ()):
            offered += 1
            assert list(Draft202012Validator({**shape, "$defs": SCHEMA["$defs"]}).iter_errors(example)) == [], place
            assert flow(example)
    assert offered > 20


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_what_is_shipped_is_legal_for_the_walker_and_for_editors(file: Path) -> None:
    document, problems = read({"a.yaml": file.read_bytes()})
    typed = of_playbooks.as_editors_see(document, document.value)

    assert problems == ()
    assert validate(document, SCHEMA) == ()
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(typed)] == []


def test_the_schema_and_the_readers_know_the_same_keys() -> None:
    step = set(SCHEMA["$defs"]["step"]["properties"])
    assert step == {"at", *steps.BESIDE, *(key for keys in steps.BESIDE.values() for key in keys)}

    expected = set(SCHEMA["$defs"]["expectation"]["properties"])
    beside = {key for keys in expectations.BESIDE.values() for key in keys}
    kinds = set(KINDS) - {"decision"}
    assert expected == {*expectations.TIMES, "times", *kinds, *beside, *expectations.ROWS}
    assert set(SCHEMA["$defs"]["forbidden"]["properties"]) == expected - {"times"}

    test = set(SCHEMA["$defs"]["test"]["properties"])
    assert test == {"name", "skip", *FORMS, *(key for keys in FORMS.values() for key in keys)}
