"""Timelines that two playbooks decide otherwise, replayed by the real engine under both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from playbook_engine.model.event import Event
from playbook_engine.prove._apart import Timing
from playbook_engine.prove._beside import Pair
from playbook_engine.prove.formulas import Formula
from playbook_engine.prove.replay import Replayed, replay
from playbook_engine.prove.scheduling import MINUTE, answer_to
from playbook_engine.prove.witness import Witnesses

_ROUNDS = 6
_INSTANTS = 4


class Both(Witnesses):
    """Finds timelines for the old playbook that show a difference to the new one; see `shown`."""

    def __init__(self, pair: Pair) -> None:
        super().__init__(pair.provers[0], pair.budget)
        self._pair, self._other = pair, Witnesses(pair.provers[1], pair.budget)
        self._due: Timing | None = None
        self._section = ""

    def shown(self, when: Formula, timing: Timing | None, section: str) -> tuple[Replayed, Replayed] | None:
        """One timeline under the old and the new playbook of which the formula holds, None where none was found.

        With a section its rows must do something else: rules that have fired before are in no formula.
        """
        self._section = section
        self._due = None if timing is not None and timing.following else timing
        found = self.show(when, rounds=_ROUNDS).replayed
        if found is None:
            return None
        if timing is not None and timing.following:
            return next(self._followed(found.events, timing), None)
        return found, replay(self._pair.policies[1], found.events)

    def _followed(self, events: tuple[Event, ...], timing: Timing) -> Iterator[tuple[Replayed, Replayed]]:
        """The same, then a person's answer and the customer's next message."""
        first = events[-1]
        answered = answer_to(first, first.seen_at + MINUTE)
        for situation in self._prover.first.inputs.situations:
            later = self._pair.instants_late(timing.late, timing.owned, situation, answered.seen_at + MINUTE)
            for at, _ in zip(later, range(_INSTANTS), strict=False):
                again = replace(first, id="again", message="again", type="message.received", at=at, seen_at=at)
                old, new = (replay(policy, (*events, answered, again)) for policy in self._pair.policies)
                if _is_late(old, new, timing):
                    yield old, new

    def _stands(self, replayed: Replayed, known: tuple[Formula, ...], assumptions: Sequence[Formula]) -> bool:
        """What the formulas say must agree with the rows that both have found, and with when each step is due."""
        other = replay(self._pair.policies[1], replayed.events)
        if self._due is not None and not _is_late(replayed, other, self._due):
            return False
        if self._section and not self._pair.done_otherwise(replayed, other, self._section):
            return False
        decided = (*self.decided(replayed), *self._other.decided(other))
        return self._ask(*known, *decided, *assumptions).kind == "yes"

    def _longer_or_shorter(self, replayed: Replayed) -> Iterator[int]:
        """When else the last message may come for the difference to show."""
        if self._due is None or replayed.event.at < replayed.event.seen_at:
            return
        inputs = self._prover.first.inputs
        situation = inputs.situations[inputs.situation_at(replayed.event.at)]
        soonest = replayed.events[-2].seen_at + 1 if len(replayed.events) > 1 else 0
        later = self._pair.instants_late(self._due.late, self._due.owned, situation, soonest)
        yield from (at for at, _ in zip(later, range(_INSTANTS), strict=False))


def _is_late(old: Replayed, new: Replayed, timing: Timing) -> bool:
    late, soon = (new, old) if timing.late else (old, new)
    first, last = _due(soon).get(timing.step), _due(late).get(timing.step)
    return first is not None and last is not None and last > first


def _due(replayed: Replayed) -> dict[str, int]:
    incident, at = replayed.decision.incident, replayed.event.at
    return {duty.step: duty.deadline for duty in incident.duties if duty.unmet and duty.since == at}
