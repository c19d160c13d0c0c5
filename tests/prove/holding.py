"""Playbooks for the tests of what is proved: the complete one of the tests of lint, and parts laid over it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lint.linting import laid_over, subject_of
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.case import Case
from playbook_engine.prove.proving import verdicts
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.solver import CONFLICTS
from playbook_engine.prove.verdict import Verdict

SINCE = 1_795_532_400_000
"""Wednesday 2026-11-25, 00:00 in Tokyo."""

OPEN = "departments:\n  care: {name: Care, on_duty: head, lead: head}\n"
"""A department that never closes, so that nothing waits for an opening."""


def heavy(id: str) -> str:
    """A claim that holds, which no solver sees at once."""
    names = [f"t{number}" for number in range(9)]
    words = (f"[a{n}, b{n * 7 % 9}, c{n * 5 % 11}]" for n in range(9))
    rows = (
        f"  - {{id: row-{name}, when: {{text: {{words: {each}}}}}, set: {{topics: {name}}}}}\n"
        for name, each in zip(names, words, strict=True)
    )
    pairs = (f"{{all: [{{topics: t{n}}}, {{topics: t{(n * 4 + 1) % 9}}}]}}" for n in range(9) if n != 4)
    claim = "{spend: {lte: 1000 JPY}, department: care}"
    return (
        f"facts:\n  topics: {{many_of: [delivery, damage, injury, legal, {', '.join(names)}]}}\n"
        f"classify:\n{''.join(rows)}prove:\n"
        f"  - {{id: {id}, assume: {{any: [{', '.join(pairs)}]}}, assert: {claim}}}\n"
    )


def playbook(fragment: str) -> Policy:
    subject = subject_of(laid_over(fragment))
    assert subject.compiled is not None, subject.problems
    return subject.compiled


def verdict(name: str, policy: Policy, budget: int = CONFLICTS) -> Verdict:
    """What comes of one property or claim."""
    (found,) = verdicts(Case(policy, SINCE, budget), {name})
    return found


def decided(replayed: Replayed) -> tuple[str, ...]:
    """The rows that decided, as `section row`."""
    return tuple(sorted(f"{row.section} {row.id}" for row in replayed.rows))


def due(replayed: Replayed) -> dict[str, str]:
    """By step, when it is due by the clock in Tokyo."""
    return {duty.step: clock(duty.deadline) for duty in replayed.decision.incident.duties if duty.unmet}


def clock(at: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return f"{moment.astimezone(ZoneInfo('Asia/Tokyo')):%a %m-%d %H:%M}"
