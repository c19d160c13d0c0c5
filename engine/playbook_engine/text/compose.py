"""The schema of one playbook: the common one with its own names, so that editors complete them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbook_engine.text.document import Document
from playbook_engine.text.scalars import is_flag, is_integer

_OPEN = ("fact-reference",)
"""Shapes of names that also take what no list holds, such as `open.<calendar>` and `message.<fact>`."""


def compose(
    schema: Mapping[str, Any],
    names: Mapping[str, Sequence[str]],
    actions: Mapping[str, Mapping[str, object]],
) -> dict[str, Any]:
    """A copy of the schema that knows names by kind (`department`, `template`, ...) and plugins' actions.

    Where a kind has other legal `forms`, such as department.lead for a person, these are named too. A kind
    without names stays open: an empty list would refuse everything. Parameters of actions are the JSON Schemas
    of mappings; a scalar stands for the main one and is left to the compiler.
    """
    composed: dict[str, Any] = {key: _json(value) for key, value in schema.items()}
    shapes = composed["$defs"]
    known = [name for name in shapes["action"]["properties"] if name != "when"]
    given = {**names, "action": list(dict.fromkeys([*known, *actions, *names.get("action", ())]))}
    for kind, listed in given.items():
        named = [shape for shape in _shapes(kind) if shape in shapes and shape not in _OPEN]
        for shape in named if listed else ():
            shapes[shape]["enum"] = _enum([*listed, *shapes[shape].get("forms", ())])
    for fact in names.get("fact", ()):
        shapes["condition"]["properties"].setdefault(fact, {"$ref": "#/$defs/test"})
    for name, parameters in actions.items():
        if name not in known:
            shapes["action"]["properties"][name] = {"if": {"type": "object"}, "then": _json(parameters)}
    return composed


def _shapes(kind: str) -> tuple[str, ...]:
    return (kind,) if kind in ("channel", "language") else (f"{kind}-name", f"{kind}-reference")


def _json(value: object) -> object:
    """A changeable copy as JSON has it; a plugin may give read-only mappings and tuples."""
    if isinstance(value, Mapping):
        return {str(key): _json(held) for key, held in value.items()}
    return [_json(held) for held in value] if isinstance(value, list | tuple) else value


def _enum(names: Sequence[str]) -> list[object]:
    """Each name once, and beside a name such as `503` or `true` what an editor's YAML reader makes of it."""
    typed: list[object] = []
    for name in dict.fromkeys(names):
        typed.append(name)
        if is_integer(name):
            typed.append(int(name))
        elif is_flag(name):
            typed.append(name == "true")
    return typed


_SECTIONS = {
    "calendar": "calendars",
    "person": "people",
    "department": "departments",
    "template": "templates",
    "account": "accounts",
    "fact": "facts",
    "escalation": "escalations",
    "link": "links",
    "mode": "modes",
}


def names_of(document: Document) -> dict[str, tuple[str, ...]]:
    """The names a playbook gives, by kind, as far as it could be read."""
    sections = {kind: document.value.get(section) for kind, section in _SECTIONS.items()}
    names = {kind: tuple(held) for kind, held in sections.items() if isinstance(held, dict)}
    languages = document.value.get("languages")
    spoken = [name for name in languages if isinstance(name, str)] if isinstance(languages, list) else []
    return {**names, "language": tuple(spoken)}


def regions_of(document: Document) -> tuple[str, ...]:
    """The countries and regions whose holidays the calendars name."""
    calendars = document.value.get("calendars")
    held = calendars.values() if isinstance(calendars, dict) else ()
    named = {each["holidays"] for each in held if isinstance(each, dict) and isinstance(each.get("holidays"), str)}
    return tuple(sorted(map(str, named)))
