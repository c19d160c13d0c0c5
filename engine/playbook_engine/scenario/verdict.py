"""What a test has come to."""

from __future__ import annotations

from dataclasses import dataclass

from playbook_engine.scenario.happenings import Happening
from playbook_engine.scenario.matching import Matching
from playbook_engine.scenario.play import Ran
from playbook_engine.scenario.suite import Expectation, Stage

NO_MATCHING = Matching((), (), ())


@dataclass(frozen=True)
class Verdict:
    """`said` is everything that is wrong, one sentence each; a test with nothing wrong has passed.

    `forbidden` pairs what must never happen with what did. `left` of a `matching` counts only in a closed world.
    """

    said: tuple[str, ...] = ()
    matching: Matching = NO_MATCHING
    forbidden: tuple[tuple[Expectation, Happening], ...] = ()
    ran: Ran | None = None
    stage: Stage | None = None
    closed: bool = True

    @property
    def passed(self) -> bool:
        return not self.said
