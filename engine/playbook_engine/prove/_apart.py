"""In which respects two playbooks may decide a message otherwise, each as a formula over every message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from playbook_engine.model.duty import STEPS
from playbook_engine.policy.policy import Action, Policy, Target
from playbook_engine.prove._beside import Pair
from playbook_engine.prove._comparing import ROUNDS, Round, owes
from playbook_engine.prove._content import Contents, content, whole, without_amount
from playbook_engine.prove.across import Owned
from playbook_engine.prove.answer import Answer
from playbook_engine.prove.encode import RowName
from playbook_engine.prove.formulas import FALSE, Formula
from playbook_engine.prove.prover import Prover
from playbook_engine.prove.values import Ranked, Value
from playbook_engine.prove.witness import paired

if TYPE_CHECKING:
    from playbook_engine.prove.comparison import Kind

_MOST_PAIRS = 64
"""How many pairs of targets and departments are looked at for what is due when."""


@dataclass(frozen=True)
class Timing:
    """That the `late` playbook's (0 old, 1 new) step comes due after the other's; `owned` by the old and the new.

    `following` is a reply that is owed to the customer's next message, once a person has answered the first.
    """

    step: str
    late: int
    owned: tuple[Owned, Owned]
    following: bool = False


@dataclass(frozen=True)
class Aspect:
    """One respect. `sections` are those whose rows tell its regions apart, `shows` those that are only named."""

    kind: Kind
    said: str
    when: Formula
    sections: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    timing: Timing | None = None


def aspects(pair: Pair) -> Iterator[Aspect]:
    """Every respect but when something is due; see `timings`."""
    one, two, formulas = pair.one, pair.two, pair.formulas
    yield Aspect("lost", "ignored from now on", formulas.both(-one.ignored, two.ignored), ("ignore",))
    yield Aspect("gained", "ignored no longer", formulas.both(one.ignored, -two.ignored), ("ignore",))
    moved = formulas.both(pair.oriented, _not_same(pair, one.department, two.department))
    yield Aspect("rerouted", "goes to somebody else", moved, ("route",))
    kept = formulas.all((pair.oriented, _not_same(pair, one.home, two.home), -moved))
    yield Aspect("rerouted", "is somebody else's matter, who only does not answer now", kept, ("route",))
    spending = _Spending(pair)
    yield Aspect("dearer", "more may be offered", spending.more, ("respond",))
    yield Aspect("cheaper", "less may be offered", spending.less, ("respond",))
    for step in STEPS:
        yield from _of_step(pair, step, spending)
    told = _apart_by(pair, "targets", lambda row: (content(row.counts), row.ladder))
    yield Aspect("actions", "others are told, or at other times", formulas.both(pair.oriented, told), ("targets",))
    read = formulas.both(-one.ignored, -two.ignored)
    people = formulas.both(read, -formulas.same(one.human_only, two.human_only))
    yield Aspect("actions", "for people only, or no longer", people)
    yield from _beside(pair)
    for name in one.joined:
        if name in two.joined:
            apart = _not_same(pair, one.joined[name], two.joined[name])
            yield Aspect("facts", f"`{name}` is another", formulas.both(read, apart), shows=("classify",))


def _of_step(pair: Pair, step: str, spending: _Spending) -> Iterator[Aspect]:
    formulas = pair.formulas
    mine, theirs = (_owed(prover, step) for prover in pair.provers)
    lost = formulas.all((pair.oriented, mine, -theirs))
    gained = formulas.all((pair.oriented, -mine, theirs))
    listed = ("targets", "respond")
    yield Aspect("lost", f"the {step} is owed no longer", lost, listed)
    yield Aspect("gained", f"the {step} is owed as well", gained, listed)
    full, loose = (
        _differ([_by_step(prover, step, said) for prover in pair.provers], pair) for said in (whole, without_amount)
    )
    other = formulas.either(loose, formulas.all((full, -spending.more, -spending.less)))
    said = f"something else is done for the {step}"
    yield Aspect("actions", said, formulas.all((pair.oriented, other, -lost, -gained)), ("respond",))


def _beside(pair: Pair) -> Iterator[Aspect]:
    """Rules and modes, each by itself."""
    read = pair.formulas.both(-pair.one.ignored, -pair.two.ignored)
    for section, said in (("rules", "a rule fires, or no longer"), ("modes", "counted for a mode, or no longer")):
        groups = [_by_content(prover, section) for prover in pair.provers]
        for key in dict.fromkeys((*groups[0], *groups[1])):
            won = [pair.formulas.any(group.get(key, ())) for group in groups]
            apart = pair.formulas.both(read, -pair.formulas.same(won[0], won[1]))
            yield Aspect("actions", said, apart, shows=(section,))


def _not_same(pair: Pair, one: Value, other: Value) -> Formula:
    return -pair.formulas.all(pair.formulas.same(*each) for each in paired(one, other))


def _by_content(prover: Prover, section: str) -> dict[object, list[Formula]]:
    contents, found = Contents(prover.policy), dict[object, list[Formula]]()
    for row in prover.rows(section):
        found.setdefault(contents.of(row), []).append(prover.wins(row))
    return found


def _by_step(prover: Prover, step: str, said: Callable[[Action], object]) -> dict[object, list[Formula]]:
    """What is done for the step, and when: the step itself, each of its actions, and which comes before which."""
    found, scope = dict[object, list[Formula]](), prover.first.scopes["respond"]
    for row, wins in prover.first.response_rows():
        each = row.step(step)
        found.setdefault(content(each, ("actions",)), []).append(wins)
        done = [(said(action), prover.formulas.both(wins, scope.holds(action.when))) for action in each.actions]
        for number, (key, when) in enumerate(done):
            again = sum(other == key for other, _ in done[:number])
            found.setdefault((key, again), []).append(when)
            for before, earlier in done[:number]:
                found.setdefault((before, key), []).append(prover.formulas.both(earlier, when))
    return found


def _apart_by(pair: Pair, section: str, said: Callable[[Target], tuple[object, str]]) -> Formula:
    groups = []
    for prover in pair.provers:
        found = dict[object, list[Formula]]()
        for target in prover.policy.targets:
            counts, ladder = said(target)
            key = counts, content(prover.policy.ladders.get(ladder, ()))
            found.setdefault(key, []).append(prover.wins(RowName(section, target.id)))
        groups.append(found)
    return _differ(groups, pair)


def _differ(groups: list[dict[object, list[Formula]]], pair: Pair) -> Formula:
    """When what wins is not of the same content in both."""
    formulas = pair.formulas
    won = ([formulas.any(group.get(key, ())) for group in groups] for key in dict.fromkeys((*groups[0], *groups[1])))
    return -formulas.all(formulas.same(mine, theirs) for mine, theirs in won)


def _owed(prover: Prover, step: str) -> Formula:
    """When the step is owed in its round: the target has a deadline for it, and the response does it."""
    formulas, first = prover.formulas, prover.first
    timed = []
    for round in ROUNDS:
        if round.step == step:
            wins = [prover.wins(RowName("targets", each.id)) for each in prover.policy.targets if round.of(each)]
            timed.append(formulas.all((*round.when(first), formulas.any(wins))))
    return formulas.both(formulas.any(timed), owes(formulas, first, step))


class _Spending:
    """When more (and less) may be offered than before."""

    def __init__(self, pair: Pair) -> None:
        values = [prover.outcomes().facts["spend"] for prover in pair.provers]
        self.more, self.less = (
            pair.formulas.both(pair.oriented, self._above(pair, one, other)) for one, other in (values, values[::-1])
        )

    def _above(self, pair: Pair, least: object, most: object) -> Formula:
        assert isinstance(least, Ranked)
        assert isinstance(most, Ranked)
        known, more = list(zip(map(_amount, least.values), least.reaches, strict=True)), []
        for amount, reached in zip(map(_amount, most.values), most.reaches, strict=True):
            as_much = next((reach for each, reach in known if each >= amount), FALSE)
            more.append(pair.formulas.both(reached, -as_much))
        return pair.formulas.any(more)


def _amount(value: object) -> int:
    assert isinstance(value, int)
    return value


# When something is due.


def timings(pair: Pair, unknown: Callable[[str], object]) -> Iterator[Aspect]:
    """What is due later or sooner, for each pair of targets and departments under which it may be."""
    when, blocked = _may_differ(pair), list[Formula]()
    for _ in range(_MOST_PAIRS if when != FALSE else 0):
        answer = pair.ask(when, *blocked)
        if answer.kind == "no":
            return
        if answer.kind != "yes":
            break
        _, targets = pair.rows_in(answer, ("targets",))
        owners = [_owner(pair, side, answer) for side in (0, 1)]
        answers = [side.department.when(owner) for side, owner in zip((pair.one, pair.two), owners, strict=True)]
        where = pair.formulas.all((targets, *answers))
        blocked.append(-where)
        won = pair.targets_in(answer)
        if won[0] and won[1] and all(owners):
            yield from _due_otherwise(pair, (won[0], won[1]), owners, pair.formulas.both(pair.oriented, where))
    if when != FALSE and pair.ask(when, *blocked).kind != "no":
        unknown("what is due when: not every pair of targets and departments could be looked at")


def _may_differ(pair: Pair) -> Formula:
    """When deadlines are written otherwise, or counted by other hours."""
    deadlines, hours = list[dict[object, list[Formula]]](), list[dict[object, list[Formula]]]()
    for prover in pair.provers:
        by_deadlines, by_hours = dict[object, list[Formula]](), dict[object, list[Formula]]()
        for target in prover.policy.targets:
            said = content(target.deadlines)
            by_deadlines.setdefault(said, []).append(prover.wins(RowName("targets", target.id)))
        for name in prover.policy.departments:
            by_hours.setdefault(_hours(prover.policy, name), []).append(prover.first.department.when(name))
        deadlines.append(by_deadlines)
        hours.append(by_hours)
    apart = pair.formulas.either(_differ(deadlines, pair), _differ(hours, pair))
    return pair.formulas.both(pair.oriented, apart)


def _hours(policy: Policy, department: str) -> object:
    calendar = policy.departments[department].calendar
    return policy.calendars[calendar].hours if calendar else None


def _owner(pair: Pair, side: int, answer: Answer) -> str:
    encoding, holds = (pair.one, pair.two)[side], pair.formulas.solver.holds
    members = encoding.department.members.items()
    return next((str(name) for name, when in members if holds(when, answer)), "")


def _due_otherwise(pair: Pair, won: tuple[Target, Target], owners: list[str], where: Formula) -> Iterator[Aspect]:
    for round in _rounds(won):
        deadlines = round.of(won[0]), round.of(won[1])
        if deadlines[0] is None or deadlines[1] is None:
            continue
        owned = (deadlines[0], owners[0]), (deadlines[1], owners[1])
        for kind, late, word in _ORDERS:
            timing = Timing(round.step, late, owned, bool(round.later))
            at = pair.when_late(late, owned)
            both_owe = [owes(pair.formulas, each, round.step) for each in (pair.one, pair.two)]
            here = () if timing.following else (at, *round.when(pair.one))
            when = pair.formulas.all((where, *both_owe, *here))
            said = f"the {'next ' if round.later else ''}{round.step} is due {word}"
            if at != FALSE:
                yield Aspect(kind, said, when, shows=("route", "targets"), timing=timing)


_ORDERS: tuple[tuple[Kind, int, str], ...] = (("slower", 1, "later"), ("faster", 0, "sooner"))


def _rounds(won: tuple[Target, Target]) -> Iterator[Round]:
    """The rounds; the first reply and the next ones at once where their deadlines are the same."""
    first, following, *others = ROUNDS
    alike = all(first.of(target) == following.of(target) for target in won)
    yield from (replace(first, later=None), *others) if alike else ROUNDS
