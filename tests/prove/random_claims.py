"""Random playbooks that promise and give all sorts of things, and claim something of what comes of a message."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import strategies as st

from prove.random_playbooks import DECIDED, Draw, condition, playbooks

PROMISED = (
    "1h",
    "90m",
    "{open_time: 2h}",
    "{open_days: 1}",
    "{when_open: 20m, when_closed: {open_time: 3h}}",
    "{when_open: {open_time: 1h}, when_closed: 12h}",
)
SPOKEN = ("by_hand", "none", "{send: ack}", "{draft: ack}")
GIVEN = (
    "by_hand",
    "none",
    "{draft: ack}",
    "{do: [{coupon: {amount: 300 JPY}}]}",
    "{offer: [{coupon: {amount: 100 JPY}}]}",
    "{offer: [{coupon: {amount: 300 JPY}, when: {public: true}}, {refund: {amount: 500 JPY}, when: {kind: fault}}]}",
)
MAY_SPEND = ", may_spend: {coupon: {per_incident: 900 JPY}, refund: {per_incident: 900 JPY}}}"
STEPS = ("by_hand", "none", "send", "draft", "do", "offer")
MOMENTS = ("20m", "1h", "90m", "2h", "12h", "20h", "1d", "64h", "5d")
SUMS = ("0 JPY", "100 JPY", "300 JPY", "500 JPY", "800 JPY")


def _compared(draw: Draw, values: tuple[str, ...]) -> str:
    operator = draw(st.sampled_from(("gt", "gte", "lt", "lte", "lte", "lte")))
    return f"{{{operator}: {draw(st.sampled_from(values))}}}"


def _one_of(*names: str) -> Callable[[Draw], str]:
    def drawn(draw: Draw) -> str:
        chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        return f"[{', '.join(chosen)}]"

    return drawn


OUTCOMES: dict[str, Callable[[Draw], str]] = {
    "department": _one_of("care", "desk", "night"),
    "target": _one_of("rest", "rest"),
    "ladder": _one_of("quick", "slow"),
    "respond": _one_of("rest", "rest"),
    "human_only": lambda draw: draw(st.sampled_from(("true", "false"))),
    "spend": lambda draw: _compared(draw, SUMS),
    **{f"{step}.step": _one_of(*STEPS) for step in ("reply", "apologise", "resolve")},
    **{f"{step}.due_in": (lambda draw: _compared(draw, MOMENTS)) for step in ("reply", "apologise", "resolve")},
}


def _steps(draw: Draw) -> str:
    reply, apologise, resolve = (draw(st.sampled_from(each)) for each in (SPOKEN, SPOKEN, GIVEN))
    return f"reply: {reply}, apologise: {apologise}, resolve: {resolve}"


def _target(draw: Draw) -> str:
    owed = [f"reply: {draw(st.sampled_from(PROMISED))}"]
    more = draw(st.lists(st.sampled_from(("next_reply", "apologise", "resolve")), unique=True))
    owed += [f"{step}: {draw(st.sampled_from(PROMISED))}" for step in more]
    return f"{', '.join(owed)}, escalate: {draw(st.sampled_from(('quick', 'slow')))}"


def _claim(draw: Draw) -> str:
    """A claim about outcomes; one of several things is so mostly, that it holds about as often as not."""
    names = draw(st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=3, unique=True))
    told = [f"{{{name}: {OUTCOMES[name](draw)}}}" for name in names for _ in range(2)]
    told = [draw(st.sampled_from((each, f"{{not: {each}}}"))) for each in told]
    return draw(st.sampled_from((condition(draw, OUTCOMES, 1), f"{{any: [{', '.join(told)}]}}")))


@st.composite
def claiming(draw: Draw) -> str:
    """The text of a playbook that compiles, with three claims under `prove`."""
    text = draw(playbooks())
    text = text.replace("escalations:\n", "escalations:\n  slow: [{id: late, at: 100%, notify: ann}]\n")
    text = re.sub(r"(\n  \w+: \{name: \w+, calendar: .*)\}\n", rf"\1{MAY_SPEND}\n", text)
    text = re.sub(r"reply: by_hand, apologise: none, resolve: none", lambda _: _steps(draw), text)
    text = re.sub(r"reply: [12]h, escalate: quick", lambda _: _target(draw), text)
    text += "prove:\n"
    for number in range(3):
        assumed = draw(st.sampled_from(("always", condition(draw, DECIDED, 1))))
        text += f"  - {{id: p{number}, assume: {assumed}, assert: {_claim(draw)}}}\n"
    return text
