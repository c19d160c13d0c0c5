"""Parameters of an action, read by the JSON Schema of its spec.

The schema says what each scalar stands for: `type` whether it is a text, a number or a flag, and `format` what
a text names or measures (`template`, `person`, `department`, `account`, `money`, `duration`, `localized`, `url`).
A keyword beyond that is left to `jsonschema`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from playbook_engine.model.action import ActionSpec
from playbook_engine.policy.built_in import ACTIONS, EXACTLY_ONE, PRIVATE_CHANNEL
from playbook_engine.policy.compile.accounts import url
from playbook_engine.policy.compile.people import told
from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.compile.scalars import duration, flag, integer, localized, money
from playbook_engine.text.document import Value
from playbook_engine.text.scalars import is_flag, is_integer, shown

Schema = Mapping[str, object]

CODE = "parameter"
BY_HAND = "by_hand"
NO_PARAMETERS: Mapping[str, object] = MappingProxyType({})


def parameters(place: Place, spec: ActionSpec) -> Mapping[str, object]:
    """What stands beside an action, by parameter; `approve` is not one of them."""
    given = _given(place, spec)
    if given is None:
        return NO_PARAMETERS
    before = len(place.collector.found)
    known = _mapping(spec.parameters.get("properties"))
    for name in _texts(spec.parameters.get("required")):
        if name not in given:
            message = f"`{spec.name}` needs `{name}`; write {_example(spec, name, known)}"
            place.refuse_key("missing-parameter", message)
    _check_one_of(place, spec, given)
    found = {name: _parameter(each, name, spec, known) for name, each in sorted(given.items())}
    if spec.name not in ACTIONS and len(place.collector.found) == before:
        _check_the_rest(place, spec, {name: each.value for name, each in given.items()})
    return MappingProxyType(found)


def _given(place: Place, spec: ActionSpec) -> dict[str, Place] | None:
    """The parameters as they are written; None where nothing can be made of them."""
    if isinstance(place.value, dict):
        return {each.key: each for each in place.entries() if each.key != "approve"}
    known = _mapping(spec.parameters.get("properties"))
    main = _mapping(known.get(spec.main))
    if isinstance(place.value, str) and spec.main:
        return {spec.main: place}
    if isinstance(place.value, list) and "array" in _types(main):
        return {spec.main: place}
    if isinstance(place.value, str):
        place.refuse(
            CODE, f"`{spec.name}` takes no bare value; write `{spec.name}: {{}}`, or name a parameter", tuple(known)
        )
    elif place.value is None:
        place.refuse_key("empty", f"`{spec.name}` has nothing beside it; write `{spec.name}: {{}}`, or its parameters")
    else:
        place.unfit("a mapping")
    return None


def _example(spec: ActionSpec, name: str, known: Mapping[str, object]) -> str:
    form = _mapping(known.get(name)).get("format")
    value = {"money": "1000 JPY", "duration": "3d"}.get(str(form), "…")
    return f"`{spec.name}: {{{name}: {value}}}`"


def _check_one_of(place: Place, spec: ActionSpec, given: Mapping[str, Place]) -> None:
    choices = EXACTLY_ONE.get(spec.name, ())
    chosen = [name for name in choices if name in given]
    if choices and not chosen:
        place.refuse_key("missing-parameter", f"`{spec.name}` says nowhere where to; give it one of these", choices)
    elif len(chosen) > 1:
        message = f"`{chosen[1]}` cannot stand beside `{chosen[0]}`; `{spec.name}` takes one of them"
        given[chosen[1]].refuse_key("exclusive-keys", message)


def _parameter(place: Place, name: str, spec: ActionSpec, known: Mapping[str, object]) -> object:
    if name in known:
        return _read(place, _mapping(known[name]))
    if spec.parameters.get("additionalProperties", True) is False:
        place.refuse_key("unknown-parameter", f"`{spec.name}` takes no `{shown(name)}`", tuple(known), name)
    return _frozen(place.value)


def _read(place: Place, schema: Schema) -> object:
    """The value at a place, as its schema means it."""
    form, types = str(schema.get("format", "")), _types(schema)
    if isinstance(place.value, list) and "array" in types:
        items = _mapping(schema.get("items"))
        if not place.value and schema.get("minItems"):
            place.refuse("empty", f"`{place.key}` lists nothing; name at least one")
        return tuple(_read(each, items) for each in place.elements())
    if "array" in types and isinstance(place.value, str):
        return (_read(place, _mapping(schema.get("items"))),)
    if form in _FORMS:
        return _FORMS[form](place)
    if "object" in types and not isinstance(place.value, str):
        known = _mapping(schema.get("properties"))
        return MappingProxyType({each.key: _read(each, _mapping(known.get(each.key))) for each in place.entries()})
    return _scalar(place, schema, types)


def _scalar(place: Place, schema: Schema, types: tuple[str, ...]) -> object:
    if not types:
        return _frozen(place.value)
    if "string" not in types and ("integer" in types or "number" in types):
        return integer(place, _bound(schema, "minimum"), _bound(schema, "maximum"))
    if "string" not in types and "boolean" in types:
        return flag(place)
    choices = _texts(schema.get("enum"))
    if choices:
        return place.one_of(choices, "unknown-value", f"a value of `{place.key}`")
    if place.text() == "" and isinstance(place.value, str):
        place.refuse("empty", f"`{place.key}` is empty; write it, or take it out")
    return place.text()


def _template_or_by_hand(place: Place) -> str:
    return BY_HAND if place.value == BY_HAND else place.name_of("templates")


def _localized(place: Place) -> object:
    """A text as it is, or texts by language."""
    return place.value if isinstance(place.value, str) else localized(place)


def _private_channel(place: Place) -> str:
    return place.one_of((PRIVATE_CHANNEL,), "unknown-value", "a channel that a hand-over can move to")


_FORMS: Mapping[str, Callable[[Place], object]] = {
    "account": lambda place: place.name_of("accounts"),
    "department": lambda place: place.name_of("departments"),
    "duration": duration,
    "localized": _localized,
    "money": money,
    "person": told,
    "private-channel": _private_channel,
    "template": lambda place: place.name_of("templates"),
    "template-or-by-hand": _template_or_by_hand,
    "url": url,
}


def template_parameters(spec: ActionSpec) -> tuple[str, ...]:
    """The parameters that name a template."""
    known = _mapping(spec.parameters.get("properties"))
    forms = ("template", "template-or-by-hand")
    return tuple(name for name, schema in known.items() if _mapping(schema).get("format") in forms)


def _check_the_rest(place: Place, spec: ActionSpec, given: dict[str, Value]) -> None:
    """Whatever else a plugin's schema says, on the values as JSON."""
    # A third of the time it takes to start, and only actions of plugins' own need it.
    from jsonschema import Draft202012Validator

    schema = _thawed(spec.parameters)
    assert isinstance(schema, dict)
    for error in Draft202012Validator(schema).iter_errors(_as_json(given, spec.parameters)):
        at = place
        for key in error.absolute_path:
            at = at.entry(str(key)) or at
        at.refuse(CODE, f"`{spec.name}` does not take this: {shown(error.message)}")


def _as_json(value: Value, schema: Schema) -> object:
    """The value as JSON: a text becomes the number, flag or list that its schema wants."""
    types = _types(schema)
    if isinstance(value, dict):
        known = _mapping(schema.get("properties"))
        return {key: _as_json(held, _mapping(known.get(key))) for key, held in value.items()}
    if isinstance(value, list):
        return [_as_json(held, _mapping(schema.get("items"))) for held in value]
    if value is None or "string" in types:
        return value
    if ("integer" in types or "number" in types) and is_integer(value):
        return int(value)
    if "boolean" in types and is_flag(value):
        return value == "true"
    return [_as_json(value, _mapping(schema.get("items")))] if "array" in types else value


def _frozen(value: Value) -> object:
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(held) for key, held in value.items()})
    return tuple(_frozen(held) for held in value) if isinstance(value, list) else value


def _thawed(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _thawed(held) for key, held in value.items()}
    return [_thawed(held) for held in value] if isinstance(value, tuple | list) else value


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _types(schema: Schema) -> tuple[str, ...]:
    types = schema.get("type", ())
    return (types,) if isinstance(types, str) else _texts(types)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(each) for each in value)
    return ()


def _bound(schema: Schema, name: str) -> int | None:
    bound = schema.get(name)
    return int(bound) if isinstance(bound, int | float) else None
