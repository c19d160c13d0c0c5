"""What is told of a test that failed: what is wrong, everything that came about, and why it was decided so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout

from playbook_engine.cli.explain_case import Case
from playbook_engine.cli.explained import Explained, print_explained
from playbook_engine.explain.why import explain
from playbook_engine.policy.policy import Policy
from playbook_engine.runtime.past import Past, replayed
from playbook_engine.scenario.matching import nearest
from playbook_engine.scenario.telling import side_by_side
from playbook_engine.scenario.verdict import Verdict

RECEIVED = "message.received"


def failure(policy: Policy, verdict: Verdict) -> str:
    """The whole text."""
    return "\n".join((*verdict.said, *_story(policy, verdict), *_explanation(policy, verdict)))


def _story(policy: Policy, verdict: Verdict) -> Iterator[str]:
    lines = list(side_by_side(verdict, policy.timezone))
    if lines:
        yield ""
        yield from lines


def _explanation(policy: Policy, verdict: Verdict) -> Iterator[str]:
    """Why the message was decided as it was from which the first thing wrong follows."""
    past = _blamed(policy, verdict)
    if past is None:
        return
    case = Case(policy, past.incident, past.event, past.record.now, past.timer)
    told = io.StringIO()
    with redirect_stdout(told):
        found = explain(policy, case.incident, case.event, case.now, case.timer)
        print_explained(Explained(case, found, (), planned=False), "en")
    yield ""
    yield from ("  " + line for line in told.getvalue().splitlines())


def _blamed(policy: Policy, verdict: Verdict) -> Past | None:
    """The latest message of the incident in which something is wrong, before it went wrong."""
    ran = verdict.ran
    if ran is None:
        return None
    near = (nearest(each, ran.happenings) for each in verdict.matching.missing)
    wrong = [*filter(None, near), *verdict.matching.left, *(found for _, found in verdict.forbidden)]
    messages = [event for event in ran.events if event.type == RECEIVED]
    incident = wrong[0].incident if wrong else ran.store.decided_in(messages[0].key) if messages else ""
    until = wrong[0].at if wrong else None
    pasts = [each for each in replayed(ran.store, incident, lambda _: policy) if each.record.type == RECEIVED]
    before = [each for each in pasts if until is None or each.record.now <= until] or pasts
    return before[-1] if before else None
