"""P13: two playbooks put every message: in which regions they decide otherwise, each with a message that shows it.

Rows are compared by what they do, not by their ids. What no formula speaks of is compared as it is written, and named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from playbook_engine.policy.policy import Policy
from playbook_engine.prove._apart import Aspect, aspects, timings
from playbook_engine.prove._beside import Incomparable, Pair
from playbook_engine.prove._content import Unencoded, unencoded
from playbook_engine.prove._shown_by_both import Both
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.replay import Replayed
from playbook_engine.prove.solver import CONFLICTS

Kind: TypeAlias = Literal[
    "lost", "slower", "dearer", "rerouted", "actions", "facts", "gained", "faster", "cheaper", "texts", "settings"
]
KINDS: tuple[Kind, ...] = (
    *("lost", "slower", "dearer", "rerouted", "actions", "facts", "gained", "faster", "cheaper"),
    *("texts", "settings"),
)
"""What a change may do, the gravest first; the last two are compared as they are written."""

MOST = 24
"""How many regions of one respect are told apart; whether there are more is said."""


@dataclass(frozen=True)
class Region:
    """Messages that the two decide otherwise in one respect.

    `rows` are those of the old and of the new playbook that win there. `replayed` is one timeline under both; without
    it the formulas allow the region, but no timeline was found.
    """

    kind: Kind
    said: str
    rows: tuple[tuple[RowName, ...], tuple[RowName, ...]]
    replayed: tuple[Replayed, Replayed] | None = None


@dataclass(frozen=True)
class Comparison:
    """What has come of comparing two playbooks. `unknown` says why something could not be found out."""

    regions: tuple[Region, ...]
    unencoded: tuple[Unencoded, ...]
    unknown: tuple[str, ...]

    @property
    def shown(self) -> tuple[Region, ...]:
        return tuple(region for region in self.regions if region.replayed is not None)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What certainly has changed, the gravest first."""
        found = {region.kind for region in self.shown} | {each.kind for each in self.unencoded}
        return tuple(kind for kind in KINDS if kind in found)

    @property
    def inconclusive(self) -> bool:
        return bool(self.unknown) or len(self.shown) < len(self.regions)

    @property
    def equivalent(self) -> bool:
        """Whether it is proved that they decide every message alike, and nothing else is written otherwise."""
        return not (self.regions or self.unencoded or self.unknown)


def compare(old: Policy, new: Policy, since: int, budget: int = CONFLICTS) -> Comparison:
    """Every message put to both, over the year from `since` (ms UTC) on."""
    written = unencoded(old, new)
    try:
        pair = Pair(old, new, since, budget)
    except Incomparable as why:
        return Comparison((), written, (str(why),))
    return _Comparing(pair).compared(written)


class _Comparing:
    def __init__(self, pair: Pair) -> None:
        self._pair, self._both = pair, Both(pair)
        self._regions: list[Region] = []
        self._unknown: list[str] = []
        self._known: set[Region] = set()
        """The regions that have been shown; what else is about the same rows in the same respect adds nothing."""

    def compared(self, written: tuple[Unencoded, ...]) -> Comparison:
        for aspect in aspects(self._pair):
            self._apart(aspect)
        for aspect in timings(self._pair, self._unknown.append):
            self._apart(aspect)
        unshown = dict.fromkeys(each for each in self._regions if each.replayed is None and each not in self._known)
        shown = [each for each in self._regions if each.replayed is not None]
        ordered = sorted((*shown, *unshown), key=lambda region: KINDS.index(region.kind))
        return Comparison(tuple(ordered), written, tuple(self._unknown))

    def _apart(self, aspect: Aspect) -> None:
        """One region for every pair of rows that win where the aspect holds."""
        pair, blocked = self._pair, list[int]()
        for _ in range(MOST):
            answer = pair.ask(aspect.when, *blocked)
            if answer.kind == "no":
                return
            if answer.kind != "yes":
                self._unknown.append(f"{aspect.said}: the solver gave up; allow more with --budget")
                return
            rows, where = pair.rows_in(answer, aspect.sections)
            if aspect.shows:
                rows = pair.otherwise_in(answer, aspect.shows)
            blocked.append(-where)
            region = Region(aspect.kind, aspect.said, (rows[0], rows[1]))
            if region in self._known:
                continue
            section = "rules" if aspect.shows == ("rules",) else ""
            replayed = self._both.shown(pair.formulas.both(aspect.when, where), aspect.timing, section)
            self._known |= {region} if replayed is not None else set()
            self._regions.append(replace(region, replayed=replayed))
        if pair.ask(aspect.when, *blocked).kind != "no":
            self._unknown.append(f"{aspect.said}: in more than {MOST} regions, of which so many are shown")
