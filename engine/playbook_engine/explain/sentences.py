"""Conditions as sentences, in English and Japanese: from the operators' own."""

from __future__ import annotations

from playbook_engine.model.event import FactValue
from playbook_engine.policy.conditions import All, Always, Any, Condition, Not, Test
from playbook_engine.policy.operators import OPERATORS

_JOINED = {"en": (" and ", " or ", "not ({})", "always"), "ja": ("、かつ", "、または", "「{}」ではない", "つねに")}


def say_test(test: Test, language: str = "en") -> str:
    """One test, such as `severity is critical`."""
    sentence = OPERATORS[test.operator].say(test.written, language)
    return f"{test.fact}{sentence}" if language == "ja" else f"{test.fact} {sentence}"


def say_condition(condition: Condition, language: str = "en") -> str:
    """A whole condition in one sentence; brackets where it is nested."""
    both, either, negated, always = _JOINED[language]
    match condition:
        case Always():
            return always
        case Test():
            return say_test(condition, language)
        case Not():
            return negated.format(say_condition(condition.part, language))
        case All():
            return both.join(_nested(part, language) for part in condition.parts)
        case Any():
            return either.join(_nested(part, language) for part in condition.parts)


def _nested(condition: Condition, language: str) -> str:
    said = say_condition(condition, language)
    return f"({said})" if isinstance(condition, All | Any) and len(condition.parts) > 1 else said


def say_value(value: FactValue | None, language: str = "en") -> str:
    """A value a test met; a missing fact is said to be missing."""
    if value is None:
        return "なし" if language == "ja" else "missing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(value) + "]"
    return str(value) if len(str(value)) <= 60 else str(value)[:59] + "…"
