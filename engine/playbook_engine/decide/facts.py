"""What conditions may read, and how a message's facts join the incident's. SEMANTICS 4.

One text pass per event: `classified` is the only place that reads free text, names and handles; everything later
reads its result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from playbook_engine.decide.deadlines import is_open
from playbook_engine.model.decision import Because
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident
from playbook_engine.policy.conditions import holds
from playbook_engine.policy.fold import fold
from playbook_engine.policy.personal import personal_data
from playbook_engine.policy.policy import FactType, Policy

Facts = dict[str, FactValue]

NOTHING: Mapping[str, FactValue] = MappingProxyType({})


@dataclass(frozen=True)
class Reading:
    """What one message says: `ignored_by` names the row that ignores it, `rows` the classify rows that matched.

    `base` are the facts about the message itself, `facts` what classify and enrichment set for it.
    """

    base: Facts
    facts: Facts
    rows: tuple[str, ...]
    ignored_by: str = ""
    because: str = ""


@dataclass(frozen=True)
class Remembered:
    """What a message said, as its record tells it: read in place of a text that was erased.

    `because` holds the rows and facts that came of it. `read` names what else was read in the text:
    `personal_data`, and `apology` in one of ours. `stale` is why an approval was asked for again, "" where it held.
    """

    because: Because
    read: tuple[str, ...] = ()
    stale: str = ""

    def reading(self, event: Event) -> Reading:
        base: Facts = {**message_facts(event), "personal_data": "personal_data" in self.read}
        known = self.because
        return Reading(base, dict(known.facts), known.classify, known.ignore, known.reason)


def read_message(policy: Policy, event: Event, assumed: Mapping[str, FactValue] = NOTHING) -> Reading:
    """`ignore` first, then `classify`: the one pass over the text."""
    base = message_facts(event)
    seen = {**readable_facts(policy, event), **assumed}
    for row in policy.ignore:
        if holds(row.when, seen):
            return Reading(base, {}, (), row.id, row.because)
    facts, rows = enriched(policy, event), []
    for line in policy.classify:
        if holds(line.when, seen):
            rows.append(line.id)
            facts = joined(policy, facts, dict(line.sets))
            seen.update(facts)
    return Reading(base, facts, tuple(rows))


def readable_facts(policy: Policy, event: Event) -> Facts:
    """What `ignore` may read of one message, and `classify` together with what its earlier rows have set."""
    return {
        **policy.unset_facts,
        **message_facts(event),
        **enriched(policy, event),
        "text": fold(event.text),
        "author.handle": fold(event.author.handle),
        "author.name": fold(event.author.name),
        "mode": event.modes,
        **open_facts(policy, event.seen_at),
    }


def message_facts(event: Event) -> Facts:
    """The built-in facts of one message that later sections may read."""
    facts: Facts = {
        "channel": event.channel,
        "account": account_id(event.channel, event.account),
        "origin": event.origin,
        "public": event.public,
        "automatic": event.automatic,
        "attachments": event.attachments,
        "personal_data": personal_data(event.text),
    }
    if event.lang:
        facts["lang"] = event.lang
    if event.author.followers is not None:
        facts["author.followers"] = event.author.followers
    if event.author.verified is not None:
        facts["author.verified"] = event.author.verified
    return facts


def account_id(channel: str, account: str) -> str:
    """An account under the name playbooks give it, `platform:handle`; "" without one."""
    return account if not account or account.startswith(f"{channel}:") else f"{channel}:{account}"


def enriched(policy: Policy, event: Event) -> Facts:
    """What enrichment told of the declared facts. A value outside its type is missing."""
    return {
        name: value
        for name, value in event.enrichment.items()
        if name in policy.facts and policy.facts[name].enriched_by and fits(policy.facts[name], value)
    }


def fits(fact: FactType, value: FactValue) -> bool:
    """Whether a value from outside is one the fact may take."""
    if fact.kind == "flag":
        return isinstance(value, bool)
    if fact.kind in ("number", "money", "duration"):
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return (fact.least is None or value >= fact.least) and (fact.most is None or value <= fact.most)
    if fact.kind == "set":
        return isinstance(value, tuple) and all(name in fact.values for name in value)
    return isinstance(value, str) and (not fact.values or value in fact.values)


def joined(policy: Policy, facts: Facts, more: Facts) -> Facts:
    """`more` joined to `facts`, each by its own kind: first stays, highest, union, or latest."""
    after = dict(facts)
    for name, value in more.items():
        fact = policy.facts[name]
        held = after.get(name)
        if held is None or fact.joins == "latest":
            after[name] = value
        elif fact.joins == "highest":
            after[name] = max(held, value, key=lambda name: fact.values.index(str(name)))
        elif fact.joins == "union" and isinstance(held, tuple) and isinstance(value, tuple):
            after[name] = tuple(sorted({*held, *value}))
    return after


def open_facts(policy: Policy, at: int) -> Facts:
    """Whether each calendar that a condition asks about is open at `at`."""
    return {f"open.{name}": policy.calendars[name].hours.is_open(at) for name in policy.calendars_read}


def incident_facts(policy: Policy, incident: Incident, now: int, at: int) -> Facts:
    """Everything that `route`, `targets`, `respond` and `rules` may read of an incident.

    `now` gates; `at` is when the customer wrote, for `department.was_open`.
    """
    base = policy.unset_facts
    message = {f"message.{name}": value for name, value in {**base, **incident.message_facts}.items()}
    department = policy.departments.get(incident.department)
    return {
        **message,
        **incident.message_facts,
        **base,
        **incident.facts,
        "mode": incident.modes,
        **open_facts(policy, now),
        "department.open": is_open(policy, department, now),
        "department.was_open": is_open(policy, department, at),
        "incident.stage": incident.stage,
        "incident.messages": incident.messages,
        "incident.public_turns": incident.public_turns,
        "incident.age": now - incident.opened_at,
        "incident.level": incident.level,
        "incident.department": incident.department,
        "incident.reopened": incident.reopened > 0,
        "incident.tags": incident.tags,
    }
