"""What came in before, as a measure of what will: a playbook does not say how much is written to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from playbook_engine.policy.durations import HOUR
from playbook_engine.policy.timeline import Stretch


@dataclass(frozen=True, order=True)
class Arrival:
    """A customer's message: when (ms UTC), to which account as playbooks name it, and whether nobody else read it."""

    at: int
    account: str
    private: bool = False


@dataclass(frozen=True)
class History:
    """Messages in the order in which they came.

    `pace` is how many a department answers by hand in an hour, 0 where that is not known.
    """

    arrivals: tuple[Arrival, ...] = ()
    pace: int = 0

    @classmethod
    def of(cls, arrivals: Iterable[Arrival], pace: int = 0) -> History:
        return cls(tuple(sorted(arrivals)), pace)


NO_HISTORY = History()


def busiest(instants: list[int], within: int) -> tuple[int, int]:
    """The most of sorted instants in any `within` ms, and when the first such stretch begins; (0, 0) for none."""
    most, begin, first = 0, 0, 0
    for number, at in enumerate(instants):
        while at - instants[first] >= within:
            first += 1
        if number - first + 1 > most:
            most, begin = number - first + 1, instants[first]
    return most, begin


def answered(instants: list[int], staffed: list[Stretch], pace: int) -> list[int]:
    """When each of sorted messages is answered, one after the other, at `pace` an hour within the staffed stretches.

    What is not answered by the end of the last stretch is answered then.
    """
    each, free, found = HOUR // pace, 0, []
    ends = [end for _, end in staffed]
    for at in instants:
        free, left = max(at, free), each
        index = bisect_right(ends, free)
        while left and index < len(staffed):
            begin = max(free, staffed[index][0])
            done = min(left, staffed[index][1] - begin)
            free, left, index = begin + done, left - done, index + 1
        found.append(free)
    return found
