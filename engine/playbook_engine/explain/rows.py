"""Every row of a playbook that takes part in decisions, and what its other names are names of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy

SECTIONS = ("ignore", "classify", "route", "respond", "targets", "human_only", "modes", "rules", "limits")
"""In the order in which they are asked."""

HUMAN_ONLY = "human_only"
"""The one section without ids; its tests together go by its own name."""


@dataclass(frozen=True)
class NamedRow:
    """A row by its section and id. `department` is whose own it is, "" for the playbook's."""

    section: str
    id: str
    department: str = ""
    span: Span | None = None


def every_row(policy: Policy) -> Iterator[NamedRow]:
    """In the order of SECTIONS; the departments' own responses before the common ones."""
    for row in policy.ignore:
        yield NamedRow("ignore", row.id, span=row.span)
    for line in policy.classify:
        yield NamedRow("classify", line.id, span=line.span)
    for way in policy.route:
        yield NamedRow("route", way.id, span=way.span)
    for department in policy.departments.values():
        for own in department.respond:
            yield NamedRow("respond", own.id, department.id, own.span)
    for response in policy.respond:
        yield NamedRow("respond", response.id, span=response.span)
    for target in policy.targets:
        yield NamedRow("targets", target.id, span=target.span)
    if policy.human_only:
        yield NamedRow(HUMAN_ONLY, HUMAN_ONLY)
    for mode in policy.modes.values():
        yield NamedRow("modes", mode.id, span=mode.span)
    for rule in policy.rules:
        yield NamedRow("rules", rule.id, span=rule.span)
    for limit in policy.limits:
        yield NamedRow("limits", limit.id, span=limit.span)


def other_names(policy: Policy) -> dict[str, str]:
    """What a name that is no row means, as in `sato` to "a person"."""
    levels = {level.id: "a level of an escalation" for ladder in policy.ladders.values() for level in ladder}
    return {
        **levels,
        **dict.fromkeys(policy.links, "a link"),
        **dict.fromkeys((fact.name for fact in policy.facts.values()), "a fact"),
        **dict.fromkeys(policy.calendars, "a calendar"),
        **dict.fromkeys(policy.templates, "a template"),
        **dict.fromkeys((proof.id for proof in policy.proofs), "a promise to prove"),
        **dict.fromkeys(policy.ladders, "an escalation"),
        **dict.fromkeys(policy.accounts, "an account"),
        **dict.fromkeys(policy.people, "a person"),
        **dict.fromkeys(policy.departments, "a department"),
    }
