"""Whether a text holds personal data that should not stand in public: an e-mail address, a phone or card number.

It errs towards privacy: an order number that looks exactly like a phone number counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from playbook_engine.policy.fold import fold
from playbook_engine.policy.patterns import Pattern

_EMAIL = Pattern(r"(?:^|[^\p{L}\p{N}@._%+\-])[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)*\.\p{L}\p{L}")
"""A local part that does not itself follow an @: `@user@instance.example` is a handle."""

_SEPARATORS = r" ‐‑‒–—―−ー\-.()"
_NUMBER = re.compile(rf"[+(]?[0-9](?:[{_SEPARATORS}]{{0,2}}[0-9])*")
_GROUP = re.compile(r"([0-9]+)([^0-9]*)")
_MOST_GROUPS = 6

Group: TypeAlias = tuple[str, str]
"""Digits, and the separators after them."""

_CARD_SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (14,), (15,), (16,), (19,)}
"""Digits by group, as cards are printed, and all in one; see ISO/IEC 7812-1."""

_CARD = re.compile(r"4|5[1-5]|2[2-7]|3[0-9]|6")
"""First digits of the card networks: https://en.wikipedia.org/wiki/Payment_card_number."""

_NORTH_AMERICAN = {(3, 3, 4), (1, 3, 3, 4)}
_DOUBLED = str.maketrans("0123456789", "0246813579")


def personal_data(text: str) -> bool:
    """Whether an e-mail address, a phone number or a payment card number stands in the text.

    Phone numbers: international with +, national with a leading 0 and ten or eleven digits, North American as
    555-555-0100. Card numbers are checked by Luhn's sum.

    >>> personal_data("call 090-1234-5678"), personal_data("order 2024-0911-1234")
    (True, False)
    """
    folded = fold(text)
    if "@" in folded and _EMAIL.found_in(folded):
        return True
    return any(_telling(found[0]) for found in _NUMBER.finditer(folded) if len(found[0]) >= 9)


def _telling(number: str) -> bool:
    """Whether a stretch of digits and separators holds a phone or card number."""
    groups: list[Group] = _GROUP.findall(number)
    if number[0] == "+" and sum(len(digits) for digits, _ in groups) >= 8:
        return True
    return any(_is_phone(window) or _is_card(window) for window in _windows(groups))


def _windows(groups: list[Group]) -> Iterator[list[Group]]:
    """Every run of groups, of ten to nineteen digits in all, that begins and ends at a space or at the edge."""
    for start in range(len(groups)):
        if start and " " not in groups[start - 1][1]:
            continue
        digits = 0
        for end in range(start, min(start + _MOST_GROUPS, len(groups))):
            digits += len(groups[end][0])
            if digits >= 10 and (end == len(groups) - 1 or " " in groups[end][1]):
                yield groups[start : end + 1]
            if digits >= 19:
                break


def _is_phone(window: list[Group]) -> bool:
    digits = "".join(group for group, _ in window)
    if digits[0] == "0":
        return len(digits) in (10, 11) and len(window) <= 5 and len(window[0][0]) > 1 and digits[1] != "0"
    shape = tuple(len(group) for group, _ in window)
    if shape not in _NORTH_AMERICAN or (len(shape) == 4 and digits[0] != "1"):
        return False
    between = "".join(after for _, after in window[:-1]).replace(" ", "")
    return bool(between) and digits[-10] >= "2" and digits[-7] >= "2"


def _is_card(window: list[Group]) -> bool:
    if tuple(len(group) for group, _ in window) not in _CARD_SHAPES:
        return False
    digits = "".join(group for group, _ in window)
    return _CARD.match(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    """The check sum of ISO/IEC 7812-1, annex B."""
    plain, doubled = digits[-1::-2], digits[-2::-2].translate(_DOUBLED)
    return (sum(map(int, plain)) + sum(map(int, doubled))) % 10 == 0
