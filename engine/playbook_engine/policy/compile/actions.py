"""Actions: one form everywhere, each with its parameters, its condition and who has to approve it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbook_engine.model.action import ActionSpec
from playbook_engine.policy.built_in import ACTIONS, MAY_BE_APPROVED, SEEN
from playbook_engine.policy.compile.conditions import condition
from playbook_engine.policy.compile.facts import Scope
from playbook_engine.policy.compile.parameters import BY_HAND, parameters, template_parameters
from playbook_engine.policy.compile.people import approval
from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.compile.scalars import check_currency
from playbook_engine.policy.compile.templates import names_of
from playbook_engine.policy.conditions import Always
from playbook_engine.policy.money import Money, say_money
from playbook_engine.policy.policy import Action, Approval, Authority, Department
from playbook_engine.policy.template_variables import DRAFTS, NOTICES, VARIABLES
from playbook_engine.policy.templates import Template
from playbook_engine.text.scalars import shown

AMOUNT = "amount"
FOUND = VARIABLES["answer"].where

_ELSEWHERE = {
    DRAFTS: "which only a person can fill; write it as a draft, or add `approve`",
    FOUND: "which only the `answer` of a `lookup` has; take it out, or write another template",
    NOTICES: "which only notices to our people have; take it out, or write another template",
}


@dataclass(frozen=True)
class Surroundings:
    """What actions refer to: everything that is resolved before them."""

    specs: Mapping[str, ActionSpec]
    templates: Mapping[str, Template]
    departments: Mapping[str, Department]


def actions(place: Place, scope: Scope, around: Surroundings, owner: str = "") -> tuple[Action, ...]:
    """The actions of a list. `owner` is the one department they are carried out for, "" for any."""
    if place.value == []:
        place.unfit("at least one action")
    found = (_action(each, scope, around, owner) for each in place.elements())
    return tuple(action for action in found if action is not None)


def _action(place: Place, scope: Scope, around: Surroundings, owner: str) -> Action | None:
    named = [each for each in place.entries() if each.key != "when"]
    if len(named) != 1:
        place.unfit("one action")
        return None
    (what,) = named
    spec = around.specs.get(what.key)
    if spec is None:
        message = f"no action is called `{shown(what.key)}`"
        what.refuse_key("unknown-action", message, tuple(around.specs), what.key)
        return None
    when = place.entry("when")
    action = Action(
        spec.name,
        parameters(what, spec),
        condition(when, scope) if when else Always(),
        what.key_span,
        spec,
        _approval(what, spec),
    )
    _check_templates(what, action, around)
    _check_amount(what, action, around, owner)
    return action


def _approval(place: Place, spec: ActionSpec) -> Approval | None:
    asked = place.entry("approve")
    if asked is None:
        return None
    if spec.name in ACTIONS and spec.name not in MAY_BE_APPROVED:
        also = " and ".join(f"`{name}`" for name in MAY_BE_APPROVED)
        asked.refuse_key("unknown-parameter", f"`approve` stands beside {also}, not beside `{spec.name}`; take it out")
        return None
    return approval(asked)


def sent_unseen(action: Action) -> Iterator[tuple[str, str]]:
    """The templates that an action sends to customers without a person: parameter and template."""
    if action.approval is not None or not set(action.spec.effects) & set(SEEN):
        return
    for name in template_parameters(action.spec):
        template = action.parameters.get(name)
        if isinstance(template, str) and template not in ("", BY_HAND):
            yield name, template


def _check_templates(place: Place, action: Action, around: Surroundings) -> None:
    """Each template of the action names only what is known where it is sent.

    What an action brings is passed on at once, also where a person granted it: that person wrote nothing.
    """
    drafted = (DRAFTS,) if action.approval is not None else ()
    for name in template_parameters(action.spec):
        template, written = action.parameters.get(name), place.entry(name) or place
        if not isinstance(template, str):
            continue
        if action.name == "notify":
            check_wording(written, template, around, (NOTICES,))
        elif name == "answer":
            check_wording(written, template, around, (FOUND,))
        else:
            check_wording(written, template, around, drafted)


def check_wording(place: Place, template: str, around: Surroundings, known: tuple[str, ...]) -> None:
    """`known` names the kinds of variables that exist here beside those of every message."""
    names = names_of(around.templates[template]) if template in around.templates else ()
    for name in sorted(names):
        where = VARIABLES[name].where if name in VARIABLES else ""
        if where in _ELSEWHERE and where not in known:
            message = f"`{template}` holds `{{{{ {name} }}}}`, {_ELSEWHERE[where]}"
            place.refuse("variable-not-here", message)
            return


def _check_amount(place: Place, action: Action, around: Surroundings, owner: str) -> None:
    """Somebody may grant the amount: a department itself, or whom it asks above that."""
    amount = action.parameters.get(AMOUNT)
    if not isinstance(amount, Money) or "spends" not in action.spec.effects:
        return
    written = place.entry(AMOUNT) or place
    check_currency(written, action.name, amount)
    asked = [each for each in around.departments.values() if owner in ("", each.id)]
    most = [_most(each.may_spend.get(action.name)) for each in asked]
    highest = max((bound.amount for bound in most if bound is not None), default=0)
    if asked and None not in most and amount.amount > highest:
        said, limit = say_money(amount.amount, amount.currency), say_money(highest, amount.currency)
        message = f"`{said}` can never be granted: the most that `{action.name}` may give in an incident is {limit}"
        written.refuse("over-authority", f"{message}; lower it, or raise what `may_spend` allows")


def _most(authority: Authority | None) -> Money | None:
    """What may be given in one incident at most, by whosoever; None without a bound.

    Of an action that `may_spend` does not name, everything is put before a person.
    """
    if authority is None or authority.per_incident is None:
        return None
    return authority.up_to if authority.approver else authority.per_incident
