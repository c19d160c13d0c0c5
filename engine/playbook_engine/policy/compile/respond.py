"""Responses: what is done in the three steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from playbook_engine.model.duty import STEPS
from playbook_engine.policy.compile.actions import Surroundings, actions, check_wording, sent_unseen
from playbook_engine.policy.compile.facts import Scope
from playbook_engine.policy.compile.people import approval
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.rows import Ids, check_reachable, demanded, row_id, row_when, rows
from playbook_engine.policy.policy import Department, Response, Step
from playbook_engine.policy.template_variables import DRAFTS

_EXAMPLE = "{id: rest, when: always, reply: by_hand, apologise: none, resolve: by_hand}"
_KINDS = ("send", "draft", "do", "offer")


def responses(collector: Collector, scope: Scope, around: Surroundings) -> tuple[Response, ...]:
    """The common responses."""
    return tuple(_response(row, scope, around, "") for row in demanded(collector, "respond", _EXAMPLE))


def with_own_responses(collector: Collector, scope: Scope, around: Surroundings) -> Mapping[str, Department]:
    """The departments with their own `respond`, whose ids differ from those of the common one."""
    common: Ids = {}
    rows(collector.section("respond"), common)
    found = {}
    for department in around.departments.values():
        value = collector.section("departments").entry(department.id)
        section = value.entry("respond") if value else None
        places = rows(section, dict(common)) if section else ()
        check_reachable(places)
        own = tuple(_response(row, scope, around, department.id) for row in places)
        found[department.id] = replace(department, respond=own)
    return MappingProxyType(found)


def _response(row: Place, scope: Scope, around: Surroundings, owner: str) -> Response:
    places = {step: row.need(step) for step in STEPS}
    steps = {step: _step(place, scope, around, owner) for step, place in places.items()}
    apologise = places["apologise"]
    unseen = {step: _leaving_unseen(steps[step]) for step in ("reply", "apologise")}
    if apologise and all(unseen.values()) and len(unseen["reply"] | unseen["apologise"]) > 1:
        message = "the reply and this apology would both leave without a person, and one message is all a customer gets"
        apologise.refuse("two-voices", f"{message}; send one template in both, or draft one of them")
    return Response(row_id(row), row_when(row, scope), row.span, steps["reply"], steps["apologise"], steps["resolve"])


def _leaving_unseen(step: Step) -> frozenset[str]:
    """The templates of a step that leave without a person."""
    if step.kind == "send" and step.approval is None and step.template:
        return frozenset({step.template})
    if step.kind != "do":
        return frozenset()
    return frozenset(template for action in step.actions for _, template in sent_unseen(action))


def _step(place: Place | None, scope: Scope, around: Surroundings, owner: str) -> Step:
    if place is None:
        return Step("none")
    if isinstance(place.value, str):
        kind = place.one_of(("none", "by_hand"), "step", "a step; a template is named as {send: T} or {draft: T}")
        return Step(kind or "none")
    kinds = [kind for kind in _KINDS if place.entry(kind) is not None]
    if len(kinds) != 1:
        place.unfit("`none`, `by_hand`, or one of send, draft, do and offer,")
        return Step("none")
    (kind,) = kinds
    content, asked = place.need(kind), place.entry("approve")
    assert content is not None
    if kind == "offer" and place.key != "resolve":
        content.refuse_key("offer", "`offer` belongs to `resolve`; write `do`, or move it there")
    if kind in ("do", "offer"):
        return Step(kind, actions=actions(content, scope, around, owner))
    template, who = content.name_of("templates"), approval(asked) if asked else None
    check_wording(content, template, around, () if kind == "send" and who is None else (DRAFTS,))
    return Step(kind, template, approval=who)
