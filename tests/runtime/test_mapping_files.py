"""Mapping files: what they may say, and what is said of a wrong one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from playbook_engine.errors import PlaybookProblems, UsageError
from playbook_engine.resources import shipped
from playbook_engine.runtime.incoming.intake import take_in_body
from playbook_engine.runtime.incoming.mapping import (
    PayloadMapping,
    load_mapping,
    read_mapping,
    shipped_mapping,
    shipped_mappings,
)
from playbook_engine.runtime.incoming.outcomes import Incoming, Outcome, Sender, SetAside, Skipped

GOOD = """
mapping: desk
format: 1
channel: chat
kind: item.kind
maps:
  - id: ticket
    each: payload.tickets
    when: item.kind == 'question'
    event:
      type: {const: message.received}
      id: item.number
      at: epoch_s(item.time)
      text: item.body
      author: {handle: item.who}
      automatic: {const: false}
"""


def read(text: str) -> PayloadMapping:
    return read_mapping("desk.yaml", text.encode())


def problems(text: str) -> list[str]:
    with pytest.raises(PlaybookProblems) as caught:
        read(text)
    return [f"{each.span}: {each.message} [{each.code}]" for each in caught.value.problems]


def mapped(text: str, payload: object) -> list[Outcome]:
    return list(take_in_body(json.dumps(payload).encode(), Sender(), read(text)))


def test_a_mapping_of_ones_own_makes_events() -> None:
    tickets = [
        {"kind": "question", "number": 7, "time": 1_772_445_600, "body": "Where?", "who": "tanaka"},
        {"kind": "survey", "number": 8},
        {"kind": "question", "number": 9, "time": "soon", "body": "When?"},
    ]
    event, failed, survey = mapped(GOOD, {"tickets": tickets})
    assert isinstance(event, Incoming)
    assert (event.source, event.id, event.at, event.channel) == ("desk", "7", 1_772_445_600_000, "chat")
    assert isinstance(failed, SetAside)
    assert failed.reason == "mapping-failed"
    assert failed.sentence == (
        "line 1: mapping `desk`, map `ticket`: `at` cannot be read: no number of seconds or milliseconds since 1970;"
        " mend the mapping or the payload"
    )
    assert survey == Skipped(place="line 1", mapping="desk", kind="survey")


def test_a_payload_without_messages_is_counted_by_its_kind() -> None:
    assert mapped(GOOD, {"tickets": []}) == [Skipped(place="line 1", mapping="desk", kind="other")]
    assert mapped(GOOD, 17) == [Skipped(place="line 1", mapping="desk", kind="other")]


def test_a_field_that_fails_its_check_names_mapping_and_map() -> None:
    [failed] = mapped(GOOD, {"tickets": [{"kind": "question", "number": 7}]})
    assert isinstance(failed, SetAside)
    assert failed.reason == "missing-field"
    assert failed.sentence.startswith("line 1: mapping `desk`, map `ticket`: `text` is missing")


def test_too_many_messages_in_one_payload_are_set_aside() -> None:
    [failed] = mapped(GOOD, {"tickets": [{}] * 10_001})
    assert isinstance(failed, SetAside)
    assert failed.reason == "too-large"


def test_an_event_of_the_engine_cannot_be_mapped() -> None:
    forged = GOOD.replace("message.received", "timer.due")
    [failed] = mapped(forged, {"tickets": [{"kind": "question", "number": 1, "body": "x"}]})
    assert isinstance(failed, SetAside)
    assert failed.reason == "forged"


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        (
            "    whem: item",
            "    when: item",
            "desk.yaml:9:5: `whem` is no key here; did you mean `when`? [unknown-key]",
        ),
        ("      txt: it", "      text: it", "desk.yaml:14:7: `txt` is no key here; did you mean `text`? [unknown-key]"),
        ("handel: i", "handle: i", "desk.yaml:15:16: `handel` is no key here; did you mean `handle`? [unknown-key]"),
        ("epoch_x(", "epoch_s(", "no function is called `epoch_x`; did you mean `epoch_s`? [unknown-function]"),
        ("epoch_s()", "epoch_s(item.time)", "`epoch_s` takes 1 arguments; it is given 0 [expression]"),
        ("item.", "item.number", "this is no JMESPath expression"),
        ("!item.body", "item.body", "`!a.b` is read as `(!a).b`; write `!(a.b)` [expression]"),
        ("{const: 1}", "{const: false}", "`automatic` is true or false [wrong-type]"),
        ("format: 2", "format: 1", "desk.yaml:3:9: `format: 1` is the only form there is; write it [wrong-type]"),
        ("mapping:", "mapping: desk", "`mapping` is missing; write a name [missing-key]"),
        ("{why: 1}", "{const: message.received}", "`type` is an expression, or a constant as `{const: …}`"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(wrong: str, right: str, sentence: str) -> None:
    text = GOOD.replace(right, wrong, 1)
    text = text.replace("!item.body", '"!item.body"')
    assert any(sentence in problem for problem in problems(text)), problems(text)


def test_a_mapping_without_maps_is_refused() -> None:
    assert problems("mapping: desk\nformat: 1\n") == [
        "desk.yaml:1:1: `maps` lists the kinds of messages; write at least one [missing-key]"
    ]


def test_all_problems_are_told_at_once() -> None:
    text = GOOD.replace("epoch_s", "epoch_x").replace("whem", "when").replace("handle", "handel")
    assert len(problems(text)) == 2


def test_a_file_that_is_no_yaml_is_refused() -> None:
    assert problems("maps: [\n") != []
    assert problems("") != []


def test_the_shipped_mappings_are_known_by_name() -> None:
    assert shipped_mappings() == ("email", "line", "mastodon", "slack", "x")
    with pytest.raises(UsageError, match="did you mean `mastodon`"):
        shipped_mapping("mastodont")


def test_a_mapping_is_found_by_name_or_by_file(tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(GOOD, "utf-8")
    assert (load_mapping("x").name, load_mapping(str(file)).name) == ("x", "desk")
    with pytest.raises(UsageError, match="cannot be opened: no such file"):
        load_mapping(str(tmp_path / "none.yaml"))
    with pytest.raises(UsageError, match="did you mean `slack`"):
        load_mapping("slakc")


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_fits_the_schema(name: str) -> None:
    schema = json.loads((shipped("schemas") / "mapping.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    written = yaml.safe_load((shipped("mappings") / f"{name}.yaml").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(written)) == []
    assert shipped_mapping(name).name == name


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    schema = json.loads((shipped("schemas") / "mapping.schema.json").read_text("utf-8"))
    for wrong, right in (("txt", "text"), ("whem", "when"), ("handel", "handle"), ("{why: 1}", "{const: false}")):
        written = yaml.safe_load(GOOD.replace(right, wrong, 1))
        assert list(Draft202012Validator(schema).iter_errors(written)) != [], wrong
