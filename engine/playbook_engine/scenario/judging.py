"""One test judged, whatever its kind."""

from __future__ import annotations

from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.claims import judge_claim
from playbook_engine.scenario.snapshots import judge_recording
from playbook_engine.scenario.stories import judge_deadline, judge_story
from playbook_engine.scenario.suite import Deadline, ForAll, Recording, Skip, Story, Test
from playbook_engine.scenario.verdict import Verdict


def judge(policy: Policy, test: Test, update: bool = False) -> Verdict:
    """What the test comes to. `update` writes the snapshots of recordings. Reads and writes no other file."""
    match test.body:
        case Story() as story:
            return judge_story(policy, story)
        case Deadline() as deadline:
            return judge_deadline(policy, deadline)
        case ForAll() as claim:
            return judge_claim(claim)
        case Recording() as recording:
            return judge_recording(policy, recording, update)


def expired(skip: Skip, now: int) -> str:
    """Why a skipped test fails at `now` (ms UTC); "" while it may be skipped."""
    if now < skip.until:
        return ""
    return f"skipped until {skip.day}, which has come: {skip.reason}; run it again, or say until when it is left out"
