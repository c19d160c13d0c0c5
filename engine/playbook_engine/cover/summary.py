"""What the tests of one playbook have covered together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from playbook_engine.cover.elements import MEASURES, Element


@dataclass(frozen=True)
class Coverage:
    """The elements of a playbook and the keys of those that some test has covered."""

    playbook: str
    elements: tuple[Element, ...]
    covered: frozenset[str]

    def of(self, measure: str) -> tuple[Element, ...]:
        return tuple(each for each in self.elements if each.measure == measure)

    def uncovered(self, measure: str) -> tuple[Element, ...]:
        return tuple(each for each in self.of(measure) if each.key not in self.covered)

    @property
    def percent(self) -> float:
        """Of all elements; 100 where there are none."""
        return percent(self.elements, self.covered)


def percent(elements: Collection[Element], covered: frozenset[str]) -> float:
    """How many of the elements are covered, in percent with one digit, never rounded up to 100."""
    if not elements:
        return 100.0
    return 1000 * sum(each.key in covered for each in elements) // len(elements) / 10


def as_json(found: Coverage) -> dict[str, Any]:
    """The sums of every measure, and what is not covered with its place."""
    measures = {
        name: {
            "said": said,
            "elements": len(found.of(name)),
            "covered": len(found.of(name)) - len(found.uncovered(name)),
            "percent": percent(found.of(name), found.covered),
            "uncovered": [{"key": each.key, "said": each.said, **_place(each)} for each in found.uncovered(name)],
        }
        for name, said in MEASURES.items()
    }
    return {"playbook": found.playbook, "percent": found.percent, "measures": measures}


def _place(element: Element) -> dict[str, object]:
    return {"file": element.span.file, "line": element.span.line} if element.span is not None else {}
