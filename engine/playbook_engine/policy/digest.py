"""The version of a playbook: SHA-256 over its canonical JSON.

Canonical is RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785): no white space, keys in the order of their
UTF-16 code units, numbers as ECMAScript writes them. Neither the order of files and keys nor comments,
quotes and line breaks of the YAML change it; every value, and the order of every list, does.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from hashlib import sha256

_MOST_EXACT = 2**53 - 1
"""The greatest integer that every reader of JSON keeps exact (RFC 7493, section 2.2)."""


def canonical(value: object) -> bytes:
    """RFC 8785 JSON of texts, integers, floats, flags, None, lists, tuples and mappings.

    Raises ValueError for what has no canonical form (a lone surrogate, NaN, an integer past 2**53) and
    TypeError for what is not JSON.
    """
    return _written(value).encode("utf-8")


def content(document: object, lock: object, specs: object) -> bytes:
    """All that a playbook's version stands for, in canonical form."""
    return canonical({"actions": specs, "lock": lock, "playbook": document})


def digest(document: object, lock: object, specs: object) -> str:
    """64 hexadecimal digits for the merged document as written, the lock used and the specs of its actions."""
    return sha256(content(document, lock, specs)).hexdigest()


def _written(value: object) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > _MOST_EXACT:
            raise ValueError(f"{value} is past the integers that every reader of JSON keeps exact")
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_written(each) for each in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in _ordered(value)) + "}"
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _ordered(mapping: Mapping[object, object]) -> list[str]:
    keys = []
    for key in mapping:
        if not isinstance(key, str):
            raise TypeError(f"a key in JSON is a text, not {type(key).__name__}")
        keys.append(key)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _number(value: float) -> str:
    """A number as ECMAScript's Number::toString writes it (ECMA-262, section 6.1.6.1.20)."""
    if not math.isfinite(value):
        raise ValueError(f"{value} has no form in JSON")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _decimal(digits, point)


def _decimal(digits: str, point: int) -> str:
    """`digits` with the decimal point after the first `point` of them."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
