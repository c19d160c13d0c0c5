"""A step's promise in one incident."""

from __future__ import annotations

from msgspec import Struct

STEPS = ("reply", "apologise", "resolve")
"""In the order in which they are owed."""


class PinnedLevel(Struct, frozen=True, omit_defaults=True):
    """One level of the ladder, fixed when the duty was opened.

    `at` is its instant. `open_left` is the owner's open time (ms) that lay between the level and the
    deadline, for a level that counts open time and must move with a pause; else None.
    """

    name: str
    at: int
    open_left: int | None = None


class Duty(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step owed in one round.

    `since` is the round's first message; `deadline` is the last instant at which evidence is in time.
    `calendar` names the calendar a business deadline counts by ("" for elapsed time) and `open_time` how
    much of it (ms) lay between `since` and `deadline`. `state` is one of `lifecycle.DUTY_STATES`.
    While the duty is paused `open_left` holds what is left. `told` lists `level:person` pairs.
    """

    step: str
    round: int
    since: int
    deadline: int
    department: str
    target: str
    counts: str = "human"
    calendar: str = ""
    open_time: int = 0
    ladder: str = ""
    levels: tuple[PinnedLevel, ...] = ()
    fired: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    state: str = "open"
    acknowledged: bool = False
    paused: bool = False
    open_left: int = 0
    evidence: str = ""
    evidence_at: int | None = None
    evidence_by: str = ""

    @property
    def key(self) -> str:
        """`round:step`, unique in its incident."""
        return f"{self.round}:{self.step}"

    @property
    def unmet(self) -> bool:
        return self.state in ("open", "breached")
