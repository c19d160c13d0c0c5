"""What a test has covered, read from what the engine recorded while it ran: every decision explained again."""

from __future__ import annotations

from collections.abc import Iterator

from playbook_engine.cover.days import kinds_of
from playbook_engine.cover.elements import has_edge, key
from playbook_engine.explain.reasons import Checked
from playbook_engine.explain.why import FIRST_MATCH, READ, Explanation, Verdict, explain
from playbook_engine.model.decision import Decision, Note
from playbook_engine.model.delivery import Delivery
from playbook_engine.model.duty import Duty
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.past import Past, replayed
from playbook_engine.scenario.play import Ran
from playbook_engine.scenario.suite import SECOND

UNITS = {"duration": SECOND}
"""How far from an edge a value still stands at it; one where nothing else is said."""


def seen(policy: Policy, ran: Ran | None) -> frozenset[str]:
    """The keys of the elements that a run has covered."""
    if ran is None:
        return frozenset()
    pasts = (past for incident in ran.store.incidents() for past in replayed(ran.store, incident.id, lambda _: policy))
    return frozenset(each for past in pasts for each in _seen(policy, past))


def _seen(policy: Policy, past: Past) -> Iterator[str]:
    found = explain(policy, past.incident, past.event, past.record.now, past.timer)
    after = found.decision.incident
    yield from _of_rows(found)
    for note in found.decision.notes:
        yield from _of_note(policy, note, after)
    yield from _of_moment(policy, past, found.decision)
    drafts = (draft.delivery for draft in after.drafts)
    yield from (each for delivery in (*found.decision.deliveries, *drafts) for each in _of_text(delivery))


def _of_rows(found: Explanation) -> Iterator[str]:
    decided: set[str] = set()
    for verdict in found.verdicts:
        if verdict.outcome in ("decided", "fired"):
            yield key("rows", verdict.section, verdict.department, verdict.id)
        if verdict.section not in decided:
            yield from _of_tests(verdict)
        if verdict.section in FIRST_MATCH and verdict.outcome == "decided":
            decided.add(verdict.section)


def _of_tests(verdict: Verdict) -> Iterator[str]:
    """What the tests of a row that was asked decided; what stands after the row that wins was not."""
    if verdict.reason is None:
        return
    for number, check in enumerate(verdict.checks):
        at = (verdict.section, verdict.department, verdict.id, number)
        if verdict.reason.would_hold(check.test) != verdict.reason.holds:
            yield key("conditions", *at, "true" if check.passed else "false")
        side = _side(check)
        if side:
            yield key("boundaries", *at, side)


def _side(check: Checked) -> str:
    """Which side of its edge a value stands at, "" where it is farther from it than one unit."""
    bound, value = check.test.operand, check.value
    if not has_edge(check.test) or not isinstance(bound, int) or not isinstance(value, int):
        return ""
    first_above = bound if check.test.operator in ("gte", "lt") else bound + 1
    unit = UNITS.get(check.test.kind, 1)
    if first_above - unit <= value < first_above:
        return "below"
    return "above" if first_above <= value < first_above + unit else ""


def _of_note(policy: Policy, note: Note, after: Incident) -> Iterator[str]:
    duty = next((each for each in after.duties if (each.step, each.round) == (note.step, note.round)), None)
    if duty is None:
        return
    if note.kind == "level":
        yield key("levels", duty.ladder, note.level, "reached")
    elif note.kind in ("duty-met", "duty-late", "duty-waived"):
        yield from _of_ladder(duty)
    yield from _of_duty(policy, note, duty, after)


def _of_ladder(duty: Duty) -> Iterator[str]:
    """The level that would have come next, had the step not been done."""
    to_come = [level for level in duty.levels if level.name not in duty.fired]
    if to_come:
        yield key("levels", duty.ladder, min(to_come, key=lambda level: level.at).name, "stopped")


def _of_duty(policy: Policy, note: Note, duty: Duty, after: Incident) -> Iterator[str]:
    step, late = _promise(policy, duty, after), note.at - duty.deadline
    if note.kind == "duty-met":
        yield key("steps", duty.target, step, "met")
        if -SECOND < late <= 0:
            yield key("boundaries", "target", duty.target, step, "last")
    elif note.kind in ("duty-breached", "duty-late"):
        yield key("steps", duty.target, step, "missed")
        if note.kind == "duty-late" and 0 < late <= SECOND:
            yield key("boundaries", "target", duty.target, step, "after")


def _promise(policy: Policy, duty: Duty, after: Incident) -> str:
    """Which deadline of its target a duty goes by: a later reply may have its own."""
    target = next(row for row in policy.targets if row.id == duty.target)
    later = duty.step == "reply" and duty.round > after.epoch
    return "next_reply" if later and "next_reply" in target.deadlines else duty.step


def _of_moment(policy: Policy, past: Past, made: Decision) -> Iterator[str]:
    """When a message came, by the calendars of whose it is, of who answers, and of those that conditions ask about."""
    if past.event.type not in READ:
        return
    routed = (row.department for row in policy.route if row.id == made.because.route)
    departments = (policy.departments.get(each) for each in (made.incident.department, *routed))
    names = {*policy.calendars_read, *(each.calendar for each in departments if each is not None)}
    for name in names - {""}:
        for kind in kinds_of(policy.calendars[name].hours, past.event.seen_at):
            yield key("calendars", name, kind, past.event.channel)


def _of_text(delivery: Delivery) -> Iterator[str]:
    if "template" in delivery.parameters:
        yield key("texts", delivery.parameters["template"], delivery.parameters.get("lang", ""))
