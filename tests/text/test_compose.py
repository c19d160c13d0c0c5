"""The schema of one playbook, with its own names and the installed actions."""

from __future__ import annotations

import copy
import json
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator

from playbook_engine.resources import shipped
from playbook_engine.text.compose import compose

SCHEMA: dict[str, Any] = json.loads((shipped("schemas") / "playbook.schema.json").read_text("utf-8"))
NAMES = {
    "department": ["窓口", "503"],
    "person": ["佐藤"],
    "template": ["受付"],
    "fact": ["種類"],
    "language": ["ja"],
    "channel": ["email"],
    "link": [],
}


def composed() -> dict[str, Any]:
    page = MappingProxyType({"type": "object", "properties": MappingProxyType({"team": {"enum": ("a", "b")}})})
    return compose(SCHEMA, NAMES, {"page": page, "send": {"type": "object"}})


def refused(document: object) -> list[str]:
    return [error.message for error in Draft202012Validator(composed()).iter_errors(document)]


def test_the_common_schema_is_not_changed_and_the_new_one_is_a_schema() -> None:
    before = copy.deepcopy(SCHEMA)
    schema = composed()

    assert before == SCHEMA
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_editors_complete_the_names_of_the_playbook() -> None:
    shapes = composed()["$defs"]

    assert shapes["department-name"]["enum"] == ["窓口", "503", 503]
    assert shapes["template-name"]["enum"] == ["受付"]
    assert shapes["person-name"]["enum"] == ["佐藤"]
    assert shapes["language"]["enum"] == ["ja"]
    assert "種類" in shapes["condition"]["properties"]


def test_other_forms_of_a_name_stay_legal() -> None:
    shapes = composed()["$defs"]

    assert shapes["person-reference"]["enum"] == ["佐藤", "department.on_duty", "department.lead", "undecided"]
    assert shapes["template-reference"]["enum"] == ["受付", "by_hand"]
    assert "enum" not in shapes["fact-reference"]
    assert refused({"route": [{"id": "a", "when": {"open.窓口": True, "種類": "x"}, "to": 503}]}) == []


def test_a_kind_without_names_stays_open() -> None:
    assert "enum" not in composed()["$defs"]["link-name"]
    assert "enum" not in composed()["$defs"]["mode-name"]


def test_an_unknown_name_is_marked_in_the_editor() -> None:
    assert len(refused({"route": [{"id": "a", "when": "always", "to": "窓囗"}]})) == 1


def test_a_plugin_brings_its_action_with_its_parameters() -> None:
    def rule(action: object) -> dict[str, object]:
        return {"rules": {"a": {"when": "always", "do": [action]}}}

    assert refused(rule({"page": {"team": "a"}})) == []
    assert refused(rule({"page": "a"})) == []
    assert len(refused(rule({"page": {"team": "c"}}))) == 1
    assert refused({"limits": [{"id": "a", "of": "page", "per": "all", "max": 1, "in": "1h", "then": "hold"}]}) == []
    assert (
        len(refused({"limits": [{"id": "a", "of": "pgae", "per": "all", "max": 1, "in": "1h", "then": "hold"}]})) == 1
    )


def test_a_built_in_action_keeps_its_own_parameters() -> None:
    assert composed()["$defs"]["action"]["properties"]["send"] == SCHEMA["$defs"]["action"]["properties"]["send"]
