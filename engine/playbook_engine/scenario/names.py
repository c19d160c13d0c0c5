"""Names that tests use, each looked up in the playbook: one that is not there is refused with the nearest that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from playbook_engine.policy.compile.places import Place
from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.happenings import NONE
from playbook_engine.text.scalars import flow, shown


def _responses(policy: Policy) -> Iterable[str]:
    own = (row.id for department in policy.departments.values() for row in department.respond)
    return (*own, *(row.id for row in policy.respond))


KNOWN: Mapping[str, Callable[[Policy], Iterable[str]]] = {
    "template": lambda policy: policy.templates,
    "person": lambda policy: policy.people,
    "department": lambda policy: policy.departments,
    "mode": lambda policy: policy.modes,
    "level": lambda policy: (level.id for ladder in policy.ladders.values() for level in ladder),
    "row of `route`": lambda policy: (row.id for row in policy.route),
    "row of `targets`": lambda policy: (row.id for row in policy.targets),
    "row of `respond`": _responses,
    "row of `ignore`": lambda policy: (row.id for row in policy.ignore),
    "row of `classify`": lambda policy: (row.id for row in policy.classify),
    "rule": lambda policy: (rule.id for rule in policy.rules),
    "action": lambda policy: policy.actions,
    "channel": lambda policy: {*policy.channels, *(account.platform for account in policy.accounts.values())},
    "fact": lambda policy: (fact.name for fact in policy.facts.values() if not fact.built_in),
    "fact that enrichment tells": lambda policy: (
        fact.name for fact in policy.facts.values() if fact.enriched_by and not fact.built_in
    ),
}
"""For each noun, what bears it."""


def named(place: Place, policy: Policy, *nouns: str, more: tuple[str, ...] = ()) -> str:
    """A name of one of these kinds, or one of `more`; "" for any other."""
    return known(place, place.text(), policy, *nouns, more=more)


def known(place: Place, text: str, policy: Policy, *nouns: str, more: tuple[str, ...] = ()) -> str:
    """The same for a name that is only a part of the place's text."""
    legal = tuple(sorted({name for noun in nouns for name in KNOWN[noun](policy)}))
    if text in legal or text in more:
        return text
    code = "unknown-" + nouns[0].split(" ")[-1].strip("`")
    place.refuse(code, f"no {' and no '.join(nouns)} is called `{shown(text)}`", legal, text)
    return ""


def said(place: Place, without: tuple[str, ...] = ()) -> str:
    """What stands at the place, on one line."""
    value = place.value
    if isinstance(value, dict):
        value = {key: each for key, each in value.items() if key not in without}
    return flow(value) if value is not None else NONE
