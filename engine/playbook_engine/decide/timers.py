"""What a timer does when its instant comes, and which timers follow from the incident's state. SEMANTICS 3.2."""

from __future__ import annotations

from collections.abc import Callable

from playbook_engine.decide import escalate
from playbook_engine.decide.approvals import expired
from playbook_engine.decide.evidence import breach
from playbook_engine.decide.lifecycle import is_over
from playbook_engine.decide.promising import give_to, return_timer
from playbook_engine.decide.releasing import release, release_timer
from playbook_engine.decide.rules import rule_due
from playbook_engine.decide.telling import is_marked, tell, undecided
from playbook_engine.decide.turn import STATE_TIMERS, Turn
from playbook_engine.model.incident import Timer

IDLE = "it has waited for the customer for a long time"


def due(turn: Turn, timer: Timer) -> None:
    """Carries out one timer, which is no longer among the incident's."""
    turn.change(timers=tuple(held for held in turn.incident.timers if held != timer))
    _TIMERS[timer.name](turn, timer)


def _go_home(turn: Turn, timer: Timer) -> None:
    give_to(turn, turn.incident.home)


def _close(turn: Turn, timer: Timer) -> None:
    turn.stage("closing")


def _idle(turn: Turn, timer: Timer) -> None:
    """We have waited for the customer for as long as a closed matter is kept: somebody is to look at it."""
    undecided(turn, IDLE)


def _undecided(turn: Turn, timer: Timer) -> None:
    """Nobody took an undecided matter in time: the deputy is told, once."""
    person = turn.policy.people.get(turn.policy.undecided.person)
    if turn.incident.taken_by or is_over(turn.incident.stage):
        return
    turn.note("undecided", because=f"nobody took it in time: {timer.subject}")
    if person is not None and person.deputy:
        tell(turn, person.deputy, purpose="undecided", subject=f"nobody took this in time: {timer.subject}")


_TIMERS: dict[str, Callable[[Turn, Timer], None]] = {
    "breach": lambda turn, timer: breach(turn, timer.duty),
    "level": lambda turn, timer: escalate.fire(turn, timer.duty, timer.level),
    "repeat": escalate.repeat,
    "acknowledge": escalate.unacknowledged,
    "release": lambda turn, timer: release(turn),
    "return": _go_home,
    "close": _close,
    "idle": _idle,
    "rule": rule_due,
    "unmute": lambda turn, timer: turn.change(muted=False),
    "draft": lambda turn, timer: expired(turn, timer.subject),
    "undecided": _undecided,
}


def settle(turn: Turn) -> None:
    """Ends a turn: releases what has become due to be said, sets the timers that follow from the state anew."""
    release(turn)
    if turn.incident.stage in ("closed", "merged"):
        turn.change(timers=())
        return
    following = [*_breach_timers(turn), *escalate.level_timers(turn)]
    others = (return_timer(turn), release_timer(turn), _close_timer(turn), _idle_timer(turn))
    following += [timer for timer in others if timer is not None]
    kept = (timer for timer in turn.incident.timers if timer.name not in STATE_TIMERS)
    turn.change(timers=tuple(sorted({*kept, *following})))
    _forget(turn)


def _breach_timers(turn: Turn) -> list[Timer]:
    return [
        Timer(max(duty.deadline + 1, turn.now), duty=duty.key, name="breach")
        for duty in turn.incident.duties
        if duty.state == "open" and not duty.paused
    ]


def _close_timer(turn: Turn) -> Timer | None:
    incident = turn.incident
    if any(duty.unmet for duty in incident.duties):
        return None
    last = max(incident.last_activity_at, incident.opened_at, incident.resolved_at or 0)
    return Timer(max(last + turn.policy.close_after, turn.now), name="close")


def _idle_timer(turn: Turn) -> Timer | None:
    incident = turn.incident
    if not any(duty.paused for duty in incident.duties) or is_marked(turn, IDLE):
        return None
    return Timer(max(incident.last_activity_at + turn.policy.close_after, turn.now), name="idle")


KEPT_SENT = 40
KEPT_DUTIES = 12
KEPT_MARKS = 60


def _forget(turn: Turn) -> None:
    """An incident that goes on for years stays small: what is out, owed or recent is kept."""
    incident = turn.incident
    if len(incident.sent) > KEPT_SENT:
        old = incident.sent[:-KEPT_SENT]
        kept = tuple(sent for sent in old if sent.state in ("out", "unknown"))
        turn.change(sent=(*kept, *incident.sent[-KEPT_SENT:]))
    if len(incident.duties) > KEPT_DUTIES:
        old_duties = incident.duties[:-KEPT_DUTIES]
        owed = tuple(
            duty for duty in old_duties if duty.unmet or (duty.round >= incident.epoch and duty.step != "reply")
        )
        turn.change(duties=(*owed, *incident.duties[-KEPT_DUTIES:]))
    if len(incident.released) > KEPT_MARKS:
        turn.change(released=incident.released[-KEPT_MARKS:])
