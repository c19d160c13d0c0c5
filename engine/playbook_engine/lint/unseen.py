"""What leaves for customers without a person, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playbook_engine.lint.subject import Subject
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.compile.actions import sent_unseen
from playbook_engine.policy.conditions import All, Always, Condition
from playbook_engine.policy.policy import Action
from playbook_engine.text.document import Path


@dataclass(frozen=True)
class Unseen:
    """One template that a step, a rule or a closed department sends by itself.

    `path` is the place of the verb. Facts of the incident decide by `when`.
    """

    template: str
    when: Condition
    path: Path


def unseen(subject: Subject) -> Iterator[Unseen]:
    """Every place from which a text leaves by itself. What a person grants out of an `offer` is that person's."""
    policy = subject.policy
    own = (row for department in policy.departments.values() for row in department.respond)
    for row in (*own, *policy.respond):
        place = subject.path_of(row)
        for name in STEPS:
            step = row.step(name)
            if step.kind == "send" and step.approval is None:
                yield Unseen(step.template, row.when, (*place, name, "send"))
            elif step.kind == "do":
                yield from _acted(step.actions, row.when, (*place, name, "do"))
    for rule in policy.rules:
        yield from _acted(rule.actions, rule.when, (*subject.path_of(rule), "do"))
    for department in policy.departments.values():
        if department.when_closed is not None and department.when_closed.template:
            path: Path = ("departments", department.id, "when_closed", "send")
            yield Unseen(department.when_closed.template, Always(), path)


def _acted(actions: tuple[Action, ...], when: Condition, path: Path) -> Iterator[Unseen]:
    for number, action in enumerate(actions):
        for _, template in sent_unseen(action):
            yield Unseen(template, All((when, action.when)), (*path, number, action.name))
