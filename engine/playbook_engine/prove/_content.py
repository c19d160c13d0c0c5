"""What a row does, whatever it is called and wherever it stands: what two playbooks are compared by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Literal

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Span
from playbook_engine.policy.conditions import facts_read
from playbook_engine.policy.money import Money
from playbook_engine.policy.policy import Action, Policy
from playbook_engine.prove.encode import RECEIVED, RowName
from playbook_engine.prove.inputs import declared

_PASSING = ("incident.", "department.", "open.", "mode")
"""How facts begin that may have changed by the time a later step is due."""

_HEAD = ("id", "when", "span")
"""What of a row says when it is meant and not what it does."""


def content(value: object, leave_out: tuple[str, ...] = ()) -> object:
    """A value that is the same for two things that do the same; places in files are no part of it."""
    if isinstance(value, Span):
        return None
    if isinstance(value, ActionSpec):
        return value.name
    if isinstance(value, Mapping):
        return tuple((str(name), content(each)) for name, each in sorted(value.items(), key=lambda item: str(item[0])))
    if isinstance(value, tuple | list):
        return tuple(content(each) for each in value)
    if is_dataclass(value):
        names = [each.name for each in fields(value) if each.name not in leave_out and each.compare]
        return type(value).__name__, tuple((name, content(getattr(value, name))) for name in names)
    return value


def whole(action: Action) -> object:
    """What an action does, whenever it is meant; a condition that may hold later and not now is a part of it."""
    passing = any(name.startswith(_PASSING) for name in facts_read(action.when))
    return content(action, ("span",) if passing else ("when", "span"))


def without_amount(action: Action) -> object:
    """The same, whatever the amount of what it gives away."""
    amount = action.parameters.get("amount")
    if "spends" not in action.spec.effects or not isinstance(amount, Money):
        return whole(action)
    return whole(replace(action, parameters={**action.parameters, "amount": amount.currency}))


class Contents:
    """The contents of one playbook's rows, by their names."""

    def __init__(self, policy: Policy) -> None:
        self._found: dict[RowName, object] = {}
        for section in ("ignore", "classify", "route", "targets", "respond", "rules"):
            for row in getattr(policy, section):
                self._found[RowName(section, row.id)] = content(row, _HEAD)
        for department in policy.departments.values():
            for row in department.respond:
                self._found[RowName("respond", row.id, department.id)] = content(row, _HEAD)
        self._found |= {RowName("modes", mode.id): mode.id for mode in policy.modes.values()}

    def of(self, row: RowName) -> object:
        return self._found[row]


@dataclass(frozen=True)
class Unencoded:
    """Something that no formula speaks of and that is written otherwise, in words."""

    kind: Literal["texts", "settings"]
    said: str


_LISTED: tuple[tuple[str, str], ...] = (
    *(("calendars", "the calendar"), ("people", "the person"), ("departments", "the department")),
    *(("accounts", "the account"), ("modes", "the mode")),
)
_SINGLE = {
    "timezone": "the time zone",
    "languages": "the languages",
    "fallback": "the language that is used where no other will do",
    "reopen_within": "how long an incident may be reopened",
    "close_after": "when an incident closes",
    "answer_within_max": "the longest promise that may be made",
    "undecided": "who hears of what is undecided",
    "renamed": "what was renamed",
}


def unencoded(old: Policy, new: Policy) -> tuple[Unencoded, ...]:
    """What is written otherwise beside the rows, and what follows of which no formula says."""
    return (*_texts(old, new), *(Unencoded("settings", said) for said in _settings(old, new)))


def _texts(old: Policy, new: Policy) -> Iterator[Unencoded]:
    for name, template in old.templates.items():
        other = new.templates.get(name)
        if other is not None and content(template) != content(other):
            yield Unencoded("texts", f"differs in text of template `{name}`")
    if content(old.links) != content(new.links):
        yield Unencoded("texts", "differs in the links of texts")


def _settings(old: Policy, new: Policy) -> Iterator[str]:
    for section, said in _LISTED:
        mine, theirs = (_named(getattr(policy, section)) for policy in (old, new))
        yield from _apart(said, mine, theirs)
    for section, said in (("limits", "the limit"), ("rules", "the rule on other events")):
        mine, theirs = (
            {row.id: content(row) for row in getattr(policy, section) if section == "limits" or _later(row)}
            for policy in (old, new)
        )
        yield from _apart(said, mine, theirs)
    told: list[dict[str, object]] = [{fact.name: fact for fact in declared(policy)} for policy in (old, new)]
    yield from _apart("the fact", told[0], told[1])
    for name, said in _SINGLE.items():
        if content(getattr(old, name)) != content(getattr(new, name)):
            yield f"differs in {said}"


def _named(listed: Mapping[str, object]) -> dict[str, object]:
    return {name: content(each, ("respond",)) for name, each in listed.items()}


def _later(row: object) -> bool:
    """Whether a rule fires on something else than a message, or after a while."""
    return getattr(row, "event", RECEIVED) != RECEIVED or bool(getattr(row, "after", 0))


def _apart(said: str, mine: Mapping[str, object], theirs: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys((*mine, *theirs)):
        if name not in theirs:
            yield f"differs in {said} `{name}`, which is not there any more"
        elif name not in mine:
            yield f"differs in {said} `{name}`, which is new"
        elif mine[name] != theirs[name]:
            yield f"differs in {said} `{name}`"
