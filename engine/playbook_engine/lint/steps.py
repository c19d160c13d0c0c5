"""What rules ask about responses and what is done in their steps."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.lint.subject import Subject
from playbook_engine.policy.built_in import SEEN
from playbook_engine.policy.compile.parameters import template_parameters
from playbook_engine.policy.policy import Action, Response
from playbook_engine.text.document import Path


def responses(subject: Subject) -> Iterator[tuple[Response, Path]]:
    """Every response with its place: those of the departments first, as they are tried first."""
    own = (row for department in subject.policy.departments.values() for row in department.respond)
    for row in (*own, *subject.policy.respond):
        yield row, subject.path_of(row)


def reaches_customer(action: Action) -> bool:
    """Whether the customer is told something: by the action itself, or by a text that it sends."""
    if action.name == "notify":
        return False
    return bool(set(action.spec.effects) & set(SEEN)) or any(
        action.parameters.get(name) for name in template_parameters(action.spec)
    )
