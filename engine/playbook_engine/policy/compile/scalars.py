"""Scalars by position: the same source text is a text here, a number, a duration or an amount there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.durations import parse_duration, parse_percent
from playbook_engine.policy.money import Money, parse_currency, parse_money
from playbook_engine.policy.policy import LocalText
from playbook_engine.text.scalars import is_flag, is_integer, shown

EVERY_LANGUAGE = ""
"""Under which a text stands that is the same in all languages."""

Parsed = TypeVar("Parsed")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def integer(place: Place, least: int | None = None, most: int | None = None) -> int:
    """A plain decimal integer within bounds; 0 where it is not."""
    text = place.text()
    if not isinstance(place.value, str):
        return 0
    if place.quoted or not is_integer(text):
        place.refuse("number", f"`{shown(text)}` is not a whole number; write it in plain digits, such as 10")
        return 0
    number = int(text)
    if least is not None and number < least:
        place.refuse("number", f"`{text}` is too small; the least here is {least}")
    elif most is not None and number > most:
        place.refuse("number", f"`{text}` is too large; the most here is {most}")
    return number


def flag(place: Place) -> bool:
    text = place.text()
    if isinstance(place.value, str) and (place.quoted or not is_flag(text)):
        place.refuse("flag", f"`{shown(text)}` is neither true nor false", ("true", "false"))
    return text == "true"


def duration(place: Place) -> int:
    """A duration above zero in ms; 0 where it is not one."""
    length = _parsed(place, parse_duration, "duration")
    if length == 0:
        place.refuse("duration", f"`{shown(place.text())}` leaves no time; give it at least 1s")
    return length or 0


def money(place: Place) -> Money | None:
    """An amount above zero; None where it is not one."""
    amount = _parsed(place, parse_money, "money")
    if amount is not None and amount.amount <= 0:
        place.refuse("money", f"`{shown(place.text())}` is no amount to give; write one above zero")
        return None
    return amount


def check_currency(place: Place, action: str, amount: Money | None) -> None:
    """What one action gives is summed up, so all its amounts are in one currency."""
    if amount is None:
        return
    first = place.collector.currencies.setdefault(action, amount.currency)
    if first != amount.currency:
        message = (
            f"`{shown(place.text())}` is not in {first}, in which `{action}` is counted elsewhere; use one currency"
        )
        place.refuse("currency", message)


def currency(place: Place) -> str:
    """An ISO 4217 code; "" where it is not one."""
    return _parsed(place, parse_currency, "currency") or ""


def percent(place: Place) -> int | None:
    """A share from 0 to 100; None where it is not one."""
    return _parsed(place, parse_percent, "percent")


def day(place: Place) -> str:
    """A date as YYYY-MM-DD; "" where it is not one."""
    text = place.text()
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None and isinstance(place.value, str):
        place.refuse("date", f"`{shown(text)}` is not a date; write it as 2027-05-01")
    return text if found else ""


def localized(place: Place) -> LocalText:
    """A text, or one for every language of the playbook."""
    if isinstance(place.value, str):
        return MappingProxyType({EVERY_LANGUAGE: place.value})
    texts = {each.key: each.text() for each in place.entries()}
    check_languages(place, tuple(texts))
    return MappingProxyType(dict(sorted(texts.items())))


def localized_or_none(place: Place | None) -> LocalText:
    """The same where it may be absent; then there is no text in any language."""
    return localized(place) if place is not None else MappingProxyType({})


def check_languages(place: Place, written: tuple[str, ...]) -> None:
    """A text by language has each language of the playbook, and no other."""
    languages = place.collector.languages
    for language in written if languages else ():
        if language not in languages:
            other = Place(place.collector, (*place.path, language), None)
            message = f"`{shown(language)}` is not among the `languages` of this playbook"
            other.refuse_key("unknown-language", message, languages, language)
    missing = [language for language in languages if language not in written]
    if missing and isinstance(place.value, dict):
        named = " and ".join(f"`{language}`" for language in missing)
        place.refuse_key("missing-language", f"`{place.key}` has no text in {named}; write it, or one text for all")


def _parsed(place: Place, parse: Callable[[str], Parsed], code: str) -> Parsed | None:
    text = place.text()
    if not isinstance(place.value, str):
        return None
    try:
        return parse(text)
    except ValueError as fault:
        place.refuse(code, str(fault))
        return None
