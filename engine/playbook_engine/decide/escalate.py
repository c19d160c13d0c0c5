"""The ladder: who is told, when, as a duty nears or passes its deadline. SEMANTICS 7.

One ladder per incident follows its most urgent unmet duty; when that duty's ladder has said all it has to say, it
turns to the next. A level that came due while the ladder followed another duty speaks as soon as the ladder turns to
its own, so that no promise nears its end unwatched.
"""

from __future__ import annotations

from msgspec.structs import replace

from playbook_engine.decide.telling import person_for, tell, undecided
from playbook_engine.decide.turn import Turn
from playbook_engine.model.delivery import Sent
from playbook_engine.model.duty import Duty, PinnedLevel
from playbook_engine.model.incident import Timer
from playbook_engine.policy.policy import Level

LADDER_TIMERS = ("repeat", "acknowledge")
LEAST_INTERVAL = 60_000


def followed(turn: Turn) -> Duty | None:
    """The duty whose ladder speaks now."""
    owed = [duty for duty in turn.unmet_duties() if not duty.paused]
    return next((duty for duty in owed if len(duty.fired) < len(duty.levels)), None)


def level_timers(turn: Turn) -> list[Timer]:
    """A timer for every level of the followed duty that has not fired."""
    duty = followed(turn)
    if duty is None:
        return []
    return [
        Timer(max(level.at, turn.now), duty=duty.key, level=index, name="level")
        for index, level in enumerate(duty.levels)
        if level.name not in duty.fired
    ]


def fire(turn: Turn, duty_key: str, index: int) -> None:
    """Tells everybody a level names, once each for this duty."""
    duty = next((duty for duty in turn.incident.duties if duty.key == duty_key), None)
    if duty is None or not duty.unmet or index >= len(duty.levels):
        return
    pinned = duty.levels[index]
    if pinned.name in duty.fired:
        return
    turn.put_duty(replace(duty, fired=(*duty.fired, pinned.name)))
    turn.change(level=max(turn.incident.level, index + 1))
    level = _level(turn, duty, pinned)
    if level is None:
        undecided(turn, f"the ladder has no level `{pinned.name}` any more")
        return
    for target in level.notify:
        _tell_level(turn, duty_key, index, level, target)
    if level.every and level.times:
        turn.add_timer(Timer(turn.now + level.every, duty=duty_key, level=index, name="repeat", times=level.times))


def _tell_level(turn: Turn, duty_key: str, index: int, level: Level, target: str, again: bool = False) -> None:
    duty = _duty(turn, duty_key)
    person = person_for(turn.policy, turn.department(), target, turn.now)
    mark = f"{level.id}:{person}"
    if mark in duty.told and not again:
        return
    turn.put_duty(replace(duty, told=duty.told if mark in duty.told else (*duty.told, mark)))
    turn.note_duty("level", duty, level=level.id, person=person)
    tell(
        turn,
        person,
        purpose="escalation",
        subject=_subject(turn, duty),
        deadline=duty.deadline,
        not_after=_not_after(turn, duty, index, level),
        duty=duty_key,
        level=level.id,
    )


def _subject(turn: Turn, duty: Duty) -> str:
    late = "was due" if turn.now > duty.deadline else "is due"
    return f"{duty.step} {late} for {turn.incident.channel} {turn.incident.id}"


def _not_after(turn: Turn, duty: Duty, index: int, level: Level) -> int:
    """The next repeat, else the deadline plus the level's interval: later than that it only adds to a storm."""
    if level.every:
        return turn.now + level.every
    later = duty.levels[index + 1].at if index + 1 < len(duty.levels) else 0
    interval = max(later - duty.levels[index].at, duty.deadline - duty.since, LEAST_INTERVAL)
    return max(duty.deadline, turn.now) + interval


def repeat(turn: Turn, timer: Timer) -> None:
    """Tells a level's people again, until somebody acknowledges."""
    duty = next((duty for duty in turn.incident.duties if duty.key == timer.duty), None)
    if duty is None or not duty.unmet or duty.acknowledged or timer.level >= len(duty.levels):
        return
    level = _level(turn, duty, duty.levels[timer.level])
    if level is None:
        return
    for target in level.notify:
        _tell_level(turn, timer.duty, timer.level, level, target, again=True)
    if timer.times > 1 and level.every:
        turn.add_timer(replace(timer, due=turn.now + level.every, times=timer.times - 1))


def delivered(turn: Turn, sent: Sent, at: int) -> None:
    """A notification of a level has arrived: its time to be acknowledged runs from here."""
    duty = next((duty for duty in turn.incident.duties if duty.key == sent.duty), None)
    if duty is None or not duty.unmet or duty.acknowledged:
        return
    index = next((i for i, pinned in enumerate(duty.levels) if pinned.name == sent.level), None)
    if index is None:
        return
    level = _level(turn, duty, duty.levels[index])
    waiting = any(t.name == "acknowledge" and t.duty == duty.key and t.level == index for t in turn.incident.timers)
    if level is not None and level.acknowledge_within and not waiting:
        due = max(at + level.acknowledge_within, turn.now)
        turn.add_timer(Timer(due, duty=duty.key, level=index, name="acknowledge"))


def unacknowledged(turn: Turn, timer: Timer) -> None:
    """Nobody acknowledged in time: the next level that has not fired fires at once."""
    duty = next((duty for duty in turn.incident.duties if duty.key == timer.duty), None)
    if duty is None or not duty.unmet or duty.acknowledged:
        return
    later = [i for i in range(timer.level + 1, len(duty.levels)) if duty.levels[i].name not in duty.fired]
    if later:
        fire(turn, timer.duty, later[0])
    elif timer.level + 1 == len(duty.levels):
        undecided(turn, f"nobody acknowledged the last level of the {duty.step}")


def acknowledge(turn: Turn, by: str) -> None:
    """Stops the repeats of every unmet duty's ladder, not its later levels."""
    for duty in turn.unmet_duties():
        turn.put_duty(replace(duty, acknowledged=True))
        turn.drop_timers(*LADDER_TIMERS, duty=duty.key)


def stop(turn: Turn, duty: Duty) -> None:
    """A met or waived duty stops its whole ladder, notifications not yet sent included."""
    turn.drop_timers("level", *LADDER_TIMERS, duty=duty.key)
    for sent in turn.incident.sent:
        if sent.duty == duty.key and sent.purpose == "escalation" and sent.state == "out":
            turn.cancels.append(sent.key)
            turn.put_sent(replace(sent, state="cancelled"))


def _level(turn: Turn, duty: Duty, pinned: PinnedLevel) -> Level | None:
    """What the level does follows the policy in force; when it fires was pinned with the promise."""
    ladder = turn.policy.ladders.get(turn.renamed(duty.ladder), ())
    return next((level for level in ladder if level.id == turn.renamed(pinned.name)), None)


def _duty(turn: Turn, key: str) -> Duty:
    return next(duty for duty in turn.incident.duties if duty.key == key)
