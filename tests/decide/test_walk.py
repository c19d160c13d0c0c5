"""Every interleaving up to a bound, and random ones beyond: no step out of order, no second voice, nobody forgotten.

SEMANTICS 5.5, 7 and 9.1. The exhaustive walk tells every story of up to `BOUND` signs; the random one longer ones.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.decide.lifecycle import is_over
from playbook_engine.model.decision import Decision
from playbook_engine.model.duty import STEPS
from playbook_engine.policy.policy import Policy
from story import DAY, Story, clock, compiled

BOUND = 4

POLICY = compiled()


def _next_minute(story: Story) -> str:
    return clock(story.now.clock + 60_000) if story.incident is not None else "mon 10:00"


def _tick(story: Story) -> None:
    """Time goes on to the next timer."""
    if story.incident is not None and story.incident.wake_at is not None:
        story.waits(clock(max(story.incident.wake_at, story.now.clock)))


def _fail(story: Story) -> None:
    """The first delivery without an outcome cannot be delivered."""
    out = [sent.key for sent in story.now.sent if sent.state == "out"] if story.incident is not None else []
    for delivery in story.deliveries:
        if out and delivery.key == out[0]:
            story.outcome(delivery, "action.failed")
            return


def _approve(story: Story) -> None:
    if story.incident is not None and story.now.drafts:
        story.approves(_next_minute(story), text="We are sorry. A new one is on its way. ^AN")


def _hear(text: str) -> Callable[[Story], object]:
    def hear(story: Story) -> None:
        if story.now.stage != "closed":  # a closed incident hears nothing more: the thread opens another
            story.hears(text, _next_minute(story))

    return hear


SIGNS: dict[str, Callable[[Story], object]] = {
    "hears": _hear("it is broken"),
    "hears of injury": _hear("somebody is injured"),
    "answers": lambda story: story.says("let me look", _next_minute(story)),
    "apologises": lambda story: story.says("so sorry about that", _next_minute(story)),
    "acknowledges": lambda story: story.takes("incident.acknowledged", _next_minute(story), by="ann"),
    "waits for the customer": lambda story: story.takes("incident.waiting", _next_minute(story), by="ann"),
    "resolves": lambda story: story.takes("incident.resolved", _next_minute(story), by="ann"),
    "resolves elsewhere": lambda story: story.takes(
        "incident.resolved", _next_minute(story), by="ann", data={"elsewhere": True}
    ),
    "waives": lambda story: story.takes("duty.waived", _next_minute(story), by="bob", data={"step": "reply"}),
    "approves": _approve,
    "fails": _fail,
    "time passes": _tick,
}


def tell(signs: tuple[str, ...], policy: Policy, deliver: bool) -> Story:
    story = Story(policy, deliver=deliver).hears("it is broken", "mon 10:00")
    for sign in signs:
        SIGNS[sign](story)
    return story


def check(story: Story) -> None:
    check_order(story.decisions)
    check_voice(story.decisions)
    check_nobody_is_forgotten(story)


def check_order(decisions: list[Decision]) -> None:
    """Where a step is met, every step before it is met, waived or not owed."""
    for decision in decisions:
        incident = decision.incident
        for note in decision.notes:
            if note.kind not in ("duty-met", "duty-late"):
                continue
            before = STEPS[: STEPS.index(note.step)]
            owed = [d.key for d in incident.duties if d.unmet and d.step in before and d.round >= incident.epoch]
            assert not owed, f"{note.step} was met while {owed} was owed"


def check_voice(decisions: list[Decision]) -> None:
    """Between two words of customer or person at most one unapproved message per channel."""
    spoken: list[str] = []
    for decision in decisions:
        if decision.type in ("message.received", "message.sent"):
            spoken = []
        for delivery in decision.deliveries:
            if delivery.action == "send" and delivery.automatic:
                assert delivery.channel not in spoken, f"two voices: {delivery.key}"
                spoken.append(delivery.channel)


def check_nobody_is_forgotten(story: Story) -> None:
    """If nobody acts from now on, the incident ends, or somebody has been told of everything it owes."""
    story.waits(clock(story.now.clock + 60 * DAY))
    incident = story.now
    owed = [duty.key for duty in incident.duties if duty.unmet]
    if is_over(incident.stage):
        assert not owed, f"{incident.stage} while {owed} is owed"
        return
    assert owed, f"{incident.stage} for ever without owing anything"
    told = [delivery for delivery in story.deliveries if delivery.purpose in ("escalation", "undecided")]
    assert told, f"nobody was told of {owed}"


def branch(story: Story) -> Story:
    """The same story, to be told on in another way."""
    other = Story(story.policy, deliver=story.deliver)
    other.incident, other.decisions, other.count = story.incident, list(story.decisions), story.count
    return other


def walk(story: Story, told: tuple[str, ...], seen: set[bytes]) -> None:
    """Tells every continuation up to the bound; what leads to an incident seen before is not told twice."""
    state = msgspec.json.encode((story.incident, BOUND - len(told)), order="sorted")
    if state in seen:
        return
    seen.add(state)
    try:
        check(branch(story))
    except AssertionError as fault:
        raise AssertionError(f"{' ▸ '.join(told)}: {fault}") from fault
    if len(told) < BOUND:
        for sign, act in SIGNS.items():
            other = branch(story)
            act(other)
            walk(other, (*told, sign), seen)


@pytest.mark.parametrize("deliver", [True, False], ids=["delivered", "without outcomes"])
def test_every_story_up_to_the_bound_keeps_order_and_voice_and_forgets_nobody(deliver: bool) -> None:
    seen: set[bytes] = set()
    walk(Story(POLICY, deliver=deliver).hears("it is broken", "mon 10:00"), (), seen)

    assert len(seen) > 9_000


@given(st.lists(st.sampled_from(sorted(SIGNS)), max_size=14), st.booleans())
def test_longer_stories_keep_them_too(signs: list[str], deliver: bool) -> None:
    check(tell(tuple(signs), POLICY, deliver))
