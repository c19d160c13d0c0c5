"""Why a decision came out as it did: every row of the playbook, asked or not, with every test it makes.

The rows are asked again with the very facts the decision was made with, so a row that decides here is the row that
decided; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from playbook_engine.decide.acting import DEEPEST
from playbook_engine.decide.customer import counted_facts
from playbook_engine.decide.decide import decide, deliberate
from playbook_engine.decide.facts import Facts, enriched, joined, readable_facts
from playbook_engine.decide.turn import Turn
from playbook_engine.explain.reasons import ANY, Checked, Reason, reason
from playbook_engine.explain.reasons import joined as joined_reasons
from playbook_engine.explain.rows import HUMAN_ONLY, SECTIONS, NamedRow, every_row
from playbook_engine.model.decision import Decision
from playbook_engine.model.event import Event, FactValue
from playbook_engine.model.incident import Incident, Timer
from playbook_engine.model.span import Span
from playbook_engine.policy.policy import Policy, Row, Rule

FIRST_MATCH = ("ignore", "route", "respond", "targets")
READ = ("message.received", "message.edited")
"""The types of events whose text is read and for which somebody who answers is looked for."""

OUTCOMES = {
    "decided": "it matches, and no earlier row does",
    "fired": "it matches, where all that match count; of a limit: a delivery of the decision counts against it",
    "earlier": "it matches, but the earlier row `instead` does too",
    "failed": "a test failed",
    "later": "a rule that is judged at `due`, if nobody has written by then",
    "once": "a rule that matches, but fires once per incident and did so before",
    "deep": "a rule that matches, but the event follows from too many deliveries of our own",
    "ignored": "not asked: the row `instead` ignores the message",
    "event": "not asked: a rule on events of the type `instead`",
    "department": "not asked: another department's own row, while `instead` answers",
    "taken": "not asked: the person `instead` has taken the incident",
    "unasked": "not asked: the event, of the type `instead`, did not come to it",
    "unused": "a limit of the action `instead`, which the decision does not take",
}
"""What may become of a row: closed."""


@dataclass(frozen=True)
class Verdict:
    """One row and what became of it: `outcome` is one of OUTCOMES, `instead` what stood in its way.

    `reason` holds its tests with the values they met; None where it was not asked. `department` is whose own row
    it is, "" for the playbook's; `sets` are the facts that a matching row of `classify` sets. `due` is in ms UTC.
    """

    section: str
    id: str
    outcome: str
    span: Span | None = None
    reason: Reason | None = None
    instead: str = ""
    department: str = ""
    sets: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    due: int = 0

    @property
    def checks(self) -> tuple[Checked, ...]:
        """Every test of the row, in the order written."""
        return self.reason.checks if self.reason is not None else ()

    @property
    def failed(self) -> tuple[Checked, ...]:
        return tuple(check for check in self.checks if not check.holds)


@dataclass(frozen=True)
class Explanation:
    """One decision with its reasons. `facts` are what `route` and everything after it could read."""

    decision: Decision
    verdicts: tuple[Verdict, ...]
    facts: Mapping[str, FactValue]

    def section(self, name: str) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.section == name)

    def of(self, row: str) -> tuple[Verdict, ...]:
        """Every row called `row`, in whatever section it stands."""
        return tuple(verdict for verdict in self.verdicts if verdict.id == row)

    def deciding(self, section: str) -> tuple[Verdict, ...]:
        """The rows of a section that took part in the decision."""
        return tuple(verdict for verdict in self.section(section) if verdict.outcome in ("decided", "fired"))

    def nearest(self, section: str, most: int = 2) -> tuple[Verdict, ...]:
        """The rows that one test kept from changing the decision, those of which most holds first.

        In a first-match list a row after the winner could not have changed anything.
        """
        rows = self.section(section)
        if section in FIRST_MATCH:
            won = next((at for at, each in enumerate(rows) if each.outcome == "decided"), len(rows))
            rows = rows[:won]
        lost = [each for each in rows if each.reason is not None and each.reason.came_close]
        return tuple(sorted(lost, key=lambda each: -sum(check.holds for check in each.checks))[:most])


def explain(policy: Policy, incident: Incident, event: Event, now: int, timer: Timer | None = None) -> Explanation:
    """Decides `event` for `incident` at `now` (ms UTC) and says why. The incident is as it was before the event.

    For a `timer.due` event `timer` is the one that came due, as for `decide`. What could not be decided has no rows.
    """
    try:
        turn = deliberate(policy, incident, event, now, timer)
    except Exception:
        return Explanation(decide(policy, incident, event, now, timer), (), {})
    asked = (*_reading(turn), *_oriented(turn), *_beside(turn), *_rules(turn, incident), *_limits(turn))
    known = {(verdict.section, verdict.id, verdict.department) for verdict in asked}
    rest = [row for row in every_row(policy) if (row.section, row.id, row.department) not in known]
    verdicts = (*asked, *(_not_asked(turn, row) for row in rest))
    in_order = sorted(verdicts, key=lambda verdict: SECTIONS.index(verdict.section))
    return Explanation(turn.decision(), tuple(in_order), _facts(turn))


def _facts(turn: Turn) -> Facts:
    return turn.seen.get("respond") or turn.seen.get("rules") or turn.facts()


def _fired(found: Reason) -> str:
    return "fired" if found.holds else "failed"


def _first_match(section: str, rows: Iterable[tuple[Row, str]], facts: Facts) -> Iterator[Verdict]:
    winner = ""
    for row, department in rows:
        found = reason(row.when, facts)
        outcome = "failed" if not found.holds else "earlier" if winner else "decided"
        instead = winner if outcome == "earlier" else ""
        yield Verdict(section, row.id, outcome, row.span, found, instead, department)
        winner = winner or (row.id if found.holds else "")


def _common(rows: Iterable[Row]) -> list[tuple[Row, str]]:
    return [(row, "") for row in rows]


def _reading(turn: Turn) -> Iterator[Verdict]:
    """The one pass over the text: `ignore`, then `classify` with what earlier rows have set."""
    policy = turn.policy
    if turn.event.type not in READ:
        return
    seen, facts = readable_facts(policy, turn.event), enriched(policy, turn.event)
    yield from _first_match("ignore", _common(policy.ignore), seen)
    for row in policy.classify if not turn.because.ignore else ():
        found = reason(row.when, seen)
        yield Verdict("classify", row.id, _fired(found), row.span, found, sets=row.sets)
        if found.holds:
            facts = joined(policy, facts, dict(row.sets))
            seen.update(facts)


def _oriented(turn: Turn) -> Iterator[Verdict]:
    """Who answers, what is done and how fast, where they were looked for."""
    policy, seen = turn.policy, turn.seen
    if "route" in seen:
        yield from _first_match("route", _common(policy.route), seen["route"])
    if "respond" in seen:
        departments = [policy.departments[name] for name in _answering(turn)]
        own = [(row, department.id) for department in departments for row in department.respond]
        yield from _first_match("respond", [*own, *_common(policy.respond)], seen["respond"])
        yield from _first_match("targets", _common(policy.targets), seen["targets"])


def _answering(turn: Turn) -> tuple[str, ...]:
    """Who answered, and whose matter it is, when responses were asked: the reply itself may have handed it over."""
    route = next(row for row in turn.policy.route if row.id == turn.because.route)
    names = dict.fromkeys((str(turn.seen["respond"]["incident.department"]), turn.renamed(route.department)))
    return tuple(name for name in names if name in turn.policy.departments)


def _beside(turn: Turn) -> Iterator[Verdict]:
    """What keeps machines silent, and the modes that the message counts for."""
    policy = turn.policy
    if turn.because.ignore:
        return
    if policy.human_only:
        found = joined_reasons(ANY, tuple(reason(test, turn.facts()) for test in policy.human_only))
        yield Verdict(HUMAN_ONLY, HUMAN_ONLY, _fired(found), None, found)
    if turn.event.type != "message.received":
        return
    for mode in policy.modes.values():
        thresholds = [each for each in (mode.starts, mode.ends) if each is not None]
        found = joined_reasons(ANY, tuple(dict.fromkeys(reason(each.when, counted_facts(turn)) for each in thresholds)))
        yield Verdict("modes", mode.id, _fired(found), mode.span, found)


def _rules(turn: Turn, before: Incident) -> Iterator[Verdict]:
    """The rules that were judged, on the facts before any of them acted."""
    for rule in turn.policy.rules:
        facts = turn.seen.get(f"rule:{rule.id}")
        if facts is not None:
            found = reason(rule.when, facts)
            yield Verdict("rules", rule.id, _fate(turn, before, rule, found.holds), rule.span, found)


def _fate(turn: Turn, before: Incident, rule: Rule, matches: bool) -> str:
    if rule.id in turn.because.rules:
        return "fired"
    if matches and rule.once_per == "incident" and f"rule:{rule.id}" in before.fired:
        return "once"
    return "deep" if matches and turn.event.depth >= DEEPEST else "failed"


def _limits(turn: Turn) -> Iterator[Verdict]:
    tallies = [claim.tally for delivery in turn.deliveries for claim in delivery.claims]
    for limit in turn.policy.limits:
        used = any(tally.startswith(f"limit:{limit.id}:") for tally in tallies)
        outcome = "fired" if used else "unused"
        yield Verdict("limits", limit.id, outcome, limit.span, instead="" if used else limit.action)


def _not_asked(turn: Turn, row: NamedRow) -> Verdict:
    """Why the turn never came to a row."""
    verdict = Verdict(row.section, row.id, "unasked", row.span, None, turn.event.type, row.department)
    if turn.because.ignore:
        return replace(verdict, outcome="ignored", instead=turn.because.ignore)
    if row.section == "rules":
        return _rule_not_asked(turn, verdict)
    if row.section == "respond" and "respond" in turn.seen:
        return replace(verdict, outcome="department", instead=str(turn.seen["respond"]["incident.department"]))
    if row.section in ("route", "respond", "targets") and turn.event.type in READ and turn.incident.taken_by:
        return replace(verdict, outcome="taken", instead=turn.incident.taken_by)
    return verdict


def _rule_not_asked(turn: Turn, verdict: Verdict) -> Verdict:
    rule = next(rule for rule in turn.policy.rules if rule.id == verdict.id)
    if rule.event != turn.event.type:
        return replace(verdict, outcome="event", instead=rule.event)
    due = turn.now + rule.after
    if rule.after and any(timer.name == "rule" and timer.subject == rule.id for timer in turn.incident.timers):
        return replace(verdict, outcome="later", instead="", due=due)
    return verdict
