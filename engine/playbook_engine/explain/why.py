"""Why a decision came out as it did: every row of every section, with every test it makes.

The rows are asked again with the very facts the decision was made with, so a matched row here is the row that decided;
a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playbook_engine.decide.decide import deliberate
from playbook_engine.decide.facts import enriched, joined, message_facts, open_facts
from playbook_engine.decide.turn import Turn
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident
from playbook_engine.model.span import Span
from playbook_engine.policy.conditions import Checked, evaluate
from playbook_engine.policy.fold import fold
from playbook_engine.policy.policy import Policy, Row

Facts = dict[str, FactValue]

FIRST_MATCH = ("ignore", "route", "respond", "targets")
SECTIONS = ("ignore", "classify", "route", "respond", "targets", "rules")


@dataclass(frozen=True)
class Verdict:
    """One row and what became of it.

    `outcome` is decided (it won), fired (a section in which all that match count), earlier (it matches too, but an
    earlier row won: `winner`), later (a rule that is judged after a while), or no. `checked`
    holds each test with the value it saw.
    """

    section: str
    id: str
    outcome: str
    span: Span
    checked: tuple[Checked, ...]
    winner: str = ""

    @property
    def failed(self) -> tuple[Checked, ...]:
        return tuple(check for check in self.checked if not check.holds)


@dataclass(frozen=True)
class Explanation:
    """One decision with its reasons. `facts` are what `route` and everything after it could read."""

    decision: Decision
    verdicts: tuple[Verdict, ...]
    facts: Facts

    def section(self, name: str) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.section == name)

    def of(self, row: str) -> tuple[Verdict, ...]:
        """Every row called `row`, in whatever section it stands."""
        return tuple(verdict for verdict in self.verdicts if verdict.id == row)

    def nearest(self, section: str, most: int = 2) -> tuple[Verdict, ...]:
        """The rows of a section that lost by a single test, nearest first; those that only came later do not count."""
        lost = [verdict for verdict in self.section(section) if verdict.outcome == "no" and len(verdict.failed) == 1]
        return tuple(lost[:most])


def explain(policy: Policy, incident: Incident, event: Event, now: int) -> Explanation:
    """Decides `event` for `incident` at `now` (ms UTC) and says why. The incident is as it was before the event."""
    turn = deliberate(policy, incident, event, now)
    verdicts: list[Verdict] = []
    if event.type in ("message.received", "message.edited"):
        verdicts += _reading(policy, event)
    sections: tuple[tuple[str, Iterable[Row]], ...] = (
        ("route", policy.route),
        ("respond", turn.responses()),
        ("targets", policy.targets),
    )
    for section, rows in sections:
        if section in turn.seen:
            verdicts += _first_match(section, rows, turn.seen[section])
    verdicts += _rules(policy, turn)
    facts = turn.seen.get("respond") or turn.seen.get("rules") or {}
    return Explanation(turn.decision(), tuple(verdicts), facts)


def _reading(policy: Policy, event: Event) -> list[Verdict]:
    told = enriched(policy, event)
    seen: Facts = {
        **policy.unset_facts,
        **message_facts(event),
        **told,
        "text": fold(event.text),
        "author.handle": fold(event.author.handle),
        "author.name": fold(event.author.name),
        "mode": event.modes,
        **open_facts(policy, event.seen_at),
    }
    verdicts = _first_match("ignore", policy.ignore, seen)
    if any(verdict.outcome == "decided" for verdict in verdicts):
        return verdicts
    facts = dict(told)
    for row in policy.classify:
        matched, checked = evaluate(row.when, seen)
        verdicts.append(Verdict("classify", row.id, "fired" if matched else "no", row.span, checked))
        if matched:
            facts = joined(policy, facts, dict(row.sets))
            seen.update(facts)
    return verdicts


def _first_match(section: str, rows: Iterable[Row], facts: Facts) -> list[Verdict]:
    verdicts, winner = [], ""
    for row in rows:
        matched, checked = evaluate(row.when, facts)
        outcome = "no" if not matched else "earlier" if winner else "decided"
        beaten_by = winner if outcome == "earlier" else ""
        verdicts.append(Verdict(section, row.id, outcome, row.span, checked, beaten_by))
        winner = winner or (row.id if matched else "")
    return verdicts


def _rules(policy: Policy, turn: Turn) -> list[Verdict]:
    facts = turn.seen.get("rules")
    if facts is None:
        return []
    verdicts = []
    for rule in policy.rules:
        if rule.event != turn.event.type:
            continue
        matched, checked = evaluate(rule.when, facts)
        fired = rule.id in turn.because.rules
        outcome = "fired" if fired else "later" if rule.after else "earlier" if matched else "no"
        verdicts.append(Verdict("rules", rule.id, outcome, rule.span, checked))
    return verdicts
