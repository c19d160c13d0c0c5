"""What a row does, whatever it is called and wherever it stands: what two playbooks are compared by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.encode import RECEIVED, RowName
from playbook_engine.prove.vocabulary import responses_of

_HEAD = ("id", "when", "span")
"""What of a row says when it is meant and not what it does."""

DEFINITIONS = ("people", "departments", "limits", "undecided", "reopen_within", "close_after", "answer_within_max")


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


class Contents:
    """The contents of one playbook's rows, by their names."""

    def __init__(self, policy: Policy) -> None:
        found = {
            RowName("targets", row.id): (content(row, _HEAD), self._ladder(policy, row.ladder))
            for row in policy.targets
        }
        self._found: dict[RowName, object] = dict(found)
        self._found |= {RowName("rules", row.id): content(row, _HEAD) for row in policy.rules}
        self._found |= {RowName("modes", mode.id): mode.id for mode in policy.modes.values()}
        self._responses = {row.id: content(row, _HEAD) for row in responses_of(policy)}

    @staticmethod
    def _ladder(policy: Policy, name: str) -> object:
        return content(policy.ladders.get(name, ()))

    def of(self, row: RowName) -> object:
        return self._responses[row.id] if row.section == "respond" else self._found[row]


def definitions(policy: Policy) -> dict[str, object]:
    """What stands beside the rows and decides what becomes of a decision, by its key."""
    found = {name: content(getattr(policy, name), ("respond",)) for name in DEFINITIONS}
    found["departments"] = tuple(content(each, ("respond",)) for each in policy.departments.values())
    others = (rule for rule in policy.rules if rule.event != RECEIVED or rule.after)
    found["rules on other events"] = content(tuple(others))
    counting = {name: content(mode) for name, mode in policy.modes.items()}
    found["modes"] = tuple(sorted((name, repr(each)) for name, each in counting.items()))
    return found
