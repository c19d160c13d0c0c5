"""A model of one incident's life: its stage, the three duties, what has been released, asked, sent and said.

It leaves out texts, people and instants, and keeps every order in which things can come about. What changes it stands
in living.py. Left out are: a delivery that arrives although its fate was unknown or it was taken back; messages too old
for a machine; actions that say nothing to the customer; merging.

A sign is what happens next:

    customer  human  apology                 somebody writes; `apology` is a person's message that apologises
    delivered  failed  unknown               what became of the oldest delivery to the customer
    acknowledge  waiting  resolve  elsewhere  waive:STEP          people
    approve  refuse  expire                  the oldest draft
    deadline:STEP  opens  closes  close      time
    rule                                     a rule says something
"""

from __future__ import annotations

from typing import NamedTuple

from playbook_engine.model.duty import STEPS

SIGNS = (
    *("customer", "human", "apology", "delivered", "failed", "unknown", "acknowledge", "waiting", "resolve"),
    *("elsewhere", *(f"waive:{step}" for step in STEPS), "approve", "refuse", "expire"),
    *(*(f"deadline:{step}" for step in STEPS), "opens", "closes", "close", "rule"),
)
RULE = "rule"


class Plan(NamedTuple):
    """What a response does in one step, as far as its life goes.

    `kind` is that of the step. `asked`: a person approves. `acts` of a `do`, in order: say, ask (a text that a person
    approves), lookup, resolve, mute. `gated`: it waits for opening.
    """

    kind: str
    asked: bool = False
    acts: tuple[str, ...] = ()
    gated: bool = False


class Switches(NamedTuple):
    """What of a playbook its lives depend on: two playbooks with the same switches live the same lives.

    `owed`: whether the target has a deadline for the reply, the apology, the resolution, and the reply of later rounds.
    `counts`: any or human. `one_message`: the reply's text is the apology. `asked`: why a person sees whatever would
    leave by itself: human-only, listening or "". `closed`: what an automatic reply does while nobody is open: hold, say
    (`when_closed` sends), or "" where somebody always is. `pauses`: waiting for the customer stops the resolution's
    clock. `ladder`: somebody is told as deadlines near. `rules`: rules say things.
    """

    plans: tuple[Plan, Plan, Plan]
    owed: tuple[bool, bool, bool, bool]
    counts: str
    one_message: bool = False
    asked: str = ""
    closed: str = ""
    pauses: bool = False
    ladder: bool = True
    rules: bool = False


class Out(NamedTuple):
    """A delivery without an outcome."""

    step: str
    action: str = "send"
    approved: bool = False
    apology: bool = False


class State(NamedTuple):
    """One incident. `duties` are "" where none is owed. `rounds` are those of the episode, 2 for more than one.

    `drafts` are (step, whether the customer has not written since). `parked` are messages of ours that wait for an
    outcome, true for those that apologise. `spoken` counts what machines have said since somebody last wrote. `told`:
    some person of ours has heard of the matter.
    """

    stage: str = "new"
    duties: tuple[str, str, str] = ("", "", "")
    rounds: int = 0
    released: tuple[bool, bool, bool] = (False, False, False)
    drafts: tuple[tuple[str, bool], ...] = ()
    out: tuple[Out, ...] = ()
    parked: tuple[bool, ...] = ()
    voiced: bool = False
    spoken: int = 0
    taken: bool = False
    muted: bool = False
    resolution: bool = False
    paused: bool = False
    shut: bool = False
    told: bool = False

    @property
    def owed(self) -> tuple[str, ...]:
        """The steps still owed."""
        return tuple(step for step, state in zip(STEPS, self.duties, strict=True) if state in ("open", "breached"))
