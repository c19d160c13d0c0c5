"""The lives of an incident and of a duty, each a table.

    incident                                            duty

    new ──ours──▶ open ──person──▶ waiting              open ──breached──▶ breached
     │              │  ◀─customer─── │ ▲                  │ kept              │ kept / kept late
     └──taken──▶ acknowledged ◀──────┘ │person            ▼                   ▼
                     └─────────────────┘                 met ◀──kept──── late
     any ──resolved──▶ resolved ──customer──▶ reopened
     any ──closing──▶ closed        any ──merged──▶ merged

A pair that is not in the table leaves the state as it is: what happened is recorded all the same.
SEMANTICS 4.4, 5.4, 5.5.
"""

from __future__ import annotations

from playbook_engine.policy.built_in import STAGES as STAGES

STAGE_SIGNS = ("customer", "ours", "person", "taken", "parked", "resolved", "closing", "merged")

DUTY_STATES = ("open", "breached", "met", "late", "waived")
DUTY_SIGNS = ("kept", "kept-late", "overdue", "waived")

_LIVING = ("new", "open", "acknowledged", "waiting", "reopened")

STAGE_AFTER: dict[tuple[str, str], str] = {
    ("waiting", "customer"): "acknowledged",
    ("resolved", "customer"): "reopened",
    ("new", "ours"): "open",
    **{(stage, "person"): "waiting" for stage in _LIVING},
    **{(stage, "taken"): "acknowledged" for stage in ("new", "open", "reopened")},
    **{(stage, "parked"): "waiting" for stage in _LIVING},
    **{(stage, "resolved"): "resolved" for stage in _LIVING},
    **{(stage, "closing"): "closed" for stage in (*_LIVING, "resolved")},
    **{(stage, "merged"): "merged" for stage in (*_LIVING, "resolved", "closed")},
}
"""(stage, sign) to the next stage. `ours` is an automatic message of ours, `person` one by a person of ours."""

DUTY_AFTER: dict[tuple[str, str], str] = {
    ("open", "kept"): "met",
    ("open", "kept-late"): "late",
    ("open", "overdue"): "breached",
    ("breached", "kept"): "met",
    ("breached", "kept-late"): "late",
    ("late", "kept"): "met",
    ("open", "waived"): "waived",
    ("breached", "waived"): "waived",
}
"""(state, sign) to the next state. `kept` after `late` is evidence that arrived after later evidence."""


def next_stage(stage: str, sign: str) -> str:
    """The stage after `sign`; unchanged where the table is silent."""
    return STAGE_AFTER.get((stage, sign), stage)


def next_duty_state(state: str, sign: str) -> str:
    """The duty's state after `sign`; unchanged where the table is silent."""
    return DUTY_AFTER.get((state, sign), state)


def is_over(stage: str) -> bool:
    """Nothing is owed any more: resolved, closed or merged."""
    return stage in ("resolved", "closed", "merged")
