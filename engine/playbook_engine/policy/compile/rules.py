"""What happens beside the three steps: modes, rules, limits, claims to prove, and where the rest goes."""

from __future__ import annotations

from collections.abc import Mapping

from playbook_engine.model.action import ActionSpec
from playbook_engine.model.event import EVENT_TYPES
from playbook_engine.policy.compile.actions import Surroundings, actions
from playbook_engine.policy.compile.conditions import condition
from playbook_engine.policy.compile.facts import Scope
from playbook_engine.policy.compile.places import Collector, Place
from playbook_engine.policy.compile.rows import row_id, row_when, rows
from playbook_engine.policy.compile.scalars import duration, integer
from playbook_engine.policy.durations import DAY, HOUR
from playbook_engine.policy.policy import Limit, Mode, Proof, Rule, Threshold, Undecided
from playbook_engine.text.scalars import shown

RECEIVED = "message.received"
PER = ("author", "person", "account", "platform", "all")
OVER = ("hold", "ask", "digest", "drop")

LIFE = {"reopen_within": 7 * DAY, "close_after": 14 * DAY, "answer_within_max": 48 * HOUR}
"""How long an incident lives, in ms, where `incidents` says nothing else. SEMANTICS 2.4 and 3.4."""


def modes(collector: Collector, scope: Scope) -> Mapping[str, Mode]:
    return {place.key: _mode(place, scope) for place in collector.entries("modes")}


def _mode(place: Place, scope: Scope) -> Mode:
    starts, ends, people = place.entry("starts"), place.entry("ends"), place.entry("may_switch")
    if people is None and isinstance(place.value, dict):
        if starts is None:
            place.refuse_key("never-starts", f"`{place.key}` can never start; write `starts`, or who `may_switch` it")
        elif ends is None:
            place.refuse_key("never-ends", f"`{place.key}` can never end; write `ends`, or who `may_switch` it")
    return Mode(
        place.key,
        _threshold(starts, scope) if starts else None,
        _threshold(ends, scope) if ends else None,
        tuple(sorted(each.name_of("people") for each in people.elements())) if people else (),
        place.key_span,
    )


def _threshold(place: Place, scope: Scope) -> Threshold:
    messages, within = place.need("messages"), place.need("in")
    return Threshold(
        integer(messages, least=1) if messages else 0,
        duration(within) if within else 0,
        condition(place.entry("when"), scope),
    )


def rules(collector: Collector, scope: Scope, around: Surroundings) -> tuple[Rule, ...]:
    """All rules, by their names: the order of a mapping means nothing, and the digest does not hold it."""
    return tuple(
        sorted((_rule(place, scope, around) for place in collector.entries("rules")), key=lambda rule: rule.id)
    )


def _rule(place: Place, scope: Scope, around: Surroundings) -> Rule:
    event, after, once, do = place.entry("event"), place.entry("after"), place.entry("once_per"), place.need("do")
    per, within = _once(once) if once else ("", 0)
    return Rule(
        place.key,
        row_when(place, scope),
        place.key_span,
        event.one_of(EVENT_TYPES, "unknown-event", "a type of event") if event else RECEIVED,
        actions(do, scope, around) if do else (),
        duration(after) if after else 0,
        per,
        within,
    )


def _once(place: Place) -> tuple[str, int]:
    if isinstance(place.value, str):
        return place.one_of(("incident", "author"), "unknown-value", "something a rule can fire once per"), 0
    within = place.need("author")
    return "author", duration(within) if within else 0


def limits(collector: Collector, specs: Mapping[str, ActionSpec]) -> tuple[Limit, ...]:
    return tuple(_limit(row, specs) for row in rows(collector.section("limits")))


def _limit(row: Place, specs: Mapping[str, ActionSpec]) -> Limit:
    of, per, most, within, then = (row.need(key) for key in ("of", "per", "max", "in", "then"))
    action = of.one_of(specs, "unknown-action", "an action") if of else ""
    counted = per.one_of(PER, "unknown-value", "something a limit counts by") if per else ""
    over = then.one_of(OVER, "unknown-value", "something to do above a limit") if then else ""
    if then and over == "digest" and action not in ("", "notify"):
        then.refuse(
            "digest", f"only notifications can be gathered into one; above a limit of `{action}` hold, ask or drop"
        )
    if per and counted == "person" and action not in ("", "notify"):
        per.refuse(
            "per-person", f"`{action}` goes to no person of ours; count `{action}` per author, account, platform or all"
        )
    if then and over == "ask" and action == "notify":
        then.refuse(
            "ask", "asking somebody would be a notification itself; above a limit of `notify` hold, digest or drop"
        )
    return Limit(
        row_id(row),
        action,
        counted,
        integer(most, least=1) if most else 0,
        duration(within) if within else 0,
        over,
        row.span,
    )


def proofs(collector: Collector, assumed: Scope, asserted: Scope) -> tuple[Proof, ...]:
    return tuple(
        Proof(
            row_id(row),
            condition(row.entry("assume"), assumed),
            condition(row.need("assert"), asserted),
            row.span,
        )
        for row in rows(collector.section("prove"))
    )


def life(collector: Collector) -> Mapping[str, int]:
    section = collector.section("incidents")
    given = {key: entry for key in LIFE if (entry := section.entry(key)) is not None}
    return {key: duration(given[key]) if key in given else default for key, default in LIFE.items()}


def undecided(collector: Collector) -> Undecided:
    section = collector.section("undecided")
    if "undecided" not in collector.document.value:
        message = (
            "`undecided` is missing: say who gets what no rule decides; write undecided: {to: PERSON, within: 30m}"
        )
        collector.top().refuse("missing-section", message)
        return Undecided("", 0)
    to, within = section.need("to"), section.need("within")
    return Undecided(to.name_of("people") if to else "", duration(within) if within else 0)


RENAMED_KINDS = (
    "departments",
    "people",
    "accounts",
    "escalations",
    "rules",
    "modes",
    "facts",
    "templates",
    "calendars",
)


def renamed(collector: Collector, row_names: tuple[str, ...]) -> Mapping[str, str]:
    """Names that incidents may still hold, with the present name of the same thing.

    `row_names` are the ids of targets, responses and levels.
    """
    present = {*row_names, *(name for kind in RENAMED_KINDS for name in collector.names(kind))}
    found = {}
    for place in collector.entries("renamed"):
        if place.key in present:
            message = f"`{shown(place.key)}` is still in use; give the new thing another name, or take this out"
            place.refuse_key("renamed", message)
        if isinstance(place.value, str) and place.value not in present:
            chained = collector.document.value.get("renamed")
            later = chained.get(place.value) if isinstance(chained, dict) else None
            remedy = f"; it was renamed too, write `{later}`" if isinstance(later, str) else ""
            message = f"nothing is called `{shown(place.value)}`{remedy}"
            place.refuse("unknown-name", message, sorted(present), place.value)
        found[place.key] = place.text()
    return found
