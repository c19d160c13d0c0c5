"""The model of an incident's life is held to the engine: told the same signs, both live the same life."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lives_near import opening
from playbook_engine.policy.policy import Policy
from playbook_engine.prove.life import SIGNS, State, Switches
from playbook_engine.prove.lived import Lived, comparable, seen
from playbook_engine.prove.living import after
from playbook_engine.prove.switches import exact
from story import compiled

REST = "reply: {send: ack}, apologise: none, resolve: by_hand}"
REPLIES = ("{send: ack}", "{draft: thanks}", "by_hand", "none", "{do: [{send: thanks}]}", "{do: [LOOKUP]}")
APOLOGIES = ("none", "{draft: sorry}", "by_hand", "{send: ack}", "{send: thanks, approve: {by: bob, within: 2h}}")
RESOLVES = ("by_hand", "none", "{do: [{send: thanks}]}", "{do: [{resolve: {}}]}", "{draft: thanks}")
LOOKUP = "{lookup: {table: stock, answer: stock-answer, unsure: by_hand}}"
CLOSED = {"": "hold", "    lead: bob\n    when_closed: {send: closed-now}\n": "say"}
MORE = """
incidents: {answer_within_max: 3000d}
rules:
  speak: {event: source.silent, when: always, do: [{send: thanks}]}
"""


@cache
def playbook(reply: str, apologise: str, resolve: str, counts: str, closed: str) -> Policy | None:
    """None for what no playbook may say: two messages at once."""
    if apologise == "{send: ack}" and reply != "{send: ack}":
        return None
    steps = f"reply: {reply}, apologise: {apologise}, resolve: {resolve}}}".replace("LOOKUP", LOOKUP)
    replaced = {REST: steps, "escalate: standard}": f"escalate: standard{counts}}}"}
    if closed:
        replaced["    lead: bob\n"] = closed
    return compiled(replaced=replaced, more=MORE)


def switches_of(policy: Policy, text: str, closed: str) -> Switches:
    response = next(row for row in policy.respond if row.id == "rest")
    target = policy.targets[0 if "injured" in text else 1]
    asked = "human-only" if "injured" in text else ""
    every = exact(policy, "care", response, target)
    return next(each for each in every if (each.asked, each.closed) == (asked, CLOSED[closed]))


NOT_ALWAYS = ("expire", "close")
"""What the clock brings only where something runs out."""


def tell(policy: Policy, text: str, closed: str, signs: tuple[str, ...]) -> int:
    """Tells both the same story; how many signs came about."""
    switches, lived, state = switches_of(policy, text, closed), Lived(policy, opening(text), by="ann"), State()
    told: list[str] = []
    for sign in ("customer", *signs):
        if after(switches, state, sign) is None:
            continue
        came = lived.take(sign)
        assert came is not None or sign in NOT_ALWAYS, f"{told} ▸ {sign}"
        for each in came or ():
            made = after(switches, state, each)
            told.append(each)
            assert made is not None, f"the engine lets {each} come after {told}"
            state = made[0]
        assert lived.incident is not None
        assert seen(lived.incident, state.shut) == comparable(state), " ▸ ".join(told)
    return len(told)


kinds = st.tuples(
    st.sampled_from(REPLIES),
    st.sampled_from(APOLOGIES),
    st.sampled_from(RESOLVES),
    st.sampled_from(["", ", counts: any", ", counts: human"]),
    st.sampled_from(sorted(CLOSED)),
)


@settings(max_examples=150)
@given(kinds, st.sampled_from(["hm", "somebody is injured"]), st.lists(st.sampled_from(SIGNS), max_size=14))
def test_the_model_lives_as_the_engine_does(kind: tuple[str, ...], text: str, signs: list[str]) -> None:
    policy = playbook(*kind)
    if policy is not None:
        tell(policy, text, kind[-1], tuple(signs))


@pytest.mark.parametrize("reply", ["{send: ack}", "{draft: thanks}"])
def test_every_story_of_two_signs_and_those_that_follow_a_delivery(reply: str) -> None:
    policy = playbook(reply, "{draft: sorry}", "{do: [{send: thanks}]}", "", "")
    assert policy is not None
    told = sum(tell(policy, "hm", "", signs) for signs in product(SIGNS, SIGNS))

    assert told > 2 * len(SIGNS) ** 2
