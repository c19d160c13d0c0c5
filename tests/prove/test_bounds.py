"""The least and the most that a deadline leaves: as a search of every minute finds them."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_engine.decide.deadlines import due
from playbook_engine.policy.hours import NeverOpens
from playbook_engine.policy.policy import Deadline, Policy
from playbook_engine.prove.bounds import DueBounds
from playbook_engine.prove.times import Situation, situations
from story import DAY, MINUTE, MONDAY, PLAYBOOK, compiled

WEEKS = 2 * 7 * DAY
DEADLINES = (
    "1h",
    "{open_time: 30m}",
    "{open_time: 6h}",
    "{open_time: 20h}",
    "{open_days: 1}",
    "{open_days: 3}",
    "{when_open: {open_time: 1h}, when_closed: 12h}",
    "{when_open: 20m, when_closed: {open_time: 2h}}",
)
OPENINGS = (
    "mon-fri: [09:00-17:00]",
    "mon-wed: [09:00-12:00, 13:00-17:30], sat: [10:00-14:00]",
    'daily: ["22:00-02:00"]',
)


BEFORE, _, REST = PLAYBOOK.partition("targets:")
AFTER = REST[REST.index("respond:") :]


@cache
def policy_of(opening: str, quick: str, slow: str) -> Policy:
    rows = (("quick", "{channel: x}", quick), ("slow", "always", slow))
    targets = "".join(f"  - {{id: {id}, when: {when}, reply: {reply}}}\n" for id, when, reply in rows)
    return compiled(f"{BEFORE}targets:\n{targets}{AFTER}".replace("mon-fri: [09:00-17:00]", opening))


def minutes(situation: Situation) -> list[int]:
    """Every minute of a situation, and the last instant of each of its stretches."""
    pairs = list(zip(situation.since, situation.until, strict=True))
    return [at for since, until in pairs for at in (*range(since, until, MINUTE), until - 1)]


def left(policy: Policy, deadline: Deadline, at: int) -> int | None:
    try:
        return due(policy, policy.departments["care"], deadline, at).at - at
    except NeverOpens:
        return None


@given(opening=st.sampled_from(OPENINGS), one=st.sampled_from(DEADLINES), other=st.sampled_from(DEADLINES))
@settings(max_examples=12, deadline=None)
def test_bounds_and_comparisons_are_those_of_a_search_of_every_minute(opening: str, one: str, other: str) -> None:
    policy = policy_of(opening, one, other)
    quick, slow = policy.targets
    bounds = DueBounds(policy, MONDAY, MONDAY + WEEKS)
    for situation in situations(policy, MONDAY, MONDAY + WEEKS):
        lasting = {}
        for target in (quick, slow):
            lasting[target.id] = [left(policy, target.deadlines["reply"], at) for at in minutes(situation)]
            known = [each for each in lasting[target.id] if each is not None]
            least, most = bounds(target, "reply", "care", situation)
            # Between two minutes a wait may still shrink: the bounds are exact to the ms, the search to the minute.
            assert max(known) <= (most or 0) < max(known) + MINUTE
            assert min(known) - MINUTE < least <= min(known)
        pairs = zip(lasting["quick"], lasting["slow"], strict=True)
        later = any(b > a for a, b in pairs if a is not None and b is not None)
        assert bounds.later(slow.deadlines["reply"], quick.deadlines["reply"], "care", situation) >= later
