"""Every fault of structure, by the schema of a playbook.

An interpreter of the part of JSON Schema that the schema uses. A key or a type always decides which branch is
looked at before anything in it is, so the fault reported is the one that was made. Values are source texts:
`integer` is a plain decimal integer, `boolean` is true or false, neither in quotes; `string` is any scalar.

Five keywords are ours: `says` goes on after the offending text in backquotes, `reserved` lists keys that a
later version will know, `besides` lists keys that `maxProperties` does not blame, `code` is that of a value outside
`enum`, `codes` has those of the required keys. For the others see
https://json-schema.org/draft/2020-12/json-schema-validation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from playbook_engine.model.span import Problem
from playbook_engine.text import wording
from playbook_engine.text.document import Document
from playbook_engine.text.nearest import nearest
from playbook_engine.text.place import Place
from playbook_engine.text.wording import Schema

_Faults: TypeAlias = Iterator[Problem]

_KEY_BY_KEY = frozenset(("properties", "patternProperties", "additionalProperties"))


def validate(document: Document, schema: Mapping[str, object]) -> tuple[Problem, ...]:
    """Every structural problem, in the order of the files and of the places in them."""
    found = set(_faults(schema, schema, Place(document, document.value, ())))
    files = {file: number for number, file in enumerate(document.lines)}
    return tuple(sorted(found, key=lambda problem: (files.get(problem.span.file, 0), problem)))


def resolved(root: Schema, schema: Schema) -> Schema:
    """A schema with what it refers to; its own keywords go before those of the reference."""
    if "$ref" not in schema:
        return schema
    return {**resolved(root, root["$defs"][schema["$ref"].removeprefix("#/$defs/")]), **schema}


def _faults(root: Schema, schema: Schema, place: Place) -> _Faults:
    if "type" in schema and not place.is_partly_read:
        types = (schema["type"],) if isinstance(schema["type"], str) else schema["type"]
        if not place.is_one_of(types):
            yield wording.wrong_type(place, types, schema)
            return
    for keywords, check in _OF_A_PART if place.is_partly_read else _CHECKS:
        if not keywords.isdisjoint(schema):
            yield from check(root, schema, place)


def _reference(root: Schema, schema: Schema, place: Place) -> _Faults:
    yield from _faults(root, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], place)


def _enum(root: Schema, schema: Schema, place: Place) -> _Faults:
    if isinstance(place.value, str) and place.value not in (str(value) for value in schema["enum"]):
        yield wording.unknown_value(place, place.value, schema)


def _pattern(root: Schema, schema: Schema, place: Place) -> _Faults:
    pattern = _compiled(schema["pattern"])
    if isinstance(place.value, str) and not pattern.search(place.value):
        yield wording.wrong_form(place, place.value, schema, pattern)


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # In Python alone `$` also matches before a last line break.
    return re.compile(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern)


def _minimum(root: Schema, schema: Schema, place: Place) -> _Faults:
    if isinstance(place.value, str) and int(place.value) < schema["minimum"]:
        yield wording.out_of_range(place, place.value, schema)


def _items(root: Schema, schema: Schema, place: Place) -> _Faults:
    if isinstance(place.value, list):
        for index, value in enumerate(place.value):
            yield from _faults(root, schema["items"], place.under(index, value))


def _min_items(root: Schema, schema: Schema, place: Place) -> _Faults:
    if isinstance(place.value, list) and len(place.value) < schema["minItems"]:
        yield wording.empty(place, schema)


def _unique_items(root: Schema, schema: Schema, place: Place) -> _Faults:
    seen = set()
    for index, value in enumerate(place.value if isinstance(place.value, list) else ()):
        if isinstance(value, str) and value in seen:
            yield wording.repeated(place.under(index, value), value)
        elif isinstance(value, str):
            seen.add(value)


def _property_names(root: Schema, schema: Schema, place: Place) -> _Faults:
    if isinstance(place.value, dict):
        for key in place.value:
            yield from _faults(root, schema["propertyNames"], place.key(key))


def _properties(root: Schema, schema: Schema, place: Place) -> _Faults:
    """`properties`, `patternProperties` and `additionalProperties`: each key picks its one schema."""
    if not isinstance(place.value, dict):
        return
    named = schema.get("properties", {})
    for key, value in place.value.items():
        chosen = named[key] if key in named else _unnamed(schema, key)
        if not isinstance(chosen, bool):
            yield from _faults(root, chosen, place.under(key, value))
        elif chosen:
            continue
        elif key in named:
            yield wording.exclusive_key(place, key, schema)
        elif key in schema.get("reserved", ()):
            yield wording.reserved_key(place, key)
        else:
            yield wording.unknown_key(place, key, tuple(named), place.value)


def _unnamed(schema: Schema, key: str) -> Schema | bool:
    others: Schema | bool = schema.get("additionalProperties", True)
    by_pattern: Mapping[str, Schema] = schema.get("patternProperties", {})
    return next((chosen for pattern, chosen in by_pattern.items() if _compiled(pattern).search(key)), others)


def _required(root: Schema, schema: Schema, place: Place) -> _Faults:
    if not isinstance(place.value, dict):
        return
    named = schema.get("properties", {})
    missing = [key for key in schema["required"] if key not in place.value]
    misspelt = {nearest(key, missing) for key in place.value if key not in named} if missing and named else set()
    for key in missing:
        if key not in misspelt:
            examples = resolved(root, named[key]).get("examples") if key in named else None
            yield wording.missing_key(place, key, schema, examples[0] if examples else None)


def _min_properties(root: Schema, schema: Schema, place: Place) -> _Faults:
    if not isinstance(place.value, dict) or len(place.value) >= schema["minProperties"]:
        return
    if place.value:
        yield wording.too_few_keys(place, tuple(place.value))
    else:
        yield wording.empty(place, schema)


def _max_properties(root: Schema, schema: Schema, place: Place) -> _Faults:
    if not isinstance(place.value, dict):
        return
    spared = schema.get("besides", ())
    blamed = [key for key in place.value if key not in spared]
    room = schema["maxProperties"] - (len(place.value) - len(blamed))
    for key in blamed[room:]:
        yield wording.exclusive_key(place, key, schema)


def _dependent_schemas(root: Schema, schema: Schema, place: Place) -> _Faults:
    if isinstance(place.value, dict):
        for key, dependent in schema["dependentSchemas"].items():
            if key in place.value:
                yield from _faults(root, dependent, place)


def _if(root: Schema, schema: Schema, place: Place) -> _Faults:
    holds = next(_faults(root, schema["if"], place), None) is None
    yield from _faults(root, schema.get("then" if holds else "else", {}), place)


_OF_A_PART: tuple[tuple[frozenset[str], Callable[[Schema, Schema, Place], _Faults]], ...] = (
    (frozenset(("$ref",)), _reference),
    (frozenset(("propertyNames",)), _property_names),
    (_KEY_BY_KEY, _properties),
)
"""What can be judged where some keys of a mapping could not be read."""

_CHECKS = (
    *_OF_A_PART,
    (frozenset(("enum",)), _enum),
    (frozenset(("pattern",)), _pattern),
    (frozenset(("minimum",)), _minimum),
    (frozenset(("items",)), _items),
    (frozenset(("minItems",)), _min_items),
    (frozenset(("uniqueItems",)), _unique_items),
    (frozenset(("required",)), _required),
    (frozenset(("minProperties",)), _min_properties),
    (frozenset(("maxProperties",)), _max_properties),
    (frozenset(("dependentSchemas",)), _dependent_schemas),
    (frozenset(("if",)), _if),
)
