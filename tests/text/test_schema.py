"""The schema of a playbook: for editors, and for the walker that explains what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from playbook_engine.model.event import EVENT_TYPES
from playbook_engine.resources import shipped
from playbook_engine.text.compose import compose
from playbook_engine.text.document import Document, Value
from playbook_engine.text.document import Path as Place
from playbook_engine.text.read import read
from playbook_engine.text.scalars import flow
from playbook_engine.text.validate import validate

SCHEMA: dict[str, Any] = json.loads((shipped("schemas") / "playbook.schema.json").read_text("utf-8"))
DESIGN = Path(__file__).parents[2].parent / "shared" / "DESIGN.md"
UNDERSTOOD = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "examples", "says", "reserved", "besides", "forms",
    "code", "codes",
    "type", "enum", "pattern", "minimum", "items", "minItems", "uniqueItems", "propertyNames", "properties",
    "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties",
    "dependentSchemas", "if", "then", "else",
}  # fmt: skip


def shapes(schema: Any, name: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema within the schema, with where it stands."""
    if not isinstance(schema, dict):
        return
    yield name, schema
    for keyword in ("$defs", "properties", "patternProperties", "dependentSchemas"):
        for key, inner in schema.get(keyword, {}).items():
            yield from shapes(inner, f"{name}/{key}")
    for keyword in ("items", "propertyNames", "additionalProperties", "if", "then", "else"):
        yield from shapes(schema.get(keyword), f"{name}/{keyword}")


def as_editors_see(document: Document, value: Value, path: Place = ()) -> Any:
    """The values with the types that YAML 1.2's core schema gives them."""
    if isinstance(value, dict):
        return {key: as_editors_see(document, held, (*path, key)) for key, held in value.items()}
    if isinstance(value, list):
        return [as_editors_see(document, held, (*path, index)) for index, held in enumerate(value)]
    if value is None or path in document.quoted:
        return value
    if re.fullmatch("true|True|TRUE|false|False|FALSE", value):
        return value.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", value):
        return int(value)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", value):
        return float(value)
    return None if re.fullmatch("~|null|Null|NULL", value) else value


def faults(text: str) -> tuple[list[str], list[str]]:
    """What the walker finds, and what jsonschema finds in the same text."""
    document, problems = read({"a.yaml": text.encode()})
    assert problems == ()
    typed = as_editors_see(document, document.value)
    ours = [problem.message for problem in validate(document, SCHEMA)]
    return ours, [error.message for error in Draft202012Validator(SCHEMA).iter_errors(typed)]


def test_the_schema_is_a_schema_and_leaves_no_branch_to_guess() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    written = {keyword for _, shape in shapes(SCHEMA) for keyword in shape}
    assert written <= UNDERSTOOD
    assert not {"anyOf", "oneOf", "allOf", "not"} & written


def test_nothing_is_required_at_the_top() -> None:
    assert "required" not in SCHEMA
    assert faults("") == ([], [])


def test_every_pattern_and_list_of_words_says_what_to_write() -> None:
    silent = [
        name
        for name, shape in shapes(SCHEMA)
        if ("pattern" in shape or "enum" in shape) and "says" not in shape and "/if/" not in name
    ]

    assert silent == []


def test_every_key_is_described_in_one_sentence_for_editors() -> None:
    for name, shape in shapes(SCHEMA):
        for key, inner in shape.get("properties", {}).items():
            if inner is not False:
                assert inner.get("description", "").endswith("."), f"{name}/{key}"


def test_every_reference_and_every_required_key_leads_somewhere() -> None:
    used = set()
    for _, shape in shapes(SCHEMA):
        used |= {shape["$ref"].removeprefix("#/$defs/")} if "$ref" in shape else set()
    kinds = {"fact-name", "link-name", "mode-name"}

    assert used | kinds >= set(SCHEMA["$defs"]) - kinds
    assert used <= set(SCHEMA["$defs"])


@pytest.mark.parametrize("name", sorted(SCHEMA["$defs"]))
def test_every_example_is_legal_where_it_is_offered(name: str) -> None:
    for place, shape in shapes(SCHEMA["$defs"][name], name):
        for example in shape.get("examples", ()):
            schema = {**shape, "$defs": SCHEMA["$defs"]}
            assert list(Draft202012Validator(schema).iter_errors(example)) == [], place
            assert flow(example)


def test_the_types_of_events_are_the_closed_list() -> None:
    assert tuple(SCHEMA["$defs"]["event-type"]["enum"]) == EVENT_TYPES


@pytest.mark.skipif(not DESIGN.exists(), reason="the design stands beside the checkout")
def test_the_example_of_the_design_is_legal_for_the_walker_and_for_editors() -> None:
    block = re.search(r"```yaml\n(.*?)```", DESIGN.read_text("utf-8"), re.DOTALL)
    assert block

    assert faults(block[1]) == ([], [])


@pytest.mark.skipif(not DESIGN.exists(), reason="the design stands beside the checkout")
def test_with_its_own_names_in_the_schema_the_example_stays_legal_in_editors() -> None:
    block = re.search(r"```yaml\n(.*?)```", DESIGN.read_text("utf-8"), re.DOTALL)
    assert block
    document, _ = read({"a.yaml": block[1].encode()})
    sections = {"calendar": "calendars", "person": "people", "department": "departments", "account": "accounts"}
    names = {kind: names_in(document.value[section]) for kind, section in sections.items()}
    names |= {"fact": names_in(document.value["facts"]), "language": ["ja", "en"], "channel": ["direct"]}

    names["account"].append("bluesky:minato.example")  # named by the example, which declares one account only

    errors = Draft202012Validator(compose(SCHEMA, names, {})).iter_errors(as_editors_see(document, document.value))

    assert [error.message for error in errors] == []


def names_in(section: Value) -> list[str]:
    assert isinstance(section, dict)
    return list(section)


LEGAL = """\
respond:
  - id: a
    when: {not: {any: [{種類: [故障, 0120]}, {vip: {exists: false}}]}}
    reply: by_hand
    apologise: none
    resolve: {do: [{resolve: {}}]}
rules:
  甲:
    when: always
    once_per: {author: 7d}
    do: [{when: {vip: true}, sms-blast: {text: 503}}, {webhook: {name: a, body: {x: 1}}}]
  乙:
    when: always
    event: mode.started
    do: [{notify: [佐藤, department.lead]}, {tag: [a, b]}, {mute: 2h}, {mute: {}}]
  丙:
    when: always
    do:
      - {hand_over: 夜間}
      - {send: {template: a, approve: {by: 佐藤}}}
      - {lookup: {table: t, answer: a, unsure: by_hand}}
templates:
  一: 503
  二: {ja: あ, pt-BR: b}
  三: {text: {ja: あ}, email: {subject: 件, text: {ja: 文}}, x: 短, sms: {ja: 短}, tone: 丁寧, asks_for: [注文番号]}
facts:
  a: {number: {min: 0}}
  b: {number: any}
  c: {duration: any, from: crm}
  d: {ordered: [x, y], keep: latest}
  e_f: {money: JPY}
calendars:
  窓口:
    open: {fri-mon: [18:00-09:00, 12:00-24:00], holiday: closed}
    holidays: DE-BY
    timezone: Asia/Tokyo
departments:
  窓口: {name: 窓口, on_duty: {窓口: 佐藤}, when_closed: {send: a}, approve: {within: 1h30m}, four_eyes: true}
renamed: {旧: 新}
"""


def test_what_the_language_has_is_legal_for_the_walker_and_for_editors() -> None:
    assert faults(LEGAL) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "rules: {a: {when: always, do: [{send: a, ticket: b}]}}",
        "rules: {a: {when: always, do: [{when: always}]}}",
        "targets: [{id: a, when: always, reply: {open_time: 1h, open_days: 1}}]",
        "facts: {a: {one_of: [x], flag: true}}",
        "facts: {a: {from: crm}}",
        "escalations: {a: [{id: b, notify: c}]}",
        "respond: [{id: a, when: always, reply: {approve: {by: b}}, apologise: none, resolve: none}]",
        "targets: [{id: a, when: always, reply: 15}]",
        "route: [{id: a, when: [], to: b}]",
        "plugins: {}",
    ],
)
def test_editors_refuse_what_the_walker_refuses(text: str) -> None:
    ours, editors = faults(text)

    assert ours
    assert editors
