"""Which expectation is met by what: as many pairs as can be made, each of one expectation and one happening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playbook_engine.scenario.happenings import NONE, Happening
from playbook_engine.scenario.suite import SECOND, Check, Expectation

_MISSING = object()


@dataclass(frozen=True)
class Difference:
    """One thing in which a happening is not what was expected; `actual` is None where it has nothing of the kind."""

    field: str
    wanted: object
    actual: object


@dataclass(frozen=True)
class Matching:
    """`met` pairs expectations with happenings; `missing` are those without, `left` the outward happenings without."""

    met: tuple[tuple[Expectation, Happening], ...]
    missing: tuple[Expectation, ...]
    left: tuple[Happening, ...]


def in_time(expectation: Expectation, happening: Happening) -> bool:
    at = happening.at - happening.at % SECOND
    return (expectation.first is None or expectation.first <= at) and (
        expectation.last is None or at <= expectation.last
    )


def differences(expectation: Expectation, happening: Happening) -> tuple[Difference, ...]:
    """In what they differ, times aside."""
    wrong = (check for check in expectation.checks if not _holds(check, _actual(check.field, happening)))
    return tuple(Difference(check.field, _wanted(check), _shown(check.field, happening)) for check in wrong)


def fits(expectation: Expectation, happening: Happening) -> bool:
    return (
        expectation.kind == happening.kind
        and in_time(expectation, happening)
        and all(_holds(check, _actual(check.field, happening)) for check in expectation.checks)
    )


def match(expected: Sequence[Expectation], happened: Sequence[Happening]) -> Matching:
    """The largest matching, found by augmenting paths; what could be matched in several ways is so in order."""
    choices = [[at for at, each in enumerate(happened) if fits(expectation, each)] for expectation in expected]
    taken: dict[int, int] = {}

    def place(number: int, tried: set[int]) -> bool:
        for at in choices[number]:
            if at not in tried:
                tried.add(at)
                if at not in taken or place(taken[at], tried):
                    taken[at] = number
                    return True
        return False

    for number in range(len(expected)):
        place(number, set())
    met = sorted((number, at) for at, number in taken.items())
    placed = {number for number, _ in met}
    return Matching(
        tuple((expected[number], happened[at]) for number, at in met),
        tuple(each for number, each in enumerate(expected) if number not in placed),
        tuple(each for at, each in enumerate(happened) if each.outward and at not in taken),
    )


def nearest(expectation: Expectation, happened: Sequence[Happening]) -> Happening | None:
    """What comes closest to an expectation that is not met: of its kind, with the fewest differences, then in time."""
    same = [each for each in happened if each.kind == expectation.kind]

    def distance(each: Happening) -> tuple[int, bool, int]:
        bound = expectation.last if expectation.last is not None else each.at
        return len(differences(expectation, each)), not in_time(expectation, each), abs(each.at - bound)

    return min(same, key=distance, default=None)


def _actual(field: str, happening: Happening) -> object:
    return happening.name if field == "name" else happening.values.get(field, _MISSING)


def _shown(field: str, happening: Happening) -> object:
    actual = _actual(field, happening)
    return None if actual is _MISSING else actual


def _wanted(check: Check) -> object:
    return check.wanted if check.how == "is" else f"{'contains' if check.how == 'has' else 'without'} {_listed(check)}"


def _listed(check: Check) -> str:
    return ", ".join(map(str, check.wanted)) if isinstance(check.wanted, tuple) else str(check.wanted)


def _holds(check: Check, actual: object) -> bool:
    if actual is _MISSING:
        return check.how == "lacks" or (check.how == "is" and check.wanted == NONE)
    wanted = check.wanted if isinstance(check.wanted, tuple) else (check.wanted,)
    match check.how:
        case "has":
            return all(each in actual for each in wanted) if isinstance(actual, str | tuple) else False
        case "lacks":
            return not any(each in actual for each in wanted) if isinstance(actual, str | tuple) else True
        case _:
            return _same(check, actual)


def _same(check: Check, actual: object) -> bool:
    if check.field.startswith("due.") and isinstance(actual, int):
        return actual - actual % SECOND == check.wanted
    if isinstance(actual, tuple) and isinstance(check.wanted, tuple):
        return sorted(map(str, actual)) == sorted(map(str, check.wanted))
    return actual == check.wanted
