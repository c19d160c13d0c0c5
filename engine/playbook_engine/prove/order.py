"""In which order a solver guesses: the variables met in the latest conflicts first."""

from __future__ import annotations

from collections.abc import Sequence


class Order:
    """A queue of variables; the last is guessed first. Every one behind `_search` is known to have a value.

    See Biere and Froehlich, "Evaluating CDCL Variable Scoring Schemes" (2015): move to front.
    """

    def __init__(self) -> None:
        self.stamp: list[int] = [0]
        """By variable: a later one stands further behind; 0 for one that is never guessed."""
        self._before: list[int] = [0]
        self._after: list[int] = [0]
        self._last = 0
        self._search = 0
        self._clock = 0

    def room(self) -> None:
        """Room for one more variable, which is not in the queue yet."""
        self.stamp.append(0)
        self._before.append(0)
        self._after.append(0)

    def append(self, variable: int) -> None:
        """Puts a variable into the queue."""
        self._put_last(variable)

    def bump(self, variable: int) -> None:
        """Moves a variable to the end of the queue."""
        if variable == self._last or not self.stamp[variable]:
            return
        before, after = self._before[variable], self._after[variable]
        self._after[before], self._before[after] = after, before
        self._put_last(variable)

    def _put_last(self, variable: int) -> None:
        self._before[variable], self._after[variable] = self._last, 0
        self._after[self._last] = variable
        self._last = self._search = variable
        self._clock += 1
        self.stamp[variable] = self._clock

    def rewind(self) -> None:
        """Some variables have lost their values."""
        self._search = self._last

    def next_open(self, value: Sequence[int]) -> int:
        """The variable to be guessed next; 0 when all have a value."""
        before, search = self._before, self._search
        while search and value[search]:
            search = before[search]
        self._search = search
        return search
