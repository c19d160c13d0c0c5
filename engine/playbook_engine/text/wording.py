"""What is said about each fault of structure: the text, what is true instead, one thing to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from playbook_engine.model.span import Problem
from playbook_engine.text import fullwidth
from playbook_engine.text.nearest import nearest
from playbook_engine.text.place import Place
from playbook_engine.text.scalars import flow, is_integer, kind_of, shown, wanted

Schema: TypeAlias = Mapping[str, Any]

_YES_AND_NO = {
    "true": ("yes", "y", "on", "はい", "有", "あり", "○"),
    "false": ("no", "n", "off", "いいえ", "無", "なし", "×"),
}
_JOINED = re.compile(r"[^\s:：]+:\S")


def wrong_type(place: Place, types: Collection[str], schema: Schema) -> Problem:
    value = place.value
    instead = wanted(types)
    if value is None:
        said = f"nothing stands here, {instead} is wanted{_for_instance(schema)}"
        return Problem(place.span, "empty-value", said)
    if not isinstance(value, str):
        said = f"{instead} is wanted here, this is {kind_of(value)}{_for_instance(schema)}"
        return Problem(place.span, "wrong-type", said)
    if not {"array", "object"} & set(types):
        return _wrong_scalar(place, value, instead, schema)
    said = f"{instead} is wanted here, this is the text `{shown(value)}`"
    if slip := _slip(place, value):
        return Problem(place.span, slip[0], f"{said}; {slip[1]}")
    remedy = f"; write `[{shown(flow(value))}]`" if set(types) == {"array"} else _for_instance(schema)
    return Problem(place.span, "wrong-type", said + remedy)


def _slip(place: Place, text: str) -> tuple[str, str] | None:
    """Code and remedy, where a text was meant to be a mapping or a list."""
    if place.quoted or place.is_key:
        return None
    if sign := re.search("[：｛［]", text):
        return fullwidth.CODE, fullwidth.message(sign[0])
    return ("wrong-type", "a blank is missing after the colon") if _JOINED.match(text) else None


def flag_meant(text: str) -> str:
    """`true` or `false` for what people write instead; "" for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return next((flag for flag, words in _YES_AND_NO.items() if plain in (flag, *words)), "")


def _wrong_scalar(place: Place, value: str, instead: str, schema: Schema) -> Problem:
    code = "flag" if instead == wanted(("boolean",)) else "wrong-type"
    if place.quoted and (is_integer(value) or value in _YES_AND_NO):
        said = f"`{shown(value)}` is a text because it is in quotes; {instead} is wanted, take the quotes away"
        return Problem(place.span, code, said)
    meant = flag_meant(value)
    if "true" not in instead:
        digits = unicodedata.normalize("NFKC", value).strip().replace(",", "").replace("_", "").lstrip("+")
        meant = str(int(digits)) if re.fullmatch(r"[0-9]{1,18}", digits) else ""
    said = f"`{shown(value)}` is not {instead}{_for_instance(schema)}"
    return Problem(place.span, code, said, nearest=meant)


def wrong_form(place: Place, text: str, schema: Schema, pattern: re.Pattern[str]) -> Problem:
    plain = unicodedata.normalize("NFKC", text).strip()
    meant = plain if pattern.search(plain) else ""
    return Problem(place.span, "wrong-form", f"`{shown(text)}` {_says(schema, 'has another form')}", nearest=meant)


def unknown_value(place: Place, text: str, schema: Schema) -> Problem:
    legal = tuple(str(value) for value in schema["enum"])
    said = f"`{shown(text)}` {_says(schema, 'is not one of the words that can stand here')}"
    if slip := _slip(place, text):
        return Problem(place.span, slip[0], f"{said}; {slip[1]}", legal)
    code = schema.get("code", "unknown-value")
    return Problem(place.span, code, said, legal, nearest(text, legal))


def out_of_range(place: Place, text: str, schema: Schema) -> Problem:
    said = _says(schema, f"is too small; {schema['minimum']} is the least")
    return Problem(place.span, "out-of-range", f"`{shown(text)}` {said}")


def unknown_key(place: Place, key: str, legal: Sequence[str], present: Collection[str]) -> Problem:
    free = [name for name in legal if name not in present]
    said = f"no key is called `{shown(key)}` here"
    return Problem(place.key(key).span, "unknown-field", said, tuple(legal), nearest(key, free))


def reserved_key(place: Place, key: str) -> Problem:
    said = f"`{key}` is reserved for a later version of the language; take it out"
    return Problem(place.key(key).span, "reserved-key", said)


def exclusive_key(place: Place, key: str, schema: Schema) -> Problem:
    said = f"`{shown(key)}` {_says(schema, 'cannot stand here')}"
    return Problem(place.key(key).span, "exclusive-keys", said)


def missing_key(place: Place, key: str, schema: Schema, example: object | None) -> Problem:
    entry = f"{key}: {flow(example)}" if example is not None else f"{key}: …"
    said = _says(schema, f"is missing; write for instance `{entry}`")
    code = schema.get("codes", {}).get(key, "missing-required")
    return Problem(place.outer_span, code, f"`{key}` {said}")


def empty(place: Place, schema: Schema) -> Problem:
    held, kind = ("list", list) if isinstance(place.value, list) else ("mapping", dict)
    fitting = [example for example in schema.get("examples", ()) if isinstance(example, kind)]
    filled = f" such as `{flow(fitting[0])}`" if fitting else ""
    return Problem(place.span, "empty-value", f"this {held} is empty; leave it out, or write one{filled}")


def too_few_keys(place: Place, keys: Collection[str]) -> Problem:
    said = f"`{shown(', '.join(keys))}` stands here alone; something is missing beside it"
    return Problem(place.span, "missing-required", said)


def repeated(place: Place, text: str) -> Problem:
    return Problem(place.span, "repeated-value", f"`{shown(text)}` stands in this list already; keep one of them")


def _says(schema: Schema, otherwise: str) -> str:
    return str(schema.get("says", otherwise))


def _for_instance(schema: Schema) -> str:
    if "examples" not in schema:
        return ""
    return f"; write for instance `{flow(schema['examples'][0])}`"
