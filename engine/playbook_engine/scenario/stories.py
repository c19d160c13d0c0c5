"""A story judged: everything expected came about, nothing forbidden did, and in a closed world nothing else left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from playbook_engine.decide.telling import person_for
from playbook_engine.model.duty import STEPS, Duty
from playbook_engine.model.incident import Incident
from playbook_engine.policy.policy import Policy
from playbook_engine.scenario.happenings import Happening
from playbook_engine.scenario.matching import Matching, fits, match
from playbook_engine.scenario.moments import say_moment
from playbook_engine.scenario.play import Player, Ran
from playbook_engine.scenario.suite import SECOND, Check, Deadline, Expectation, Step, Story
from playbook_engine.scenario.telling import say_happening, say_offset
from playbook_engine.scenario.verdict import Verdict


def judge_story(policy: Policy, story: Story) -> Verdict:
    """Plays the story and holds what came of it against what was expected."""
    return _judged(policy, story, Player(policy, story.stage).play(story.steps, story.until))


def _judged(policy: Policy, story: Story, ran: Ran) -> Verdict:
    matching = match(story.expected, ran.happenings)
    forbidden = tuple((each, found) for each in story.never for found in ran.happenings if fits(each, found))
    said = tuple(_wrong(policy, story, ran, matching, forbidden))
    return Verdict(said, matching, forbidden, ran, story.stage, story.closed)


def _wrong(
    policy: Policy, story: Story, ran: Ran, matching: Matching, forbidden: tuple[tuple[Expectation, Happening], ...]
) -> Iterator[str]:
    yield from (f"{trouble.span}: {trouble.sentence}" for trouble in ran.troubles)
    yield from (f"{each.span}: not met: {each.said}" for each in matching.missing)
    if story.closed:
        yield from (f"not expected: {say_happening(found)} at {_when(policy, story, found)}" for found in matching.left)
    yield from (
        f"{each.span}: must never happen: {each.said} at {_when(policy, story, found)}" for each, found in forbidden
    )


def _when(policy: Policy, story: Story, found: Happening) -> str:
    return say_offset(found.at, story.stage.start, policy.timezone)


def judge_deadline(policy: Policy, deadline: Deadline) -> Verdict:
    """Finds the deadline by playing the story, then plays it again with the step done so long before or after it."""
    story = deadline.story
    first = Player(policy, story.stage)
    ran = first.play(story.steps, story.until)
    incident = first.incident()
    duty = _duty(incident, deadline.step)
    if ran.troubles or incident is None or duty is None:
        wrong = f"no {deadline.step} is owed when the timeline has been played; take a message for which one is"
        said = tuple(f"{each.span}: {each.sentence}" for each in ran.troubles) or (wrong,)
        return Verdict(said, ran=ran, stage=story.stage)
    if deadline.target and duty.target != deadline.target:
        wrong = f"the {deadline.step} is owed by target `{duty.target}`, not `{deadline.target}`"
        return Verdict((wrong,), ran=ran, stage=story.stage)
    at = duty.deadline - duty.deadline % SECOND + deadline.offset
    steps = (*story.steps, *_evidence(policy, deadline, incident, at))
    if at - SECOND <= story.steps[-1].at:
        wrong = f"the {deadline.step} is due at {say_moment(at, policy.timezone)}, before the timeline ends; shorten it"
        return Verdict((wrong,), ran=ran, stage=story.stage)
    kinds = ("met",) if deadline.offset <= 0 else ("breached", "late")
    expected = tuple(
        _outcome(kind, deadline, story, at - (deadline.offset if kind == "breached" else 0)) for kind in kinds
    )
    return judge_story(policy, replace(story, steps=steps, until=at, expected=expected))


def _duty(incident: Incident | None, step: str) -> Duty | None:
    owed = [duty for duty in incident.duties if duty.step == step and duty.unmet] if incident is not None else []
    return owed[-1] if owed else None


def _outcome(kind: str, deadline: Deadline, story: Story, at: int) -> Expectation:
    span = story.steps[-1].span
    return Expectation(kind, (Check("name", "is", deadline.step),), span, f"{kind}: {deadline.step}", at, at)


def _evidence(policy: Policy, deadline: Deadline, incident: Incident, at: int) -> Iterator[Step]:
    """The step done by a person at `at`; the steps before it, where they are owed, a second earlier."""
    span = deadline.story.steps[-1].span
    department = policy.departments.get(incident.department)
    by = deadline.by or person_for(policy, department, "department.on_duty", at)
    for step in STEPS[: STEPS.index(deadline.step)]:
        if _duty(incident, step) is not None:
            yield Step(at - SECOND, "says", f"({step})", span, by, row={"step": step})
    if deadline.step == "resolve":
        yield Step(at, "does", "resolved", span, by)
    else:
        yield Step(at, "says", f"({deadline.step})", span, by, row={"step": deadline.step})
