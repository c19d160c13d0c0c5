"""Whom the levels of a ladder reach, department by department. SEMANTICS 7."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.lint.settled import targets_of
from playbook_engine.policy.compile.people import LEAD, ON_DUTY
from playbook_engine.policy.policy import Department, Policy


def climbed(policy: Policy) -> Iterator[tuple[str, Department]]:
    """Every ladder with every department whose promises it may watch, each pair once."""
    for department in policy.departments.values():
        for ladder in dict.fromkeys(target.ladder for target in targets_of(policy, department.id)):
            if ladder in policy.ladders:
                yield ladder, department


def reached(policy: Policy, department: Department, target: str) -> tuple[str, ...]:
    """Everybody whom a target such as `department.lead` may mean at some time, deputies last."""
    on_duty = [person for _, person in department.on_duty]
    lead = [department.lead] if department.lead else on_duty
    meant = {ON_DUTY: on_duty or lead, LEAD: lead}.get(target, [target if target in policy.people else ""])
    found: dict[str, None] = dict.fromkeys(each or policy.undecided.person for each in meant or [""])
    for person in tuple(found):
        found.update(dict.fromkeys(line(policy, person)))
    return tuple(found)


def line(policy: Policy, person: str) -> Iterator[str]:
    """The person, then those who step in, as far as anybody may have to: one without a calendar is always there."""
    asked = policy.people.get(person)
    while asked is not None:
        yield asked.id
        asked = policy.people.get(asked.deputy) if asked.calendar else None
