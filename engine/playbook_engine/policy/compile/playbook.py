"""Document to Policy: every name, type and default is resolved here, and everything wrong is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.duty import STEPS
from playbook_engine.model.span import Problem
from playbook_engine.policy.built_in import ACTIONS
from playbook_engine.policy.calendars import Calendar
from playbook_engine.policy.compile import rules as beside
from playbook_engine.policy.compile.accounts import accounts, channels, links
from playbook_engine.policy.compile.actions import Surroundings, check_wording
from playbook_engine.policy.compile.calendars import calendars, zone_of
from playbook_engine.policy.compile.conditions import human_only
from playbook_engine.policy.compile.departments import check_hand_overs, check_hours, departments
from playbook_engine.policy.compile.facts import declared_facts, readable_facts, row_ids, scopes
from playbook_engine.policy.compile.people import people
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.respond import responses, with_own_responses
from playbook_engine.policy.compile.rows import classified, ignored, routed
from playbook_engine.policy.compile.scalars import day
from playbook_engine.policy.compile.targets import ladders, targets
from playbook_engine.policy.compile.templates import templates
from playbook_engine.policy.digest import content
from playbook_engine.policy.holidays import HolidayLock
from playbook_engine.policy.policy import Policy
from playbook_engine.text.document import Document

Named = TypeVar("Named")

FORMAT = "1"
_EXAMPLES = {
    "playbook": "playbook: my-shop",
    "format": "format: 1",
    "timezone": "timezone: Asia/Tokyo",
    "languages": "languages: [ja, en]",
    "departments": "departments: {care: {name: Customer care}}",
}
"""What must be there beside the lists that end with a catch-all, and `undecided`."""


def compile_policy(
    document: Document, lock: HolidayLock, actions: Mapping[str, ActionSpec], engine_mark: str = ""
) -> tuple[Policy | None, tuple[Problem, ...]]:
    """The policy that a document describes, or None and every problem in the order of the files.

    `actions` are those that plugins offer, by name. Of what only the schema can explain, a problem with the
    code `structure` is all that is said. Never raises.
    """
    collector = Collector(document)
    specs = _by_id({**actions, **ACTIONS})
    policy = _compiled(collector, lock, specs, channels(collector, actions), engine_mark)
    return (None if collector.problems else policy), collector.problems


def _compiled(
    collector: Collector,
    lock: HolidayLock,
    specs: Mapping[str, ActionSpec],
    known_channels: tuple[str, ...],
    engine_mark: str,
) -> Policy:
    head = _head(collector)
    own = declared_facts(collector)
    scope = scopes(collector, own, known_channels)
    hours, around = _surroundings(collector, lock, head["timezone"], specs, known_channels)
    policy = Policy(
        name=head["playbook"],
        digest="",
        timezone=head["timezone"],
        languages=collector.languages,
        fallback=head["fallback"],
        facts=_by_id(readable_facts(collector, own, known_channels)),
        calendars=_by_id(hours),
        people=_by_id(people(collector)),
        departments=_by_id(with_own_responses(collector, scope["respond"], around)),
        accounts=_by_id(accounts(collector)),
        templates=_by_id(around.templates),
        links=_by_id(links(collector)),
        ignore=ignored(collector, scope["ignore"]),
        classify=classified(collector, scope["classify"], own),
        route=routed(collector, scope["route"]),
        targets=targets(collector, scope["targets"]),
        respond=responses(collector, scope["respond"], around),
        human_only=human_only(collector, scope["human_only"]),
        ladders=_by_id(ladders(collector, around.departments)),
        modes=_by_id(beside.modes(collector, scope["modes"])),
        rules=beside.rules(collector, scope["rules"], around),
        undecided=beside.undecided(collector),
        limits=beside.limits(collector, specs),
        proofs=beside.proofs(collector, scope["assume"], scope["assert"]),
        renamed=_by_id(beside.renamed(collector, _row_names(collector))),
        actions=specs,
        channels=known_channels,
        owner=head["owner"],
        approved_by=_approvers(collector),
        review_by=head["review_by"],
        engine_mark=engine_mark,
        **beside.life(collector),
    )
    return replace(policy, digest=version(collector.document, lock, policy)) if not collector.found else policy


def _surroundings(
    collector: Collector,
    lock: HolidayLock,
    zone: str,
    specs: Mapping[str, ActionSpec],
    known_channels: tuple[str, ...],
) -> tuple[Mapping[str, Calendar], Surroundings]:
    """Calendars, departments and templates, and how they go together."""
    hours = calendars(collector, lock, zone)
    spending = tuple(name for name, spec in specs.items() if "spends" in spec.effects)
    found = departments(collector, spending)
    check_hours(collector, found, hours)
    check_hand_overs(collector, found, hours)
    around = Surroundings(specs, templates(collector, known_channels), found)
    _check_closed(collector, around)
    return hours, around


def _head(collector: Collector) -> dict[str, str]:
    """What stands once: the name, the zone, the languages and who answers for the playbook."""
    top = collector.top()
    for name, example in _EXAMPLES.items():
        if top.entry(name) is None:
            top.refuse("missing-section", f"`{name}` is missing; write {example}")
    written = {name: top.entry(name) for name in ("playbook", "owner", "format", "fallback", "review_by")}
    said = {name: place.text() if place else "" for name, place in written.items()}
    form, fallback, review = written["format"], written["fallback"], written["review_by"]
    if form is not None and said["format"] != FORMAT:
        form.one_of((FORMAT,), "format", "a version of the language that is known here")
    if fallback is not None:
        fallback.one_of(collector.languages, "unknown-language", "among the `languages` of this playbook")
    if top.entry("languages") is not None and not collector.languages:
        collector.section("languages").unfit("a list of languages")
    first = collector.languages[0] if collector.languages else ""
    return {
        **said,
        "timezone": zone_of(top.entry("timezone")),
        "fallback": said["fallback"] or first,
        "review_by": day(review) if review else "",
    }


def _approvers(collector: Collector) -> tuple[str, ...]:
    place = collector.top().entry("approved_by")
    return tuple(each.text() for each in place.one_or_more()) if place else ()


def _check_closed(collector: Collector, around: Surroundings) -> None:
    """What is sent while a department is closed leaves without a person."""
    for department in around.departments.values():
        if department.when_closed is not None and department.when_closed.template:
            template = department.when_closed.template
            place = Place(collector, ("departments", department.id, "when_closed", "send"), template)
            check_wording(place, template, around, ())


def _row_names(collector: Collector) -> tuple[str, ...]:
    """The ids of the lists whose rows an incident holds."""
    departments = (("departments", name, "respond") for name in collector.names("departments"))
    levels = (("escalations", name) for name in collector.names("escalations"))
    return row_ids(collector, ("targets",), ("respond",), ("route",), *departments, *levels)


def version(document: Document, lock: HolidayLock, policy: Policy) -> str:
    """The digest of what was written, the holidays it counts with and the specs of its actions."""
    return sha256(stood_for(document, lock, policy)).hexdigest()


def stood_for(document: Document, lock: HolidayLock, policy: Policy) -> bytes:
    """All that the policy's digest is the SHA-256 of: from it the same policy can be made again."""
    calendars = document.value.get("calendars")
    regions = frozenset(
        str(calendar.get("holidays"))
        for calendar in (calendars.values() if isinstance(calendars, dict) else ())
        if isinstance(calendar, dict)
    )
    specs = {name: _written(policy.actions[name]) for name in actions_named(policy)}
    return content(document.value, {"holidays": lock.written(regions)}, specs)


def actions_named(policy: Policy) -> frozenset[str]:
    """The actions that a policy uses, bounds or limits."""
    own = (row for department in policy.departments.values() for row in department.respond)
    steps = (row.step(name) for row in (*policy.respond, *own) for name in STEPS)
    acted = (action.name for step in steps for action in step.actions)
    fired = (action.name for rule in policy.rules for action in rule.actions)
    spent = (name for department in policy.departments.values() for name in department.may_spend)
    return frozenset((*acted, *fired, *spent, *(limit.action for limit in policy.limits)))


def _written(spec: ActionSpec) -> Mapping[str, object]:
    """A spec as JSON, without the sentence for people."""
    return {
        "name": spec.name,
        "parameters": spec.parameters,
        "main": spec.main,
        "effects": sorted(spec.effects),
        "channels": sorted(spec.channels),
        "idempotent": spec.idempotent,
    }


def _by_id(named: Mapping[str, Named]) -> Mapping[str, Named]:
    """Read-only, by name: the order of a mapping means nothing, and the digest does not hold it."""
    return MappingProxyType(dict(sorted(named.items())))
